using System.Reflection;
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

    /// <summary>The members of repeated events, such as EpochEnded.Train.Loss.</summary>
    private static IEnumerable<string> Members =>
        from type in typeof(RunEvent).Assembly.GetTypes()
        where type.IsSubclassOf(typeof(RunEvent)) && !NotRepeated.ContainsKey(type)
        from path in PathsOf(type, type.Name)
        select path;

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
        string[] steps = path.Split('.');
        RunEvent[] events =
        [
            .. SyntheticRun
                .Events.TakeWhile(e => e is not StageEnded)
                .Append(SyntheticRun.Events.OfType<StageEnded>().First())
                .Where(e => !NotRepeated.ContainsKey(e.GetType())),
        ];
        int last = Array.FindLastIndex(events, e => e.GetType().Name == steps[0]);
        events[last] = (RunEvent)Changed(events[last], steps[1..]);
        foreach (RunEvent e in events)
        {
            _ledger.Record(_run, e, SyntheticRun.Start);
        }
    }

    private static IEnumerable<string> PathsOf(Type type, string path) =>
        type.GetProperties()
            .Where(property => property.CanWrite)
            .SelectMany(property =>
                property.PropertyType == typeof(Scores)
                    ? PathsOf(typeof(Scores), $"{path}.{property.Name}")
                    : [$"{path}.{property.Name}"]
            );

    private static object Changed(object record, string[] steps)
    {
        object copy = record
            .GetType()
            .GetMethod("MemberwiseClone", BindingFlags.NonPublic | BindingFlags.Instance)!
            .Invoke(record, null)!;
        PropertyInfo property = record.GetType().GetProperty(steps[0])!;
        object? value = property.GetValue(record);
        property.SetValue(copy, steps.Length > 1 ? Changed(value!, steps[1..]) : Another(value, property));
        return copy;
    }

    private static object Another(object? value, PropertyInfo property) =>
        value switch
        {
            string text => text + "0",
            bool truth => !truth,
            int number => number - 1,
            double number => double.IsFinite(number) ? number + 1 : 0d,
            IReadOnlyList<float> numbers => (float[])[.. numbers.Reverse(), 0.5f],
            _ => throw new NotSupportedException($"say here how to change {property.PropertyType} {property.Name}"),
        };
}
