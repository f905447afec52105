namespace BreakHis.Training;

/// <summary>How often a run writes down all that is needed to go on. It moves no result.</summary>
/// <param name="Epochs">After so many epochs, or null.</param>
/// <param name="Time">After so much time, within an epoch too, or null.</param>
internal sealed record CheckpointInterval(int? Epochs, TimeSpan? Time)
{
    /// <summary>Every minute: less work is lost, and a checkpoint takes well under a second.</summary>
    public static CheckpointInterval Default { get; } = new(null, TimeSpan.FromMinutes(1));

    /// <summary>Whether it is time for a checkpoint.</summary>
    /// <param name="epochs">Epochs that have ended since the last one.</param>
    /// <param name="time">The time since the last one.</param>
    internal bool IsDue(int epochs, TimeSpan time) => epochs >= Epochs || time >= Time;
}
