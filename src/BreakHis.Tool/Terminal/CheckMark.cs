namespace BreakHis.Tool.Terminal;

/// <summary>The marks before the findings of a check, all of one width.</summary>
internal static class CheckMark
{
    /// <summary>Nothing to do.</summary>
    public const string Ok = "ok   ";

    /// <summary>Worth knowing, and no fault.</summary>
    public const string Note = "note ";

    /// <summary>A fault; the command exits with 1.</summary>
    public const string Wrong = "WRONG";
}
