using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs.Reading;

namespace BreakHis.Tests.Reports;

/// <summary>The reports of the tests, by name.</summary>
internal static class SyntheticReports
{
    public const string HostileName = "<script>alert(1)</script> \"&' {{ 7*7 }}\nzwei \u202eabc مرحبا 乳腺癌 🧬";
    public const string HostileText = "</style></pre><img src=x onerror=alert(1)>\r\n\0 \ud800 {{ it }} ok";

    private const string Patch = """
        diff --git a/src/X.cs b/src/X.cs
        index 1234567..89abcde 100644
        --- a/src/X.cs
        +++ b/src/X.cs
        @@ -1,3 +1,3 @@
         context
        -removed <b>
        +added & "x"

        """;

    public static RecordedRun One { get; } = new SyntheticRunTraits { Patch = Patch }.Run();

    public static RecordedRun Small { get; } =
        new SyntheticRunTraits
        {
            Name = "small",
            Source = "synthetic",
            Classes = ["benign", "malignant"],
            PatientsPerClass = [4, 6],
            ImagesPerPatient = 4,
            Epochs = 3,
        }.Run();

    public static RecordedRun ByImage { get; } =
        new SyntheticRunTraits
        {
            Name = "by-image",
            Id = "aaaaaaaaaa",
            ByImage = true,
            Skill = 3,
        }.Run();

    public static RecordedRun Interrupted { get; } =
        One with
        {
            Summary = One.Summary with { State = RunState.Interrupted },
            Stages =
            [
                One.Stages[0],
                One.Stages[1] with
                {
                    EndedAt = null,
                    Predictions = [],
                    End = null,
                    Epochs = [.. One.Stages[1].Epochs.Take(4)],
                },
            ],
        };

    public static RecordedRun Failed { get; } =
        One with
        {
            Summary = One.Summary with { State = RunState.Failed },
            Failure = "adenosis/x.png: not a PNG\n  at offset 12",
            Stages = [One.Stages[0] with { EndedAt = null, Predictions = [], End = null, Epochs = [] }],
            Artifacts = [],
        };

    /// <summary>
    /// A baseline and runs with different batch norm, seed and commit, and split, and an interrupted run.
    /// </summary>
    public static IReadOnlyList<RecordedRun> Several { get; } =
    [
        new SyntheticRunTraits { Id = "0000000001", Choices = BatchNorm("inference") }.Run(),
        new SyntheticRunTraits
        {
            Id = "0000000002",
            BatchNorm = "batch_statistics_updating",
            Choices = BatchNorm("batch_statistics_updating"),
            Skill = 1.3,
        }.Run(),
        new SyntheticRunTraits
        {
            Id = "0000000003",
            Choices = BatchNorm("inference"),
            Commit = "77aa9a7d5be21f0e8b8f3a2d9c6e1b7a0d4c3e2f",
            Seed = 2,
            Skill = 2.3,
        }.Run(),
        ByImage,
        Interrupted,
    ];

    public static RecordedRun Hostile { get; } = MakeHostile();

    /// <summary>1,640 validation images of 82 patients, 150 epochs.</summary>
    public static RecordedRun Huge { get; } =
        new SyntheticRunTraits
        {
            Name = "huge",
            PatientsPerClass = [8, 76, 20, 10, 18, 12, 6, 14],
            ImagesPerPatient = 20,
            Epochs = 150,
        }.Run();

    /// <summary>Every report by name, for viewing.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<RecordedRun>> All { get; } =
        new Dictionary<string, IReadOnlyList<RecordedRun>>(StringComparer.Ordinal)
        {
            ["one"] = [One],
            ["small"] = [Small],
            ["by-image"] = [ByImage],
            ["interrupted"] = [Interrupted],
            ["failed"] = [Failed],
            ["several"] = Several,
            ["hostile"] = [Hostile],
            ["hostile-several"] = [Hostile, One, Hostile],
            ["huge"] = [Huge],
        };

    private static MatrixChoice[] BatchNorm(string value) => [new("stages.fine_tune.batch_norm", value)];

    private static RecordedRun MakeHostile()
    {
        RecordedRun run = new SyntheticRunTraits
        {
            Name = HostileName,
            About = HostileText,
            Classes =
            [
                "<b>a</b>",
                "class & \"q\"",
                "{{ raw }}",
                "a_very_long_class_name_that_goes_on_and_on_and_on",
                "乳腺癌",
                "سرطان",
                "🧬",
                "'\n'",
            ],
            Choices = [new(HostileText, HostileText)],
            ImagesPerPatient = 4,
            Patch = $"</pre><script>x</script>\n+{HostileText}\n",
        }.Run();
        return run with
        {
            Failure = HostileText,
            Summary = run.Summary with { State = RunState.Failed, StartedAt = HostileText, Id = "<id>" },
            Images =
            [
                .. run.Images.Select(image =>
                    image with
                    {
                        Patient = "<i>" + image.Patient,
                        Path = HostileText + image.Path,
                    }
                ),
            ],
            Artifacts = [new ArtifactWritten("x", HostileText, HostileText, HostileText, 1)],
            Provenance = [.. run.Provenance, new("<tool>.\"x\"", HostileText), new("tool.version", HostileText)],
            SpecFile = HostileText,
            Plan = "not JSON " + HostileText,
        };
    }
}
