using System.Diagnostics;
using BreakHis.Audit;
using BreakHis.Audit.Artifacts;
using BreakHis.Audit.Inputs;
using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Specs;
using BreakHis.Tests.Ledger;
using BreakHis.Tests.Provenance.Git;
using BreakHis.Wording;
using Xunit;

namespace BreakHis.Tests.Audit.Inputs;

public sealed class InputChecksTests : IDisposable
{
    private readonly AuditedRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Unchanged_inputs_pass()
    {
        RecordedRun run = _runs.Run();
        using var audit = new InputChecks(_runs.Place(), new HashedFiles());

        AuditEntry[] checks = [.. audit.Of(run)];

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
    public void An_image_that_cannot_be_read_fails()
    {
        RecordedRun run = _runs.Run();
        File.Delete(_runs.At("data/benign/0.png"));
        File.CreateSymbolicLink(_runs.At("data/benign/0.png"), _runs.At("nowhere.png"));

        Assert.Equal(
            (AuditOutcome.Fail, "1 image differs from the record: benign/0.png cannot be read"),
            _runs.Input(run, "images")
        );
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
    public void A_recorded_class_that_contradicts_the_labels_fails()
    {
        RecordedRun run = _runs.Run();
        PlannedImage[] images = run.Images.ToArray();
        images[0] = images[0] with { Class = 1 - images[0].Class };

        Assert.Equal(AuditOutcome.Fail, _runs.Input(run with { Images = images }, "split").Outcome);
    }

    [Fact]
    public void Given_weights_are_checked_even_if_the_recorded_file_exists()
    {
        RecordedRun run = _runs.Run();
        _runs.Write("other.bin", "other weights");

        Assert.Equal(AuditOutcome.Fail, _runs.Input(run, "weights", weights: _runs.At("other.bin")).Outcome);
    }

    [Fact]
    public void Other_weights_are_reported_with_the_recorded_hash()
    {
        RecordedRun run = _runs.Run();
        _runs.Write("other.bin", "other weights");
        string recorded = run.Provenance.Single(entry => entry.Name == "weights.sha256").Value;

        Assert.Contains(
            "recorded " + recorded[..12],
            _runs.Input(run, "weights", weights: _runs.At("other.bin")).Reason,
            StringComparison.Ordinal
        );
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

    /// <summary>The build lists what should be there, whatever is on disk.</summary>
    [Fact]
    public void Another_file_beside_the_tool_fails_although_the_packages_are_the_same()
    {
        RecordedRun run = _runs.Run();
        string files = run.Fact("packages.files")!;
        string[] lines = files.Split('\n');
        int at = Array.FindIndex(lines, line => line.StartsWith("YamlDotNet.dll ", StringComparison.Ordinal));
        lines[at] = "YamlDotNet.dll 0";

        (AuditOutcome same, string sameReason) = _runs.Input(run, "packages");
        (AuditOutcome other, string otherReason) = _runs.Input(
            run with
            {
                Provenance = Changed(run, "packages.files", string.Join('\n', lines)),
            },
            "packages"
        );

        Assert.Equal(AuditOutcome.Pass, same);
        Assert.Contains(
            "module ids of assemblies, and native libraries on disk match",
            sameReason,
            StringComparison.Ordinal
        );
        Assert.Equal(AuditOutcome.Fail, other);
        Assert.EndsWith("other files on disk: YamlDotNet.dll", otherReason, StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("--object-format=sha1")]
    [InlineData("--object-format=sha256")]
    public void Commit_and_patch_are_checked_without_changing_the_repository(string format)
    {
        using var repository = new GitRepository(format);
        using var inside = new AuditedRuns(repository.Path);
        repository.Write("code", "1\n");
        string commit = repository.Commit();
        repository.Write("code", "2\n");
        repository.Write("untracked", new string('3', 40));
        repository.Write("notes.bin", new string('4', 40));
        RecordedRun run = inside.Run();
        string objects = repository.Git("count-objects");

        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "commit").Outcome);
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "patch").Outcome);
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "left out of the patch").Outcome);
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "spec").Outcome);
        Assert.Equal(objects, repository.Git("count-objects"));

        repository.Write("notes.bin", new string('5', 40));
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
    public void A_spec_matches_its_file_for_other_seeds_and_threads()
    {
        RecordedRun run = _runs.Run(seed: 2);

        Assert.Equal(AuditOutcome.Pass, _runs.Input(run, "spec").Outcome);
        Assert.Equal(AuditOutcome.Pass, _runs.Input(run with { SpecFile = _runs.At("spec.yaml") }, "spec").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run with { SpecFile = "other.yaml" }, "spec").Outcome);
    }

    [Fact]
    public void A_spec_of_another_version_leaves_images_and_weights_unchecked()
    {
        const string Future = """{"name":"a","setting_of_the_future":1}""";
        using var audit = new InputChecks(_runs.Place(), new HashedFiles());

        AuditEntry[] checks = [.. audit.Of(_runs.Run() with { Spec = Future, SpecHash = Sha256Hex.OfText(Future) })];

        Assert.Equal(["spec", "packages", "commit"], checks.Select(check => check.Name));
        Assert.Equal(AuditOutcome.Inconclusive, checks[0].Outcome);
    }

    [Fact]
    public void Renamed_classes_fail()
    {
        RecordedRun run = _runs.Run();

        (AuditOutcome outcome, string reason) = _runs.Input(run with { Classes = ["benign", "b"] }, "split");

        Assert.Equal(AuditOutcome.Fail, outcome);
        Assert.Contains("benign, b,", reason, StringComparison.Ordinal);
        Assert.Contains("benign, malignant", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_cannot_be_listed_fail_and_without_a_recorded_folder_they_are_inconclusive()
    {
        RecordedRun run = _runs.Run();
        RecordedRun without = run with { Provenance = [.. run.Provenance.Where(e => e.Name != "data.folder")] };
        RecordedRun inMemory = run with { Provenance = Changed(run, "data.folder", "none: generated in memory") };

        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(without, "images").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(inMemory, "images").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(inMemory, "split").Outcome);

        Directory.Delete(_runs.At("data"), recursive: true);
        Directory.CreateDirectory(_runs.At("data"));
        Assert.Equal(AuditOutcome.Fail, _runs.Input(run, "images").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "split").Outcome);
    }

    [Fact]
    public void A_split_file_must_exist_and_give_the_recorded_sides()
    {
        RecordedRun recorded = _runs.Run();
        _runs.Write(
            "sides.csv",
            "file,side\n"
                + string.Concat(
                    recorded.Images.Select(i => $"{i.Path},{(i.Side == Side.Train ? "train" : "validation")}\n")
                )
        );
        ExperimentSpec spec = CanonicalForm.FromCanonical(recorded.Spec);
        string text = CanonicalForm.Of(
            spec with
            {
                Data = spec.Data with
                {
                    Split = new SplitSpec { By = SplitUnit.File, File = "sides.csv" },
                },
            }
        );
        RecordedRun run = recorded with
        {
            Spec = text,
            SpecHash = Sha256Hex.OfText(text),
            Provenance = [.. recorded.Provenance, new("data.split_file", _runs.At("sides.csv"))],
        };

        Assert.Equal(AuditOutcome.Pass, _runs.Input(run, "split").Outcome);
        _runs.Write(
            "sides.csv",
            "file,side\n"
                + string.Concat(
                    recorded.Images.Select(i => $"{i.Path},{(i.Side == Side.Train ? "validation" : "train")}\n")
                )
        );
        Assert.Equal(AuditOutcome.Fail, _runs.Input(run, "split").Outcome);
        File.Delete(_runs.At("sides.csv"));
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "images").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "split").Outcome);
    }

    [Fact]
    public void Synthetic_images_are_drawn_again()
    {
        var synthetic = new SyntheticSpec
        {
            PatientsPerSubtype = 1,
            ImagesPerPatient = 2,
            Width = 32,
            Height = 32,
        };
        var data = new DataSpec
        {
            Source = DataSource.Synthetic,
            Synthetic = synthetic,
            Magnifications = [40],
            Split = new SplitSpec { By = SplitUnit.Image, Validation = 0.5 },
        };
        RecordedRun recorded = _runs.Run();
        ExperimentSpec spec = CanonicalForm.FromCanonical(recorded.Spec) with { Data = data };
        DataPlan plan = Labelling.Label(
            data,
            Catalogue.Of(
                data,
                null,
                PictureSources.Of(data, null),
                null,
                _ => "",
                cancellation: TestContext.Current.CancellationToken
            )
        );
        RecordedRun run = recorded with
        {
            Spec = CanonicalForm.Of(spec),
            SpecHash = CanonicalForm.HashOf(spec),
            Classes = plan.Classes,
            Images = plan.Images,
            Provenance = Changed(recorded, "data.folder", "none: drawn in memory"),
        };
        PlannedImage other = plan.Images[0] with { Sha256 = SyntheticRun.Hash(1) };

        (AuditOutcome outcome, string reason) = _runs.Input(run, "images");
        Assert.Equal(AuditOutcome.Pass, outcome);
        Assert.DoesNotContain(_runs.Folder, reason, StringComparison.Ordinal);
        Assert.Equal(AuditOutcome.Pass, _runs.Input(run, "split").Outcome);
        Assert.Equal(
            AuditOutcome.Fail,
            _runs.Input(run with { Images = [other, .. plan.Images.Skip(1)] }, "images").Outcome
        );
    }

    [Fact]
    public void Weights_drawn_from_the_seed_need_no_file()
    {
        RecordedRun run = _runs.Run();
        RecordedRun drawn = run with { Provenance = Changed(run, "weights.file", "none") };
        RecordedRun none = drawn with { Provenance = Changed(drawn, "weights.sha256", "none") };
        RecordedRun without = run with { Provenance = [.. run.Provenance.Where(e => e.Name != "weights.file")] };

        Assert.Equal(AuditOutcome.Pass, _runs.Input(none, "weights").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(drawn, "weights").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(without, "weights").Outcome);
    }

    [Fact]
    public void Only_weights_by_the_name_of_imagenet_are_looked_for_among_the_known_ones()
    {
        RecordedRun file = _runs.Run();
        ExperimentSpec spec = CanonicalForm.FromCanonical(file.Spec);
        ExperimentSpec imagenet = spec with { Model = spec.Model with { Weights = WeightsFrom.ImageNet } };
        RecordedRun named = file with { Spec = CanonicalForm.Of(imagenet), SpecHash = CanonicalForm.HashOf(imagenet) };
        File.Move(_runs.At("weights.bin"), _runs.At("known.bin"));
        _runs.Write("other.bin", "other weights");
        AuditOutcome Outcome(RecordedRun run, string? known, string? given = null)
        {
            using var audit = new InputChecks(
                _runs.Place(weights: given) with
                {
                    KnownWeights = backbone => backbone == spec.Model.Backbone ? known : null,
                },
                new HashedFiles()
            );
            return audit.Of(run).Single(check => check.Name == "weights").Outcome;
        }

        Assert.Equal(AuditOutcome.Pass, Outcome(named, _runs.At("known.bin")));
        Assert.Equal(AuditOutcome.Fail, Outcome(named, _runs.At("other.bin")));
        Assert.Equal(AuditOutcome.Inconclusive, Outcome(named, null));
        Assert.Equal(AuditOutcome.Inconclusive, Outcome(file, _runs.At("known.bin")));
        Assert.Equal(AuditOutcome.Fail, Outcome(named, _runs.At("known.bin"), given: _runs.At("other.bin")));
    }

    [Fact]
    public void Weights_that_a_run_kept_are_looked_for_in_its_folder()
    {
        RecordedRun run = _runs.Run();
        run = run with
        {
            Provenance =
            [
                .. run.Provenance.Where(entry => entry.Name != "weights.file"),
                new ProvenanceEntry("weights.file", "/gone/best.safetensors"),
                new ProvenanceEntry("weights.run", "../../abcdef0123"),
            ],
        };

        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(run, "weights").Outcome);
        string kept = _runs.Home.Run("abcdef0123").File("fine_tune/best.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.Move(_runs.At("weights.bin"), kept);
        Assert.Equal((AuditOutcome.Pass, $"{kept}: the hash matches"), _runs.Input(run, "weights"));
    }

    [Fact]
    public void Packages_that_were_not_recorded_are_inconclusive()
    {
        RecordedRun run = _runs.Run();

        Assert.Equal(
            AuditOutcome.Inconclusive,
            _runs
                .Input(
                    run with
                    {
                        Provenance = [.. run.Provenance.Where(e => e.Name != "packages.sha256")],
                    },
                    "packages"
                )
                .Outcome
        );
    }

    [Theory]
    [InlineData("working tree", null, true)]
    [InlineData("working tree", "none", true)]
    [InlineData("bare", "none", true)]
    [InlineData("bare", "0123456789012345678901234567890123456789", false)]
    [InlineData("none", "0123456789012345678901234567890123456789", false)]
    [InlineData(null, null, false)]
    public void Outside_a_repository_no_commit_can_be_found(string? repository, string? commit, bool passes)
    {
        RecordedRun run = _runs.Run();
        ProvenanceEntry[] facts =
        [
            .. run.Provenance.Where(e => !e.Name.StartsWith("git.", StringComparison.Ordinal)),
            .. repository is null ? [] : (ProvenanceEntry[])[new("git.repository", repository)],
            .. commit is null ? [] : (ProvenanceEntry[])[new("git.commit", commit)],
        ];

        Assert.Equal(
            passes ? AuditOutcome.Pass : AuditOutcome.Inconclusive,
            _runs.Input(run with { Provenance = facts }, "commit").Outcome
        );
    }

    [Fact]
    public void A_commit_of_code_that_git_could_not_read_completely_is_inconclusive()
    {
        RecordedRun run = _runs.Run();
        ProvenanceEntry[] code =
        [
            .. run.Provenance.Where(e => !e.Name.StartsWith("git.", StringComparison.Ordinal)),
            new("git.repository", "working tree"),
            new("git.commit", "none"),
            new("git.unread", "a broken index"),
        ];

        (AuditOutcome outcome, string reason) = _runs.Input(run with { Provenance = code }, "commit");

        Assert.Equal(AuditOutcome.Inconclusive, outcome);
        Assert.EndsWith(": a broken index", reason, StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("--object-format=sha1")]
    [InlineData("--object-format=sha256")]
    public void A_patch_before_the_first_commit_applies_to_nothing(string format)
    {
        const string Patch = "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+1\n";
        using var repository = new GitRepository(format);
        using var inside = new AuditedRuns(repository.Path);
        RecordedRun run = inside.Run();
        RecordedRun Patched(string text) =>
            run with
            {
                Provenance =
                [
                    .. run.Provenance.Where(e => e.Name is not ("git.patch" or "git.patch_sha256")),
                    new("git.patch", text),
                    new("git.patch_sha256", Sha256Hex.OfText(text)),
                ],
            };

        Assert.Equal("none", run.Fact("git.commit"));
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "commit").Outcome);
        Assert.Equal(AuditOutcome.Pass, inside.Input(Patched(Patch), "patch").Outcome);
        Assert.Equal(
            AuditOutcome.Fail,
            inside
                .Input(
                    Patched(Patch.Replace("new file mode 100644\n--- /dev/null", "--- a/x", StringComparison.Ordinal)),
                    "patch"
                )
                .Outcome
        );
        Assert.Equal(AuditOutcome.Inconclusive, _runs.Input(Patched(Patch), "patch").Outcome);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_commit_that_git_cannot_read_leaves_the_patch_unchecked_and_a_broken_repository_both()
    {
        using var repository = new GitRepository();
        using var inside = new AuditedRuns(repository.Path);
        repository.Write("code", "1\n");
        repository.Commit();
        repository.Write("code", "2\n");
        RecordedRun run = inside.Run();
        string tree = repository.Git("rev-parse", "HEAD^{tree}").Trim();

        File.Delete(repository[$".git/objects/{tree[..2]}/{tree[2..]}"]);
        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "commit").Outcome);
        (AuditOutcome outcome, string reason) = inside.Input(run, "patch");
        Assert.Equal(AuditOutcome.Inconclusive, outcome);
        Assert.Contains("fatal: ", reason, StringComparison.Ordinal);

        repository.Write(".git/config", "[core]\nrepositoryformatversion = 9\n");
        Assert.Equal(AuditOutcome.Inconclusive, inside.Input(run, "commit").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, inside.Input(run, "patch").Outcome);
    }

    [Fact]
    public void Device_and_threads_are_those_of_the_plan()
    {
        RecordedRun run = _runs.Run();
        string cuda = run.Plan.Replace("\"device\":\"cpu\"", "\"device\":\"cuda\"", StringComparison.Ordinal);

        Assert.Equal(("cpu", "1"), (run.Device(), run.Threads()));
        Assert.Equal("cuda", (run with { Plan = cuda }).Device());
        Assert.Equal(("cpu", ""), ((run with { Plan = "no" }).Device(), (run with { Plan = "no" }).Threads()));
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("x (y.bin")]
    [InlineData("x\ny.bin")]
    [InlineData("x)\n (y).bin")]
    [InlineData(" \"ü\\ (a\n\n).bin")]
    public void A_file_left_out_of_the_patch_may_have_any_name(string name)
    {
        using var repository = new GitRepository();
        using var inside = new AuditedRuns(repository.Path);
        repository.Write("b.bin", new string('1', 40));
        repository.Write(name, new string('2', 40));
        RecordedRun run = inside.Run();

        Assert.Equal(AuditOutcome.Pass, inside.Input(run, "left out of the patch").Outcome);

        repository.Write(name, new string('3', 40));
        (AuditOutcome outcome, string reason) = inside.Input(run, "left out of the patch");
        Assert.Equal(AuditOutcome.Inconclusive, outcome);
        Assert.Contains(OneLine.Of(name), reason, StringComparison.Ordinal);
        Assert.DoesNotContain("b.bin", reason, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_short_untracked_file_has_no_hash_to_compare_and_is_named()
    {
        using var repository = new GitRepository();
        using var inside = new AuditedRuns(repository.Path);
        repository.Write("pin.txt", "4711");

        (AuditOutcome outcome, string reason) = inside.Input(inside.Run(), "left out of the patch");

        Assert.Equal(AuditOutcome.Inconclusive, outcome);
        Assert.Contains("pin.txt", reason, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_withheld_secret_cannot_be_compared_and_is_named()
    {
        using var repository = new GitRepository();
        using var inside = new AuditedRuns(repository.Path);
        repository.Write(".env", "1\n");
        RecordedRun run = inside.Run();

        Assert.Equal(
            (
                AuditOutcome.Inconclusive,
                "no hash is recorded to compare with: .env (its name suggests a secret; 2 bytes)"
            ),
            inside.Input(run, "left out of the patch")
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Files_left_out_of_the_patch_need_a_hash_a_path_and_a_reason()
    {
        using var repository = new GitRepository();
        using var inside = new AuditedRuns(repository.Path);
        RecordedRun run = inside.Run();
        repository.Write("a (b)", "1\n");
        string hash = Sha256Hex.OfFile(repository["a (b)"]);
        AuditOutcome Outcome(string lines) =>
            inside
                .Input(
                    run with
                    {
                        Provenance = [.. run.Provenance, new("git.not_in_patch", lines)],
                    },
                    "left out of the patch"
                )
                .Outcome;

        Assert.Equal(AuditOutcome.Pass, Outcome($"{hash} a (b) (why)"));
        Assert.Equal(AuditOutcome.Pass, Outcome($"{hash} a (b) (why)\n{hash} a (b) (why)"));
        Assert.Equal(AuditOutcome.Inconclusive, Outcome($"{hash} a (b) (why)\n{hash} c (why)"));
        foreach (string line in (string[])[$"{hash} a (b)", hash, $"{hash}  (why)", "", $"unreadable a (b) (why)"])
        {
            Assert.Equal(AuditOutcome.Inconclusive, Outcome(line));
        }

        using var locked = new FileStream(repository["a (b)"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(AuditOutcome.Inconclusive, Outcome($"{hash} a (b) (why)"));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Packages_of_another_build_are_compared_with_the_lock_file_in_the_commit()
    {
        using var repository = new GitRepository();
        using var inside = new AuditedRuns(repository.Path);
        AuditOutcome Outcome(string resolved)
        {
            repository.Write(
                "src/BreakHis.Tool/packages.lock.json",
                $$"""
                {
                  "version": 1,
                  "dependencies": {
                    "net10.0": {
                      "a": { "type": "Direct", "resolved": "{{resolved}}" },
                      "b": { "type": "Transitive", "resolved": "2.0" },
                      "breakhis": { "type": "Project" }
                    }
                  }
                }
                """
            );
            repository.Git("add", "src");
            repository.Git("commit", "-q", "-m", "A commit");
            RecordedRun run = inside.Run();
            ProvenanceEntry[] facts =
            [
                .. run.Provenance.Where(e => !e.Name.StartsWith("package", StringComparison.Ordinal)),
                new("package.a", "1.0"),
                new("package.b", "2.0"),
                new("packages.sha256", SyntheticRun.Hash(1)),
            ];
            return inside.Input(run with { Provenance = facts }, "packages").Outcome;
        }

        Assert.Equal(AuditOutcome.Pass, Outcome("1.0"));
        Assert.Equal(AuditOutcome.Fail, Outcome("1.1"));
    }

    [Fact]
    public void Runs_with_shared_inputs_are_checked_with_one_read_per_file()
    {
        RecordedRun first = _runs.Run();
        string[] ids = [first.Summary.Id, .. _runs.Copies(first, 999)];
        int read = 0;
        var files = new HashedFiles(count => read = count);
        var clock = Stopwatch.StartNew();

        using var audit = new InputChecks(_runs.Place(), files);
        AuditEntry[] checks =
        [
            .. ids.Select(_runs.Ledger.Load)
                .SelectMany(run => ArtifactChecks.Of(run, _runs.Home.Run(run.Summary.Id), files).Concat(audit.Of(run))),
        ];

        Assert.DoesNotContain(checks, check => check.Outcome == AuditOutcome.Fail);
        Assert.Equal(7 * 1000, checks.Length);
        Assert.Equal((2 * 1000) + 8, read);
        TestContext.Current.SendDiagnosticMessage($"1,000 runs took {clock.Elapsed}");
    }

    private static ProvenanceEntry[] Changed(RecordedRun run, string name, string value) =>
        [.. run.Provenance.Select(entry => entry.Name == name ? entry with { Value = value } : entry)];
}
