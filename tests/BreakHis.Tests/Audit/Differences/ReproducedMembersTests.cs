using BreakHis.Audit.Differences;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using Xunit;

namespace BreakHis.Tests.Audit.Differences;

/// <summary>
/// A rerun is reproduced only if every member of every event is the same, or is listed here with a reason.
/// </summary>
public sealed class ReproducedMembersTests
{
    private static readonly Dictionary<string, string> NotCompared = new(StringComparer.Ordinal)
    {
        ["ArtifactWritten.Bytes"] = "the hash is compared",
        ["ArtifactWritten.Name"] = "a word for the path",
        ["CheckpointWritten.Checkpoint"] = "each run has checkpoints of its own",
        ["EpochEnded.ImagesPerSecond"] = "a time",
        ["EpochEnded.Seconds"] = "a time",
        ["FeaturesReady.FromCache"] = "another run may have cached the features",
        ["FeaturesReady.Key"] = "follows from settings, images and weights, which are compared",
    };

    /// <summary>Members that say which values are compared.</summary>
    private static readonly string[] Identifying =
    [
        "ArtifactWritten.Path",
        "ArtifactWritten.Stage",
        "EpochEnded.Stage",
        "EpochEnded.Epoch",
        "FeaturesReady.Stage",
        "ImagePredicted.Image",
        "ImagePredicted.Stage",
        "StageEnded.Stage",
        "StageStarted.Stage",
    ];

    public static TheoryData<string> Compared => new(Members.Except([.. NotCompared.Keys, .. Identifying]));

    private static IEnumerable<string> Members => EventMembers.Of(type => type != typeof(Progressed));

    [Theory]
    [MemberData(nameof(Compared))]
    public void A_changed_member_is_a_difference(string path) => Assert.NotNull(DifferenceOf(path));

    [Fact]
    public void Listed_members_may_differ()
    {
        Assert.All(NotCompared.Keys.Except(["CheckpointWritten.Checkpoint"]), path => Assert.Null(DifferenceOf(path)));
        Assert.Empty(NotCompared.Keys.Concat(Identifying).Except(Members, StringComparer.Ordinal));
    }

    private static FirstDifference? DifferenceOf(string path) =>
        FirstDifference.Between(
            Recorded(SyntheticRun.Events),
            Recorded(EventMembers.Changed(SyntheticRun.Events, path))
        );

    private static RecordedRun Recorded(IEnumerable<RunEvent> events)
    {
        using var folder = new TemporaryFolder();
        using var ledger = LedgerDatabase.Open(folder["ledger.db"]);
        string run = ledger.Begin(SyntheticRun.New());
        foreach (RunEvent e in events)
        {
            ledger.Record(run, e, SyntheticRun.Start);
        }

        return ledger.Load(run);
    }
}
