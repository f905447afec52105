using System.Diagnostics;
using BreakHis.Audit;
using BreakHis.Audit.Artifacts;
using BreakHis.Audit.Inputs;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Tests.Ledger;
using BreakHis.Tests.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Audit.Inputs;

public sealed class InputAuditTests : IDisposable
{
    private readonly AuditedRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Unchanged_inputs_pass()
    {
        RecordedRun run = _runs.Run();
        using var audit = new InputAudit(_runs.Place(), new HashedFiles());

        AuditCheck[] checks = [.. audit.Of(run)];

        Assert.Equal(["spec", "images", "split", "weights", "packages", "commit"], checks.Select(check => check.Name));
        Assert.All(checks[..^1], check => Assert.True(check.Outcome == AuditOutcome.Pass, $"{check}"));
        Assert.Equal(AuditOutcome.Inconclusive, checks[^1].Outcome);
        Assert.StartsWith("the run was made outside a git repository", checks[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_swapped_images_fail_and_are_listed()
    {
        RecordedRun run = _runs.Run();
        File.Move(_runs.At("data/benign/0.png"), _runs.At("x"));
        File.Move(_runs.At("data/malignant/3.png"), _runs.At("data/benign/0.png"));
        File.Move(_runs.At("x"), _runs.At("data/malignant/3.png"));

        Assert.Equal(
            (
                AuditOutcome.Fail,
                "2 images differ from the record: benign/0.png has the content recorded for malignant/3.png; "
                    + "malignant/3.png has the content recorded for benign/0.png"
            ),
            _runs.Input(run, "images")
        );
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "split").Outcome);
    }

    [Fact]
    public void Changed_missing_and_added_images_fail_and_are_listed()
    {
        RecordedRun run = _runs.Run();
        _runs.Write("data/benign/2.png", "another");
        File.Delete(_runs.At("data/benign/4.png"));
        _runs.Write("data/benign/new.png", "new");

        (AuditOutcome outcome, string reason) = _runs.Input(run, "images");

        Assert.Equal(AuditOutcome.Fail, outcome);
        Assert.StartsWith(
            "3 images differ from the record: benign/2.png: the hash does not match",
            reason,
            StringComparison.Ordinal
        );
        Assert.EndsWith("; benign/4.png is missing; benign/new.png was added since", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_image_folder_is_inconclusive_and_can_be_overridden()
    {
        RecordedRun run = _runs.Run();
        Directory.Move(_runs.At("data"), _runs.At("moved"));

        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "images").Outcome);
        Assert.Equal(AuditOutcome.Pass, _runs.Input(run, "images", data: _runs.At("moved")).Outcome);
    }

    [Fact]
    public void A_recorded_side_that_contradicts_the_split_fails()
    {
        RecordedRun run = _runs.Run();
        PlannedImage[] images = run.Images.ToArray();
        images[0] = images[0] with { Side = images[0].Side == Side.Train ? Side.Validation : Side.Train };

        Assert.Equal(AuditOutcome.Fail, _runs.Input(run with { Images = images }, "split").Outcome);
    }

    [Fact]
    public void A_flipped_bit_in_the_weights_fails()
    {
        RecordedRun run = _runs.Run();
        byte[] bytes = File.ReadAllBytes(_runs.At("weights.bin"));
        bytes[0] ^= 128;
        File.WriteAllBytes(_runs.At("weights.bin"), bytes);

        Assert.Equal(AuditOutcome.Fail, _runs.Input(run, "weights").Outcome);
        File.Delete(_runs.At("weights.bin"));
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "weights").Outcome);
        _runs.Write("other.bin", "weights");
        Assert.Equal(AuditOutcome.Pass, _runs.Input(run, "weights", weights: _runs.At("other.bin")).Outcome);
    }

    [Fact]
    public void An_edited_record_of_the_spec_fails_and_an_edited_file_is_inconclusive()
    {
        RecordedRun run = _runs.Run();
        string edited = run.Spec.Replace("\"epochs\":2", "\"epochs\":3", StringComparison.Ordinal);
        Assert.NotEqual(edited, run.Spec);

        Assert.Equal(AuditOutcome.Fail, _runs.Input(run with { Spec = edited }, "spec").Outcome);
        _runs.Write("spec.yaml", AuditedRuns.Spec.Replace("epochs: 2", "epochs: 3", StringComparison.Ordinal));
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "spec").Outcome);
        File.Delete(_runs.At("spec.yaml"));
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "spec").Outcome);
    }

    [Fact]
    public void Packages_of_other_versions_are_inconclusive_and_of_other_content_fail()
    {
        RecordedRun run = _runs.Run();
        ProvenanceEntry[] content = Changed(run, "packages.sha256", SyntheticRun.Hash(5));
        ProvenanceEntry[] version =
        [
            .. content.Select(e => e.Name == "package.SkiaSharp" ? e with { Value = "0.1" } : e),
        ];

        Assert.Equal(AuditOutcome.Fail, _runs.Input(run with { Provenance = content }, "packages").Outcome);
        (AuditOutcome outcome, string reason) = _runs.Input(run with { Provenance = version }, "packages");
        Assert.Equal(AuditOutcome.Inconclusive, outcome);
        Assert.Contains("SkiaSharp was recorded as 0.1", reason, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Commit_and_patch_are_checked_without_changing_the_repository()
    {
        using var repository = new GitRepository();
        using var inside = new AuditedRuns(repository.Path);
        repository.Write("code", "1\n");
        string commit = repository.Commit();
        repository.Write("code", "2\n");
        repository.Write("untracked", "3\n");
        repository.Write(".env", "SECRET=4\n");
        RecordedRun run = inside.Run();
        string objects = repository.Git("count-objects");

        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "commit").Outcome);
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "patch").Outcome);
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "left out of the patch").Outcome);
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "spec").Outcome);
        Assert.Equal(objects, repository.Git("count-objects"));

        repository.Write(".env", "SECRET=5\n");
        Assert.Equal(AuditOutcome.Inconclusive, inside.Input(run, "left out of the patch").Outcome);
        string patch = run.Fact("git.patch")!;
        Assert.Equal(
            (AuditOutcome.Fail, "the hash of the patch does not match"),
            inside.Input(run with { Provenance = Changed(run, "git.patch", patch + "\n") }, "patch")
        );

        string wrong = patch.Replace("-1\n", "-7\n", StringComparison.Ordinal);
        ProvenanceEntry[] elsewhere =
        [
            .. Changed(run, "git.patch", wrong)
                .Select(e => e.Name == "git.patch_sha256" ? e with { Value = Sha256Hex.OfText(wrong) } : e),
        ];
        Assert.StartsWith(
            "it does not apply to the commit: error: patch failed: code",
            inside.Input(run with { Provenance = elsewhere }, "patch").Reason,
            StringComparison.Ordinal
        );

        ProvenanceEntry[] lost = Changed(run, "git.commit", commit.Replace(commit[0], commit[0] == '0' ? '1' : '0'));
        Assert.Equal(AuditOutcome.Fail, inside.Input(run with { Provenance = lost }, "commit").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, inside.Input(run with { Provenance = lost }, "patch").Outcome);
    }

    [Fact]
    public void Runs_with_shared_inputs_are_checked_with_one_read_per_file()
    {
        RecordedRun first = _runs.Run();
        string[] ids = [first.Line.Id, .. _runs.Copies(first, 999)];
        int read = 0;
        var files = new HashedFiles(count => read = count);
        var clock = Stopwatch.StartNew();

        using var audit = new InputAudit(_runs.Place(), files);
        AuditCheck[] checks =
        [
            .. ids.Select(_runs.Ledger.Load)
                .SelectMany(run => ArtifactAudit.Of(run, _runs.Home.Run(run.Line.Id), files).Concat(audit.Of(run))),
        ];

        Assert.DoesNotContain(checks, check => check.Outcome == AuditOutcome.Fail);
        Assert.Equal(7 * 1000, checks.Length);
        Assert.Equal((2 * 1000) + 8, read);
        TestContext.Current.SendDiagnosticMessage($"1,000 runs took {clock.Elapsed}");
    }

    private static ProvenanceEntry[] Changed(RecordedRun run, string name, string value) =>
        [.. run.Provenance.Select(entry => entry.Name == name ? entry with { Value = value } : entry)];
}
