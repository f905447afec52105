namespace BreakHis.Plans;

/// <summary>The names of the stages, in specs, plans, events, files and the ledger alike.</summary>
public static class StageNames
{
    /// <summary>The head trained on features of the backbone in inference mode.</summary>
    public const string Bottleneck = "bottleneck";

    /// <summary>Head and upper part of the backbone trained together.</summary>
    public const string FineTune = "fine_tune";
}
