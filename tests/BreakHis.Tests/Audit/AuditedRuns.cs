using BreakHis.Audit;
using BreakHis.Audit.Artifacts;
using BreakHis.Audit.Inputs;
using BreakHis.Data;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using BreakHis.Tests.Provenance.Git;
using BreakHis.Tests.Specs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Tests.Audit;

/// <summary>
/// A folder with images, weights and a spec, and runs of that spec in a ledger, planned as the tool plans them. Nothing
/// is trained: the numbers are synthetic, and the same for each run.
/// </summary>
internal sealed class AuditedRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AuditedRuns(string? repository = null)
    {
        Folder = repository ?? _folder["work"];
        foreach (int i in Enumerable.Range(0, 8))
        {
            Write($"data/{(i % 2 == 0 ? "benign" : "malignant")}/{i}.png", $"image {i}");
        }

        Write("weights.bin", "weights");
        Write("spec.yaml", Spec);
        Home = new HomeFolder(_folder["home"]);
        Ledger = LedgerDatabase.Open(Home.Ledger);
    }

    public const string Spec = """
        name: audited
        threads: 1
        data: { source: folders, path: data, split: { by: image, validation: 0.5 } }
        model: { backbone: resnet18_mlnet, weights: ./weights.bin }
        stages: { bottleneck: { epochs: 2 }, fine_tune: { train_from: stage4, epochs: 1 } }
        """;

    public string Folder { get; }

    public HomeFolder Home { get; }

    public LedgerDatabase Ledger { get; }

    public string At(string relative) => Path.Combine(Folder, relative);

    public void Write(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(relative))!);
        File.WriteAllText(At(relative), content);
    }

    public AuditPlace Place(string? data = null, string? weights = null) =>
        new(Home, Folder, data, weights, path => File.Exists(path) ? Sha256Hex.OfFile(path) : null, _ => null);

    /// <summary>Records a finished run.</summary>
    public RecordedRun Run(long seed = 1)
    {
        SpecFile file = SpecTexts.File(Spec, At("spec.yaml"));
        SpecVariant variant = file.Variants[0] with { Spec = file.Variants[0].Spec with { Seeds = [seed] } };
        Plan plan = PlanResolution.Resolve(
            variant,
            "spec.yaml",
            Catalogue.Of(variant.Spec.Data, variant.DataPath, _ => throw new InvalidOperationException()),
            new WeightsPlan(variant.WeightsPath, Sha256Hex.OfFile(variant.WeightsPath!), "a test"),
            new MachineFacts("cpu", new Dictionary<string, string>(StringComparer.Ordinal) { ["torch"] = "1" })
        );
        string id = Ledger.Begin(
            new NewRun(
                plan,
                CanonicalForm.Of(plan.Spec),
                PlanJson.Of(plan).ToString(),
                Provenance(plan),
                LeakChecks.Of(plan.Data.Images, digests: null),
                RunProcess.Current,
                SyntheticRun.Start
            )
        );
        foreach (RunEvent e in Events(plan, Home.Run(id)))
        {
            Ledger.Record(id, e, SyntheticRun.Start);
        }

        Ledger.Finish(id, RunState.Finished, null, SyntheticRun.Start);
        return Ledger.Load(id);
    }

    /// <summary>
    /// Adds runs with the rows and files of an existing one. Recording a thousand runs one by one would take a minute.
    /// </summary>
    public IReadOnlyList<string> Copies(RecordedRun run, int count)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"{i:x10}")];
        using SqliteTransaction transaction = Ledger.Connection.BeginTransaction();
        foreach (string table in Tables)
        {
            string[] columns =
            [
                .. Ledger
                    .Connection.Query($"SELECT name FROM pragma_table_info('{table}')", row => row.GetString(0))
                    .Where(column => column != "number" || table is not ("runs" or "records")),
            ];
            string key = table == "runs" ? "id" : "run_id";
            string values = string.Join(", ", columns.Select(column => column == key ? "$1" : column));
            Ledger.Connection.ExecuteForEach(
                $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {values} FROM {table} WHERE {key} = $2",
                ids,
                id => [id, run.Summary.Id]
            );
        }

        transaction.Commit();
        foreach (string id in ids)
        {
            foreach (ArtifactWritten artifact in run.Artifacts)
            {
                string copy = Home.Run(id).File(artifact.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Home.Run(run.Summary.Id).File(artifact.Path), copy);
            }
        }

        return ids;
    }

    private static readonly string[] Tables =
    [
        "runs",
        "records",
        "run_states",
        "provenance",
        "split_checks",
        "classes",
        "images",
        "stages",
        "features",
        "epochs",
        "stage_ends",
        "predictions",
        "artifacts",
    ];

    /// <summary>The outcome and reason of the check with a name.</summary>
    public (AuditOutcome Outcome, string Reason) Input(
        RecordedRun run,
        string name,
        string? data = null,
        string? weights = null
    )
    {
        using var audit = new InputChecks(Place(data, weights), new HashedFiles());
        AuditEntry check = audit.Of(run).Single(check => check.Name == name);
        return (check.Outcome, check.Reason);
    }

    public void Dispose()
    {
        Ledger.Dispose();
        _folder.Dispose();
    }

    private IReadOnlyList<ProvenanceEntry> Provenance(Plan plan) =>
        [
            .. GitFacts.Of(Folder, At("data"), At("weights.bin")),
            .. SoftwareProvenance.Packages(),
            new("compute.torch", "1"),
            new("data.folder", plan.Data.Folder!),
            new("data.content_sha256", plan.Data.ContentHash),
            new("weights.file", plan.Weights.File!),
            new("weights.sha256", plan.Weights.Sha256),
        ];

    private static IEnumerable<RunEvent> Events(Plan plan, RunFolder run)
    {
        int number = 200;
        foreach (string stage in (string[])["bottleneck", "fine_tune"])
        {
            yield return new StageStarted(stage);
            if (stage == "bottleneck")
            {
                yield return new FeaturesReady(
                    stage,
                    plan.Bottleneck!.Features.Key,
                    false,
                    SyntheticRun.Hash(number++)
                );
            }

            foreach (int epoch in stage == "bottleneck" ? [1, 2] : (int[])[0, 1])
            {
                yield return new EpochEnded(
                    stage,
                    epoch,
                    epoch == 0 ? null : new Scores(1d / epoch, 0.5, 0.5, 0.5),
                    new Scores(2d / (epoch + 1), 0.25 * epoch, 0.5, 0.5),
                    0.001,
                    1,
                    1,
                    epoch == 1,
                    epoch == 0 ? null : SyntheticRun.Hash(number++),
                    SyntheticRun.Hash(number++)
                );
            }

            yield return Artifact(stage, run);
            foreach (int image in Enumerable.Range(0, plan.Data.Images.Count))
            {
                if (plan.Data.Images[image].Side == Side.Validation)
                {
                    yield return new ImagePredicted(stage, image, [0.25f, 0.75f]);
                }
            }

            yield return new StageEnded(stage, 1, false, new Scores(1, 0.5, 0.5, 0.5));
        }
    }

    private static ArtifactWritten Artifact(string stage, RunFolder run)
    {
        string path = RunFolder.Weights(stage, KeptEpoch.Best);
        Directory.CreateDirectory(Path.GetDirectoryName(run.File(path))!);
        File.WriteAllText(run.File(path), $"weights of {stage}");
        HashedFile file = run.Hashed(path);
        return new ArtifactWritten(stage, stage + "/best", path, file.Sha256, file.Bytes);
    }
}
