namespace BreakHis.Audit.Differences;

/// <summary>One thing that a run was given or computed, as it is in two runs.</summary>
/// <param name="Name">What it is, and where in the run.</param>
/// <param name="First">Its value in the first run, in one or more lines; null where it was not recorded.</param>
/// <param name="Second">The same in the second.</param>
/// <param name="InputsAreSame">Whether everything that it is computed from is the same in both, as far as recorded.</param>
internal sealed record FlowStep(string Name, string? First, string? Second, bool InputsAreSame)
{
    /// <summary>The stage and epoch whose training steps it sums up, or null.</summary>
    public TrainedEpoch? Training { get; init; }

    /// <summary>Whether it is known to differ.</summary>
    public bool Differs => First is not null && Second is not null && First != Second;

    /// <summary>Whether it differs although nothing that it is computed from does: a difference begins here.</summary>
    public bool IsOrigin => Differs && InputsAreSame;

    /// <summary>Whether what is computed from it has the same inputs.</summary>
    public bool IsSame => InputsAreSame && !Differs;

    /// <summary>The first line in which the two differ.</summary>
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
/// <param name="Epoch">The epoch, from 1.</param>
internal sealed record TrainedEpoch(string Stage, int Epoch);

/// <summary>The things that two runs were given and computed, in the order of the flow of data.</summary>
internal sealed class Flow
{
    private readonly List<FlowStep> _steps = [];

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<FlowStep> Steps => _steps;

    /// <summary>Adds a step.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="first">Its value in the first run.</param>
    /// <param name="second">Its value in the second.</param>
    /// <param name="inputs">The steps that it is computed from.</param>
    public FlowStep Add(string name, string? first, string? second, params IEnumerable<FlowStep> inputs) =>
        Add(new FlowStep(name, first, second, inputs.All(input => input.IsSame)));

    /// <summary>Adds a step that is made up.</summary>
    public FlowStep Add(FlowStep step)
    {
        _steps.Add(step);
        return step;
    }
}
