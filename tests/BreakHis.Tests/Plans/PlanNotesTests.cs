using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Specs.Reading;
using Xunit;

namespace BreakHis.Tests.Plans;

public sealed class PlanNotesTests
{
    private static readonly WeightsPlan TrainedAt299 = new("/weights", "abc", "synthetic") { TrainedAt = 299 };

    [Fact]
    public void Image_sizes_that_differ_from_the_weights_are_noted_for_each_stage()
    {
        Assert.Equal([], Notes("{ input_size: 299 }", "{ train_from: Mixed_7b }", TrainedAt299));
        Assert.Equal(
            ["fine_tune uses 229 x 229 images, but its weights were trained at 299 x 299; input_size: 299 would match"],
            Notes("{ input_size: 299 }", "{ train_from: Mixed_7b, input_size: 229 }", TrainedAt299)
        );
        Assert.Equal(
            [
                "bottleneck uses 150 x 150 images, but its weights were trained at 299 x 299; input_size: 299 would match",
                "fine_tune uses 150 x 150 images, but its weights were trained at 299 x 299; input_size: 299 would match",
            ],
            Notes("{ input_size: 150 }", "{ train_from: Mixed_7b }", TrainedAt299)
        );
        Assert.Equal([], Notes("{ input_size: 150 }", "null", TrainedAt299 with { TrainedAt = null }));
    }

    [Fact]
    public void A_bottleneck_head_that_fine_tune_does_not_use_is_noted()
    {
        WeightsPlan weights = TrainedAt299 with { TrainedAt = null };

        Assert.Equal(
            ["fine_tune draws a new head (start_from: random), so the head that bottleneck trains is not used"],
            Notes("{}", "{ train_from: Mixed_7b, start_from: random }", weights)
        );
        Assert.Equal(
            [
                "fine_tune starts from the head of the weights (start_from: weights), so the head that bottleneck trains is not used",
            ],
            Notes(
                "{}",
                "{ train_from: Mixed_7b, start_from: weights }",
                weights with
                {
                    Head = new WeightsHead([4], ["a", "b"]),
                }
            )
        );
        Assert.Equal([], Notes("null", "{ train_from: Mixed_7b, start_from: random }", weights));
        Assert.Equal([], Notes("{}", "{ train_from: Mixed_7b }", weights));
    }

    [Fact]
    public void Properties_of_the_weights_are_shown_without_changing_the_fingerprint()
    {
        Plan bare = Resolve("{}", "null", TrainedAt299 with { TrainedAt = null });
        Plan told = Resolve(
            "{}",
            "null",
            TrainedAt299 with
            {
                Preprocessing = "RGB",
                AveragePools = "count padding",
                BatchNorms = "shift alone",
            }
        );

        Assert.Equal(bare.Fingerprint, told.Fingerprint);
        Assert.Equal(bare.Bottleneck!.Features.Key, told.Bottleneck!.Features.Key);
        Assert.DoesNotContain("weights_preprocessing", PlanJson.Of(bare).ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            """"weights_average_pools":"count padding","weights_batch_norms":"shift alone","weights_file":"/weights","weights_origin":"synthetic","weights_preprocessing":"RGB","weights_trained_at":299}"""",
            PlanJson.Of(told).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_class_without_images_on_a_side_has_a_note()
    {
        PlannedImage Image(int c, Side side) => new("", "", c, "", "", 0, side);
        string[] missing =
        [
            .. PlanNotes.MissingClasses(
                new DataPlan(
                    ["full", "untrained", "unvalidated"],
                    [Image(0, Side.Train), Image(0, Side.Validation), Image(1, Side.Validation), Image(2, Side.Train)],
                    null,
                    null,
                    "",
                    "",
                    null,
                    []
                )
            ),
        ];

        Assert.Equal(2, missing.Length);
        Assert.Matches("untrained.* training", missing[0]);
        Assert.Matches("unvalidated.* validation", missing[1]);
    }

    [Fact]
    public void Classes_that_differ_only_in_capitals_or_Unicode_form_have_a_note()
    {
        Plan plan = Resolve("{ input_size: 299 }", "null", TrainedAt299);
        plan = plan with { Data = plan.Data with { Classes = ["Benign", "benign", "x", "\u00e9", "e\u0301"] } };

        Assert.Equal(
            [
                "note: the classes Benign and benign differ only in capitals, blanks or Unicode form",
                "note: the classes \u00e9 and e\u0301 differ only in capitals, blanks or Unicode form",
            ],
            PlanNotes.Of(plan, []).Where(note => note.Contains("differ only", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Patients_from_paths_with_images_in_several_classes_have_a_note()
    {
        Plan plan = Resolve("{ input_size: 299 }", "null", TrainedAt299);
        PlannedImage Image(int c, string patient) => new("", "", c, patient, "", 0, Side.Train);
        PlannedImage[] images =
        [
            Image(0, "p1"),
            Image(1, "p1"),
            Image(0, "p2"),
            Image(0, "p2"),
            Image(0, ""),
            Image(1, ""),
        ];
        DataPlan data = plan.Data with { Images = images };

        Assert.Equal(
            ["note: 1 patient with images in several classes: p1; equal names are one patient"],
            Mixed(data with { PatientsHash = "abc" })
        );
        Assert.Equal([], Mixed(data));

        IEnumerable<string> Mixed(DataPlan given) =>
            PlanNotes
                .Of(plan with { Data = given }, [])
                .Where(note => note.Contains("several classes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_leak_is_a_warning_that_replaces_the_note_on_clean_checks()
    {
        Plan plan = Resolve("{ input_size: 299 }", "null", TrainedAt299);
        LeakCheck clean = new("files", LeakVerdict.Clean, "clean text");
        LeakCheck doubt = new("labels", LeakVerdict.Doubt, "doubt text");
        LeakCheck leak = new("patients", LeakVerdict.Leak, "leak text");
        LeakCheck missed = new("pixels", LeakVerdict.NotChecked, "unchecked text");

        Assert.Equal([LeakChecks.InWords([clean], hasTest: false)], PlanNotes.Of(plan, [clean]));
        Assert.Equal(
            ["note: doubt text", LeakChecks.InWords([clean, doubt, missed], hasTest: false)],
            PlanNotes.Of(plan, [clean, doubt, missed])
        );
        Assert.Equal(["note: doubt text"], PlanNotes.Of(plan, [clean, doubt, leak]));
        Assert.Equal(["warning: leak text"], PlanNotes.Warnings([clean, doubt, leak]));
        Assert.Equal(["warning: mine seed 1: leak text"], PlanNotes.Warnings([clean, doubt, leak], "mine seed 1"));
    }

    private static IReadOnlyList<string> Notes(string bottleneck, string fineTune, WeightsPlan weights) =>
        [
            .. PlanNotes
                .Of(Resolve(bottleneck, fineTune, weights), [])
                .SkipLast(1)
                .Select(note => note["note: ".Length..]),
        ];

    private static Plan Resolve(string bottleneck, string fineTune, WeightsPlan weights)
    {
        SpecFile file = SpecReader.ReadText(
            $$"""
            name: a
            data: { source: folders, path: /data, split: { by: image, validation: 0.5 } }
            model: { backbone: inception_v3, weights: ./w.bin }
            stages: { bottleneck: {{bottleneck}}, fine_tune: {{fineTune}} }
            """,
            "/specs/a.yaml",
            [],
            null,
            _ => null
        );
        Assert.Empty(file.Problems);
        IEnumerable<CatalogueImage> images = Enumerable
            .Range(0, 8)
            .Select(i => new CatalogueImage(
                $"{"ab"[i % 2]}/{i}.png",
                $"{i}",
                "ab"[i % 2].ToString(),
                null,
                "",
                0,
                null
            ));
        return PlanResolution.Resolve(
            file.Variants[0],
            "a.yaml",
            new Catalogue([.. images], "/data"),
            weights,
            new MachineFacts("cpu", new Dictionary<string, string>(StringComparer.Ordinal))
        );
    }
}
