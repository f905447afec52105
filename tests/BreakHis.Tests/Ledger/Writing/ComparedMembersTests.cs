using BreakHis.Ledger;
using BreakHis.Runs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger.Writing;

/// <summary>
/// Every member of every event that a resumed run repeats is compared with its record, or listed here with a reason.
/// </summary>
public sealed class ComparedMembersTests : IDisposable
{
    /// <summary>Events that a resumed run may repeat with other values.</summary>
    private static readonly Dictionary<Type, string> NotRepeated = new()
    {
        [typeof(Progressed)] = "it is not recorded",
        [typeof(ArtifactWritten)] = "the files of a stage are written again, and each file is recorded",
        [typeof(CheckpointWritten)] = "each checkpoint is recorded",
        [typeof(RunEnded)] = "it has no members",
    };

    private static readonly Dictionary<string, string> NotCompared = new(StringComparer.Ordinal)
    {
        ["FeaturesReady.FromCache"] = "the interrupted process may have cached the features",
        ["EpochEnded.Seconds"] = "a time",
        ["EpochEnded.ImagesPerSecond"] = "a time",
    };

    /// <summary>Members that say which record an event is compared with.</summary>
    private static readonly string[] Identifying =
    [
        "StageStarted.Stage",
        "FeaturesReady.Stage",
        "EpochEnded.Stage",
        "EpochEnded.Epoch",
        "ImagePredicted.Stage",
        "StageEnded.Stage",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly LedgerDatabase _ledger;
    private readonly string _run;

    public ComparedMembersTests()
    {
        _ledger = LedgerDatabase.Open(_folder["ledger.db"]);
        _run = _ledger.Begin(SyntheticRun.New());
        foreach (RunEvent e in SyntheticRun.Events)
        {
            _ledger.Record(_run, e, SyntheticRun.Start);
        }
    }

    public static TheoryData<string> Compared => new(Members.Except([.. NotCompared.Keys, .. Identifying]));

    private static IEnumerable<string> Members => EventMembers.Of(type => !NotRepeated.ContainsKey(type));

    [Theory]
    [MemberData(nameof(Compared))]
    public void A_changed_member_is_an_error(string path)
    {
        LedgerHead head = _ledger.Head();

        LedgerException error = Assert.Throws<LedgerException>(() => Repeat(path));

        Assert.Equal((LedgerFault.Contradicted, head), (error.Fault, _ledger.Head()));
    }

    [Fact]
    public void Listed_members_may_change()
    {
        LedgerHead head = _ledger.Head();
        foreach (string path in NotCompared.Keys)
        {
            Repeat(path);
        }

        Assert.Equal(head, _ledger.Head());
        Assert.Empty(NotCompared.Keys.Concat(Identifying).Except(Members, StringComparer.Ordinal));
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    /// <summary>Repeats the first stage, with one change in the last event of the member's type.</summary>
    private void Repeat(string path)
    {
        RunEvent[] events =
        [
            .. SyntheticRun
                .Events.TakeWhile(e => e is not StageEnded)
                .Append(SyntheticRun.Events.OfType<StageEnded>().First())
                .Where(e => !NotRepeated.ContainsKey(e.GetType())),
        ];
        foreach (RunEvent e in EventMembers.Changed(events, path))
        {
            _ledger.Record(_run, e, SyntheticRun.Start);
        }
    }
}
