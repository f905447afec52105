namespace BreakHis.Training;

/// <summary>How often a run writes a checkpoint. The interval affects no result.</summary>
/// <param name="Epochs">Epochs between checkpoints, or null.</param>
/// <param name="Time">Time between checkpoints, also within an epoch, or null.</param>
internal sealed record CheckpointInterval(int? Epochs, TimeSpan? Time)
{
    /// <summary>One minute: little work is lost, and a checkpoint takes well under a second.</summary>
    public static CheckpointInterval Default { get; } = new(null, TimeSpan.FromMinutes(1));

    /// <summary>Whether a checkpoint is due.</summary>
    /// <param name="epochs">Completed epochs since the last checkpoint.</param>
    /// <param name="time">Time since the last checkpoint.</param>
    internal bool IsDue(int epochs, TimeSpan time) => epochs >= Epochs || time >= Time;
}
