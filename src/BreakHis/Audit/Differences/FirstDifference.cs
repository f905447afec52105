using System.Text.Json;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Audit.Differences;

/// <summary>
/// The first difference of two runs: the first value in the flow of data that differs although everything it is
/// computed from is the same. Values that only follow from it, such as a loss, are not reported.
/// </summary>
/// <param name="Place">What differs, and where in the run, such as "fine_tune, epoch 1: order of images".</param>
/// <param name="First">The value in the first run.</param>
/// <param name="Second">The value in the second run.</param>
/// <param name="Others">Further places where an independent difference begins.</param>
internal sealed record FirstDifference(string Place, string First, string Second, IReadOnlyList<string> Others)
{
    /// <summary>
    /// The epoch of the training steps that contain the difference, which a trace can narrow down; or null.
    /// </summary>
    public TrainedEpoch? Training { get; private init; }

    /// <summary>
    /// Returns the first difference of two runs, down to the module of a step if both runs have a trace.
    /// </summary>
    /// <param name="second">A second run of the same experiment.</param>
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

    /// <summary>
    /// Returns the first difference of two runs, or null if everything that both recorded is the same.
    /// </summary>
    /// <param name="second">A second run of the same experiment.</param>
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

    /// <summary>
    /// Narrows the difference down to a step of its epoch. Returns it unchanged if the steps do not differ or are
    /// missing.
    /// </summary>
    /// <param name="first">The steps of the first run.</param>
    /// <param name="second">The steps of the second run.</param>
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
            return RegularFile.Exists(file) ? [.. TracedStep.Read(file).Where(step => step.Epoch == epoch.Epoch)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Returns the difference on one line.</summary>
    /// <param name="first">A word for the first run, such as "recorded".</param>
    /// <param name="second">A word for the second run.</param>
    public string Text(string first, string second) =>
        $"{Place} ({first} {First}; {second} {Second})"
        + (Others.Count == 0 ? "" : $"; also, independently: {Listing.Clauses(Others)}");
}
