namespace BreakHis.Wording;

/// <summary>The words for true and false. The ledger stores them in provenance, so they must not change.</summary>
internal static class YesNo
{
    public const string Yes = "yes";

    public const string No = "no";

    public static string Of(bool value) => value ? Yes : No;
}
