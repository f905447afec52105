using BreakHis.Runs;

namespace BreakHis.Training.Loop;

/// <summary>
/// How far a training loop has come. With the network's tensors and the optimizer's it is all that the loop needs to go
/// on: every draw derives from (seed, purpose, epoch, item), and torch's own generator is seeded anew at each step.
/// </summary>
internal sealed class LoopState(int classes)
{
    /// <summary>Epochs that have ended.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps done of the epoch after those.</summary>
    public int Step { get; set; }

    /// <summary>The best epoch so far, and patience.</summary>
    public EarlyStopping EarlyStopping { get; set; } = EarlyStopping.Initial;

    /// <summary>The weights of the best epoch, or null.</summary>
    public HashedFile? BestWeights { get; set; }

    /// <summary>The scores of the steps done.</summary>
    public ScoreAccumulator Scores { get; set; } = new(classes);
}
