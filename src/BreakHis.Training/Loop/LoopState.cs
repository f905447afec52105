using BreakHis.Plans;
using BreakHis.Runs;

namespace BreakHis.Training.Loop;

/// <summary>
/// The progress of a training loop. With the tensors of network and optimizer, it is all that the loop needs to resume:
/// every draw derives from (seed, purpose, epoch, item), and torch's generator is seeded at each step.
/// </summary>
internal sealed class LoopState(int classes)
{
    /// <summary>The number of classes.</summary>
    public int Classes => classes;

    /// <summary>Number of completed epochs.</summary>
    public int Epoch { get; set; }

    /// <summary>Number of completed steps in the current epoch.</summary>
    public int Step { get; set; }

    /// <summary>The best epoch so far, and the state of patience.</summary>
    public EarlyStopping EarlyStopping { get; private set; } = EarlyStopping.Initial;

    /// <summary>The scores on the validation images after each completed epoch, in order.</summary>
    public List<Scores> Validated { get; } = [];

    /// <summary>The weights of the best epoch, or null.</summary>
    public HashedFile? BestWeights { get; set; }

    /// <summary>The scores of the current epoch so far.</summary>
    public ScoreAccumulator Scores { get; set; } = new(classes);

    /// <summary>Adds the next completed epoch.</summary>
    /// <param name="validated">Its scores on the validation images.</param>
    public void Ended(Scores validated, LoopPlan loop)
    {
        Validated.Add(validated);
        EarlyStopping = EarlyStopping.Update(Validated.Count, validated, loop);
    }
}
