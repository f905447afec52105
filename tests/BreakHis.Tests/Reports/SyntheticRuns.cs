using System.Globalization;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Numerics;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs.Reading;

namespace BreakHis.Tests.Reports;

/// <summary>The properties of a synthetic run.</summary>
internal sealed record SyntheticRunTraits
{
    public string Name { get; init; } = "synthetic-fine-tune";
    public string Id { get; init; } = "3f9a1c20d7";
    public string About { get; init; } = "Both stages on a network that exists only in this test.";
    public long Seed { get; init; } = 1;
    public IReadOnlyList<string> Classes { get; init; } =
    [
        "adenosis",
        "ductal_carcinoma",
        "fibroadenoma",
        "lobular_carcinoma",
        "mucinous_carcinoma",
        "papillary_carcinoma",
        "phyllodes_tumor",
        "tubular_adenoma",
    ];
    public IReadOnlyList<int> PatientsPerClass { get; init; } = [4, 38, 10, 5, 9, 6, 3, 7];
    public int ImagesPerPatient { get; init; } = 24;
    public bool ByImage { get; init; }
    public bool HasTest { get; init; }
    public string Source { get; init; } = "breakhis";
    public int Epochs { get; init; } = 12;
    public double Skill { get; init; } = 2.2;
    public string BatchNorm { get; init; } = "inference";
    public string Commit { get; init; } = "4f0c9a7d5be21f0e8b8f3a2d9c6e1b7a0d4c3e2f";
    public string? Patch { get; init; }
    public IReadOnlyList<MatrixChoice> Choices { get; init; } = [];
    public IReadOnlyList<LeakCheck> SplitChecks { get; init; } = [];

    public RecordedRun Run() => new SyntheticRuns(this).Run();
}

/// <summary>Creates runs with numbers drawn from a seed.</summary>
internal sealed class SyntheticRuns(SyntheticRunTraits like)
{
    private static readonly int[] Magnifications = [40, 100, 200, 400];

    public RecordedRun Run()
    {
        var images = Images().ToList();
        return new RecordedRun(
            new RunSummary(
                like.Id,
                like.Name,
                RunState.Finished,
                like.Seed,
                like.Choices,
                Hash(Plan()),
                "2026-11-24T10:15:00Z",
                "2026-11-24T11:02:41Z",
                "fine_tune",
                null
            ),
            null,
            $"experiments/{like.Name}.yaml",
            Hash(Spec()),
            Spec(),
            Plan(),
            like.Classes,
            images,
            [Stage("bottleneck", images, like.Skill - 0.5), Stage("fine_tune", images, like.Skill)],
            [
                new ArtifactWritten(
                    "bottleneck",
                    "bottleneck/best",
                    "checkpoints/bottleneck-best.safetensors",
                    Hash("artifact 1"),
                    8_433_120
                ),
                new ArtifactWritten(
                    "fine_tune",
                    "fine_tune/best",
                    "checkpoints/fine_tune-best.safetensors",
                    Hash("artifact 2"),
                    96_204_552
                ),
                new ArtifactWritten("fine_tune", "plan", "plan.json", Hash("artifact 3"), 912),
            ],
            [],
            [.. Provenance().OrderBy(entry => entry.Name, StringComparer.Ordinal)],
            like.SplitChecks
        );
    }

    private IEnumerable<PlannedImage> Images()
    {
        foreach ((int c, string name) in like.Classes.Index())
        {
            for (int patient = 0; patient < like.PatientsPerClass[c]; patient++)
            {
                string slide = string.Create(
                    CultureInfo.InvariantCulture,
                    $"14-{22549 + 137 * c + 11 * patient}{(char)('A' + c)}"
                );
                for (int i = 0; i < like.ImagesPerPatient; i++)
                {
                    int magnification = Magnifications[i % 4];
                    string path = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}/{slide}/{magnification}X/SOB-{slide}-{magnification}-{i / 4 + 1:000}.png"
                    );
                    bool validation = like.ByImage ? i % 4 == (patient + c) % 4 : patient % 2 == 0;
                    yield return new PlannedImage(
                        path,
                        Hash(path),
                        c,
                        slide,
                        name,
                        magnification,
                        !validation ? Side.Train
                            : like.HasTest && i % 3 == 0 ? Side.Test
                            : Side.Validation
                    );
                }
            }
        }
    }

    private RecordedStage Stage(string name, List<PlannedImage> images, double skill)
    {
        ImagePredicted[] Predicted(Side side) =>
            [
                .. images
                    .Index()
                    .Where(image => image.Item.Side == side)
                    .Select(image => new ImagePredicted(name, image.Index, Probabilities(name, image.Item, skill))),
            ];

        (ImagePredicted[] predictions, ImagePredicted[] tested) = (Predicted(Side.Validation), Predicted(Side.Test));
        Scores end = Scored(images, predictions);
        int kept = Math.Max(1, like.Epochs * 2 / 3);
        EpochEnded[] epochs = [.. Enumerable.Range(0, like.Epochs + 1).Select(epoch => Epoch(name, epoch, kept, end))];
        return new RecordedStage(
            name,
            "2026-11-24T10:15:04Z",
            "2026-11-24T10:40:11Z",
            name == "bottleneck" ? new FeaturesReady(name, Hash("features")[..16], false, Hash("feature file")) : null,
            epochs,
            predictions,
            new StageEnded(name, kept, name == "bottleneck", end)
            {
                Test = tested.Length == 0 ? null : Scored(images, tested),
            }
        )
        {
            TestPredictions = tested,
        };
    }

    private EpochEnded Epoch(string stage, int epoch, int kept, Scores end)
    {
        double far = Math.Abs(epoch - kept) / (double)like.Epochs;
        double wobble = epoch == kept ? 0 : RandomStream.From(like.Seed, "wobble " + stage, epoch).Uniform(0, 0.03);
        double lack = epoch < kept ? 0.45 * far * far * far + wobble : 0.05 * far + wobble;
        double begun = (1 - 1.0 / (1 + epoch)) * (0.6 + 0.12 * like.Skill);
        return new EpochEnded(
            stage,
            epoch,
            epoch == 0
                ? null
                : new Scores(1.9 - 1.6 * begun, 0.3 + 0.68 * begun, 0.2 + 0.76 * begun, 0.2 + 0.77 * begun),
            new Scores(end.Loss + 2 * lack, end.Accuracy - lack, end.MacroF1 - lack, end.BalancedAccuracy - lack),
            stage == "bottleneck" ? 0.001 : 0.0001,
            stage == "bottleneck" ? 2.25 : 91.5 + epoch,
            epoch == 0 ? 0
                : stage == "bottleneck" ? 4120.5
                : 11.25,
            epoch <= kept,
            OrderSha256: null,
            StateSha256: null
        );
    }

    private float[] Probabilities(string stage, PlannedImage image, double skill)
    {
        var patient = RandomStream.From(like.Seed, "patient " + stage, 0, image.Patient);
        var random = RandomStream.From(like.Seed, "image " + stage, 0, image.Path);
        double known = skill + patient.Normal();
        double[] weights =
        [
            .. like.Classes.Select(
                (_, c) => PortableMath.Exp(random.Normal() + 0.5 * patient.Normal() + (c == image.Class ? known : 0))
            ),
        ];
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    private Scores Scored(List<PlannedImage> images, ImagePredicted[] predictions)
    {
        var matrix = ConfusionMatrix.Of(
            like.Classes.Count,
            predictions.Select(p => (images[p.Image].Class, p.Probabilities.Index().MaxBy(at => at.Item).Index))
        );
        double loss =
            predictions.Length == 0
                ? 0
                : -predictions.Average(p => PortableMath.Log(p.Probabilities[images[p.Image].Class]));
        return new Scores(loss, matrix.Accuracy, matrix.MacroF1, matrix.BalancedAccuracy);
    }

    private IEnumerable<ProvenanceEntry> Provenance()
    {
        yield return new("git.commit", like.Commit);
        yield return new("git.branch", "main");
        yield return new("git.dirty", like.Patch is null ? "no" : "yes");
        if (like.Patch is not null)
        {
            yield return new("git.patch", like.Patch);
        }

        yield return new("machine.processor", "Synthetic 9000, 2 cores");
        yield return new("machine.instruction_sets", "avx2 avx512f avx512_bf16");
        yield return new("machine.os", "Debian GNU/Linux 12");
        yield return new("runtime.version", ".NET 10.0.1");
        yield return new("command.line", "dotnet breakhis run experiments/synthetic.yaml");
        foreach (int i in Enumerable.Range(1, 20))
        {
            yield return new($"package.MadeUp.Package{i:00}", $"1.{i}.0");
        }

        yield return new("packages.sha256", Hash("packages"));
        yield return new("tool.version", "0.1.0");
    }

    private string Spec() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            {"about":{{{Json(like.About)}}},
             "data":{"label":"subtype","magnifications":[40,100,200,400],"path":"../data/BreaKHis_v1","source":"{{{like.Source}}}",
               "split":{"by":"{{{(like.ByImage ? "image" : "patient")}}}","seed":7,"validation":0.2}},
             "model":{"backbone":"inception_v3","weights":"imagenet"},
             "name":{{{Json(like.Name)}}},"precision":"float32","seeds":[{{{like.Seed}}}],
             "stages":{
               "bottleneck":{"batch_size":128,"early_stopping":{"monitor":"validation_accuracy","patience":10},
                 "epochs":{{{like.Epochs}}},"head":{"dense":[1024],"dropout":0.5},"optimizer":{"adam":{"learning_rate":0.001} } },
               "fine_tune":{"augmentation":{"horizontal_flip":true,"rotation":20},"batch_norm":"{{{like.BatchNorm}}}",
                 "optimizer":{"sgd":{"learning_rate":0.0001,"momentum":0.9}},"train_from":{"keras_layer":172} } },
             "threads":2}
            """
        );

    private string Plan() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            {"choices":{},
             "determining":{"data":"{{{Hash("data")}}}","device":"cpu","seed":{{{like.Seed}}},
               "software":{"libtorch":"2.10.0.0","torchsharp":"0.107.0"},
               "split":"{{{Hash("split" + like.ByImage)}}}","threads":2,"weights":"{{{Hash("weights")}}}"},
             "weights_file":"/somewhere/weights","weights_origin":"synthetic"}
            """
        );

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>The SHA-256 of a text.</summary>
    private static string Hash(string text) =>
        Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))
        );
}
