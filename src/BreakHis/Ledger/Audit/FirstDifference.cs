namespace BreakHis.Ledger.Audit;

/// <summary>
/// Where two runs part: the first thing in the flow of data that differs while all that it is computed from is the same.
/// What merely follows from it, such as a loss, is not named.
/// </summary>
/// <param name="Place">What differs, and where in the run, such as "fine_tune, epoch 1: order of images".</param>
/// <param name="First">Its value in the first run.</param>
/// <param name="Second">Its value in the second.</param>
/// <param name="Others">Further places at which a difference begins that does not follow from this one.</param>
public sealed record FirstDifference(string Place, string First, string Second, IReadOnlyList<string> Others)
{
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
        return new FirstDifference(origin.Name, one, other, [.. others.Select(step => step.Name)]);
    }

    /// <summary>In one line.</summary>
    /// <param name="first">A word for the first run, such as "recorded".</param>
    /// <param name="second">A word for the second.</param>
    public string Text(string first, string second) =>
        $"{Place} ({first} {First}; {second} {Second})"
        + (Others.Count == 0 ? "" : $"; not following from it also: {Verdict.List(Others)}");
}
