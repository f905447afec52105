namespace BreakHis.Audit.Differences;

/// <summary>An input or a computed value of a run, as it is in two runs.</summary>
/// <param name="Name">What it is, and where in the run.</param>
/// <param name="First">The value in the first run, in one or more lines; null if it was not recorded.</param>
/// <param name="Second">The value in the second run; null if it was not recorded.</param>
/// <param name="InputsAreSame">Whether everything that it is computed from is the same in both runs, as far as
/// recorded.</param>
internal sealed record FlowStep(string Name, string? First, string? Second, bool InputsAreSame)
{
    /// <summary>The stage and epoch whose training steps the value sums up, or null.</summary>
    public TrainedEpoch? Training { get; init; }

    /// <summary>Whether the values are known to differ.</summary>
    public bool Differs => First is not null && Second is not null && First != Second;

    /// <summary>
    /// Whether a difference begins here: the value differs, but nothing that it is computed from does.
    /// </summary>
    public bool IsOrigin => Differs && InputsAreSame;

    /// <summary>Whether values computed from this one have the same input.</summary>
    public bool IsSame => InputsAreSame && !Differs;

    /// <summary>Returns the first line in which the values differ.</summary>
    public (string First, string Second) Line()
    {
        string[] first = First!.Split('\n');
        string[] second = Second!.Split('\n');
        int at = first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Count();
        return (At(first, at), At(second, at));
    }

    private static string At(string[] lines, int at) => at < lines.Length ? lines[at] : "nothing";
}

/// <summary>An epoch of training.</summary>
/// <param name="Stage">bottleneck or fine_tune.</param>
/// <param name="Epoch">The epoch, counted from 1.</param>
internal sealed record TrainedEpoch(string Stage, int Epoch);

/// <summary>The inputs and computed values of two runs, in the order of the flow of data.</summary>
internal sealed class Flow
{
    private readonly List<FlowStep> _steps = [];

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<FlowStep> Steps => _steps;

    /// <summary>Adds a step.</summary>
    /// <param name="first">The value in the first run.</param>
    /// <param name="second">The value in the second run.</param>
    /// <param name="inputs">The steps from which it is computed.</param>
    public FlowStep Add(string name, string? first, string? second, params IEnumerable<FlowStep> inputs) =>
        Add(new FlowStep(name, first, second, inputs.All(input => input.IsSame)));

    /// <summary>Adds an existing step.</summary>
    public FlowStep Add(FlowStep step)
    {
        _steps.Add(step);
        return step;
    }
}
