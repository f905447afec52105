using System.Text.Json;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Audit.Differences;

/// <summary>
/// Where two runs part: the first thing in the flow of data that differs while all that it is computed from is the same.
/// What merely follows from it, such as a loss, is not named.
/// </summary>
/// <param name="Place">What differs, and where in the run, such as "fine_tune, epoch 1: order of images".</param>
/// <param name="First">Its value in the first run.</param>
/// <param name="Second">Its value in the second.</param>
/// <param name="Others">Further places at which a difference begins that does not follow from this one.</param>
internal sealed record FirstDifference(string Place, string First, string Second, IReadOnlyList<string> Others)
{
    /// <summary>The epoch in whose training steps it lies, where a trace can tell more; or null.</summary>
    public TrainedEpoch? Training { get; private init; }

    /// <summary>The first difference of two runs, down to the module of a step where both left a trace.</summary>
    /// <param name="first">A run.</param>
    /// <param name="second">Another of the same experiment.</param>
    public static FirstDifference? Between(
        RecordedRun first,
        RunFolder folderOfFirst,
        RecordedRun second,
        RunFolder folderOfSecond
    ) =>
        Between(first, second) is { } difference
            ? difference.Training is { } epoch
                ? difference.Within(Trace(folderOfFirst, epoch), Trace(folderOfSecond, epoch))
                : difference
            : null;

    /// <summary>The first difference of two runs, or null where all that both recorded is the same.</summary>
    /// <param name="first">A run.</param>
    /// <param name="second">Another of the same experiment.</param>
    public static FirstDifference? Between(RecordedRun first, RecordedRun second)
    {
        FlowStep[] origins = [.. RunFlow.Of(first, second).Steps.Where(step => step.IsOrigin)];
        if (origins is not [var origin, .. var others])
        {
            return null;
        }

        (string one, string other) = origin.Line();
        return new FirstDifference(origin.Name, one, other, [.. others.Select(step => step.Name)])
        {
            Training = origin.Training,
        };
    }

    /// <summary>The same, told by the steps of its epoch; as it is, where they do not differ or there are none.</summary>
    /// <param name="first">The steps in the first run.</param>
    /// <param name="second">The steps in the second.</param>
    public FirstDifference Within(IReadOnlyList<TracedStep> first, IReadOnlyList<TracedStep> second)
    {
        FlowStep? origin = StepFlow.Of(first, second).Steps.FirstOrDefault(step => step.IsOrigin);
        if (origin is null || Training is null)
        {
            return this;
        }

        (string one, string other) = origin.Line();
        return this with
        {
            Place = $"{Training.Stage}, epoch {Training.Epoch}, {origin.Name}",
            First = one,
            Second = other,
        };
    }

    private static IReadOnlyList<TracedStep> Trace(RunFolder folder, TrainedEpoch epoch)
    {
        string file = folder.File(RunFolder.Trace(epoch.Stage));
        try
        {
            return File.Exists(file) ? [.. TracedStep.Read(file).Where(step => step.Epoch == epoch.Epoch)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>In one line.</summary>
    /// <param name="first">A word for the first run, such as "recorded".</param>
    /// <param name="second">A word for the second.</param>
    public string Text(string first, string second) =>
        $"{Place} ({first} {First}; {second} {Second})"
        + (Others.Count == 0 ? "" : $"; also, independently: {Listing.Clauses(Others)}");
}
