namespace BreakHis.Specs;

/// <summary>The names of the stages in specs, plans, events, files and the ledger.</summary>
internal static class StageNames
{
    /// <summary>Trains the head on features of the backbone in inference mode.</summary>
    public const string Bottleneck = "bottleneck";

    /// <summary>Trains the head and the upper part of the backbone together.</summary>
    public const string FineTune = "fine_tune";

    /// <summary>The stages in execution order.</summary>
    public static readonly IReadOnlyList<string> All = [Bottleneck, FineTune];
}
