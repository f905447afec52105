using System.Globalization;
using System.Text.Json;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Whether B is better than A, on real images, as an independent script finds it too.</summary>
public sealed class CompareTests
{
    private const double Digits = 1e-6;

    /// <summary>With BREAKHIS_SLOW_TESTS=all, three seeds in five folds.</summary>
    private static (int Seeds, int Folds) Size => SpecTexts.AllRun ? (3, 5) : (2, 2);

    [Fact]
    public async Task Both_stages_beat_chance_on_unseen_patients_and_are_compared_over_seeds_and_folds_as_scipy_does()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        string images = SharedFolder.Get("breakhis/200x-224");
        using var place = new Workplace();
        (int seeds, int folds) = Size;
        place.Write(
            "tuned.yaml",
            $$"""
            name: tuned
            seeds: [{{string.Join(", ", Enumerable.Range(1, seeds))}}]
            threads: 2
            data:
              source: breakhis
              path: {{images}}
              magnifications: [200]
              label: malignancy
              split: { by: patient, folds: {{folds}}, fold: 1 }
            model: { backbone: resnet18_mlnet, weights: imagenet }
            stages:
              bottleneck: { input_size: 112, head: { dense: [128], dropout: 0.5 }, epochs: 8, keep: last }
              fine_tune:
                input_size: 64
                train_from: stage4
                batch_norm: inference
                batch_size: 32
                epochs: 1
                keep: last
                optimizer: { sgd: { learning_rate: 0.001 } }
                augmentation: { rotation: 20, horizontal_flip: true, vertical_flip: true, fill: reflect }
            matrix:
              data.split.fold: [{{string.Join(", ", Enumerable.Range(1, folds))}}]
            """
        );
        Outcome run = await place.Breakhis("run", "tuned.yaml", "--quiet");
        Assert.True(run.ExitCode == 0, $"{run}");
        BeatsChanceOnUnseenPatients(place, seeds * folds);

        Outcome compared = await place.Breakhis("compare", "tuned", "--json");
        Assert.True(compared.ExitCode == 0, $"{compared}");
        PythonReference.Run(
            "scipy",
            "compare.py",
            place.At(".breakhis/ledger.db"),
            "tuned",
            "bottleneck",
            "fine_tune",
            place.At("scipy.json")
        );
        var ours = JsonElement.Parse(compared.Output);
        var expected = JsonElement.Parse(place.Read("scipy.json"));

        JsonElement decision = ours.GetProperty("verdict").GetProperty("decision");
        Assert.Equal("Obuchowski-Rockette test", decision.GetProperty("name").GetString());
        Assert.Equal(379, ours.GetProperty("images").GetInt32());
        Assert.Equal(folds, ours.GetProperty("folds").GetArrayLength());
        Near(expected.GetProperty("difference"), decision.GetProperty("difference"));
        Near(expected.GetProperty("p"), decision.GetProperty("p"));
        Near(expected.GetProperty("interval")[0], decision.GetProperty("interval").GetProperty("low"));
        Near(expected.GetProperty("interval")[1], decision.GetProperty("interval").GetProperty("high"));
        JsonElement equivalence = decision.GetProperty("for_equivalence");
        Near(expected.GetProperty("for_equivalence")[0], equivalence.GetProperty("low"));
        Near(expected.GetProperty("for_equivalence")[1], equivalence.GetProperty("high"));
        for (int seed = 0; seed < seeds; seed++)
        {
            Near(expected.GetProperty("first")[seed], Accuracy("first", seed));
            Near(expected.GetProperty("second")[seed], Accuracy("second", seed));
            Near(expected.GetProperty("obuchowski")[seed], P($"Obuchowski's test, seed {seed + 1}"));
        }

        Near(expected.GetProperty("hillis"), P("Obuchowski-Rockette test, Hillis's df"));
        Near(expected.GetProperty("sign_flip"), P("exact sign-flip test over patients"));
        Near(expected.GetProperty("over_patients"), P("paired t test over patients"));
        Near(expected.GetProperty("over_seeds"), P("paired t test over seeds"));
        MetricsAreEqual(expected, ours.GetProperty("metrics"));
        Needed(expected.GetProperty("needed"), ours.GetProperty("verdict").GetProperty("needed").GetString());

        JsonElement Accuracy(string side, int seed) => ours.GetProperty(side).GetProperty("accuracies")[seed];
        JsonElement P(string name) =>
            ours.GetProperty("tests")
                .EnumerateArray()
                .Single(test => test.GetProperty("name").GetString() == name)
                .GetProperty("p");
    }

    [Fact]
    public async Task A_comparison_begins_with_its_verdict_in_words()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);

        Outcome stages = await place.Breakhis("compare", "tiny");
        Outcome named = await place.Breakhis("compare", "old=tiny:bottleneck", "new=tiny", "--margin", "50.5");
        Outcome json = await place.Breakhis("compare", "old=tiny:bottleneck", "new=tiny", "--json");

        Assert.True(stages.ExitCode == 0, $"{stages}");
        Assert.StartsWith(
            "inconclusive: tiny fine_tune may be better or worse than tiny bottleneck\n  accuracy ",
            stages.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\n  exact sign-flip test over patients; applies to new patients, with this seed\n",
            stages.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("significance is out of reach\n", stages.Output, StringComparison.Ordinal);
        Assert.Contains("\n4 validation images of ", stages.Output, StringComparison.Ordinal);
        Assert.Contains("\nother tests\n", stages.Output, StringComparison.Ordinal);
        Assert.Contains(" new fine_tune ", named.Output.Split('\n')[0], StringComparison.Ordinal);
        JsonElement verdict = JsonElement.Parse(json.Output).GetProperty("verdict");
        string points = (100 * verdict.GetProperty("decision").GetProperty("difference").GetDouble()).ToString(
            "+0.0;-0.0;0.0",
            CultureInfo.InvariantCulture
        );
        Assert.Contains($"\n  accuracy {points} points, ", stages.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_configurations_are_compared_with_the_first()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string[] compare = ["compare", "frozen=tiny:bottleneck", "tuned=tiny", "again=tiny:bottleneck"];

        Outcome text = await place.Breakhis(compare);
        Outcome json = await place.Breakhis([.. compare, "--json"]);

        Assert.True(text.ExitCode == 0, $"{text}");
        Assert.StartsWith("2 configurations compared with frozen bottleneck\n", text.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n  tuned fine_tune +\S+ % +[^\n]+ inconclusive\n", text.Output);
        Assert.Matches(@"\n  again bottleneck +\S+ % +0\.0  [^\n]+ inconclusive\n", text.Output);
        Assert.Contains("\n  may be the best: ", text.Output, StringComparison.Ordinal);
        Assert.Equal(2, JsonElement.Parse(json.Output).GetProperty("comparisons").GetArrayLength());
        Assert.Equal(3, JsonElement.Parse(json.Output).GetProperty("best").GetArrayLength());
    }

    [Fact]
    public async Task Calibrate_counts_what_the_verdict_and_other_tests_find()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string[] calibrate = ["calibrate", "tiny", "--simulations", "100", "--margin", "20"];

        Outcome text = await place.Breakhis(calibrate);
        Outcome again = await place.Breakhis(calibrate);
        Outcome json = await place.Breakhis([.. calibrate, "--json"]);

        Assert.True(text.ExitCode == 0, $"{text}");
        Assert.StartsWith(
            "100 simulations of 4 patients, 4 images and 1 seed, drawn for new patients, with this seed\n",
            text.Output,
            StringComparison.Ordinal
        );
        Assert.Matches(@"\n  exact sign-flip test over patients +0\.0 % +0\.0 % +decides\n", text.Output);
        Assert.Contains("\n  McNemar's test ", text.Output, StringComparison.Ordinal);
        Assert.Contains("\n  the verdict is practically equivalent in ", text.Output, StringComparison.Ordinal);
        Assert.Equal(text.Output, again.Output);
        Assert.Equal(100, JsonElement.Parse(json.Output).GetProperty("simulations").GetInt32());
    }

    [Fact]
    public async Task Power_is_simulated_for_several_numbers_of_patients()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string[] power = ["power", "tiny", "--simulations", "100", "--difference", "20"];

        Outcome text = await place.Breakhis(power);
        Outcome listed = await place.Breakhis([.. power, "--patients", "30,10", "--seeds", "1", "--json"]);
        Outcome seeds = await place.Breakhis([.. power, "--seeds", "2,3"]);
        Outcome wrong = await place.Breakhis([.. power, "--patients", "1,10"]);

        Assert.True(text.ExitCode == 0, $"{text}");
        Assert.StartsWith(
            "share of 100 simulations in which a difference of 20.0 points is found\n",
            text.Output,
            StringComparison.Ordinal
        );
        Assert.Matches(
            @"\n +2 patients +0\.0 %\n +4 patients +0\.0 %\n +8 patients +\d+\.\d %\n +16 patients ",
            text.Output
        );
        Assert.Matches(@"\n  1 seed: 80 % takes (about|more than) \d+ patients", text.Output);
        Assert.Equal(
            [10, 30],
            JsonElement
                .Parse(listed.Output)
                .GetProperty("cells")
                .EnumerateArray()
                .Select(cell => cell.GetProperty("patients").GetInt32())
        );
        Assert.Equal((2, 2), (seeds.ExitCode, wrong.ExitCode));
        Assert.Contains("runs of one seed do not show how seeds vary", seeds.Error, StringComparison.Ordinal);
        Assert.Contains(
            "--patients: '1,10' is not a list of integers between 2 and 10000, such as 10,20",
            wrong.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--margin", "0")]
    [InlineData("--margin", "-2")]
    [InlineData("--margin", "1e1")]
    [InlineData("--margin", "2 %")]
    [InlineData("--stage", "fine_tune")]
    [InlineData("tiny:head", null)]
    [InlineData("tiny:", null)]
    [InlineData("=tiny", "tiny:fine_tune")]
    [InlineData("nowhere", null)]
    public async Task Unusable_arguments_of_compare_are_an_error_in_one_line(string first, string? second)
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string[] named = first.StartsWith('-') ? ["tiny"] : [];

        Outcome outcome = await place.Breakhis([
            "compare",
            .. named,
            first,
            .. second is null ? [] : (string[])[second],
        ]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches(@"\Adotnet-breakhis : error BH\d{4}: [^\n]+\n\z", outcome.Error);
    }

    private static void BeatsChanceOnUnseenPatients(Workplace place, int runs)
    {
        Assert.Equal(
            ["0"],
            place.Query(
                "select count(*) from images a join images b on a.run_id = b.run_id and a.patient = b.patient and a.side <> b.side"
            )
        );
        double[] balanced =
        [
            .. place
                .Query("select balanced_accuracy from stage_ends")
                .Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
        ];
        Assert.Equal(2 * runs, balanced.Length);
        Assert.All(balanced, value => Assert.True(value > 0.6, $"balanced accuracies {string.Join(", ", balanced)}"));
    }

    private static void MetricsAreEqual(JsonElement expected, JsonElement rows)
    {
        string[] sides = ["first", "second", "difference"];
        Assert.Equal(10, rows.GetArrayLength());
        foreach ((int metric, JsonElement row) in rows.EnumerateArray().Index())
        {
            foreach ((int side, string name) in sides.Index())
            {
                double value = expected.GetProperty("metrics")[side][metric].GetDouble();
                double half = expected.GetProperty("halves")[side][metric].GetDouble();
                JsonElement estimate = row.GetProperty(name);
                Assert.Equal(value, estimate.GetProperty("value").GetDouble(), Digits);
                // No metric is below 0 or above 1, except the Brier score and differences.
                double least = side == 2 ? double.NegativeInfinity : 0;
                double most = side == 2 || metric == 9 ? double.PositiveInfinity : 1;
                JsonElement interval = estimate.GetProperty("interval");
                Assert.Equal(Math.Max(least, value - half), interval.GetProperty("low").GetDouble(), Digits);
                Assert.Equal(Math.Min(most, value + half), interval.GetProperty("high").GetDouble(), Digits);
            }
        }
    }

    /// <summary>Only an inconclusive verdict says what it would take.</summary>
    private static void Needed(JsonElement expected, string? text)
    {
        (double patients, double seeds) = (expected[0].GetDouble(), expected[1].GetDouble());
        Assert.Equal(
            text is not null && patients > 0,
            text?.Contains($"{Math.Ceiling(patients):#,0} patient", StringComparison.Ordinal) == true
        );
        Assert.Equal(
            text is not null && seeds > 0,
            text?.Contains($"{Math.Ceiling(seeds):#,0} seed", StringComparison.Ordinal) == true
        );
    }

    private static void Near(JsonElement expected, JsonElement actual) =>
        Assert.Equal(expected.GetDouble(), actual.GetDouble(), Digits);
}
