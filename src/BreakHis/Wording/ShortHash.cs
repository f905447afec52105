namespace BreakHis.Wording;

/// <summary>The beginning of a hash, enough to tell two apart by eye.</summary>
internal static class ShortHash
{
    private const int Digits = 12;
    private const int CommitDigits = 10;

    /// <summary>Twelve digits; less of a text that has less.</summary>
    public static string Of(string hash) => hash.Length > Digits ? hash[..Digits] : hash;

    /// <summary>Twelve digits, with dots in place of the others.</summary>
    public static string Dotted(string hash) => Clipped.To(Digits, hash);

    /// <summary>Ten digits, as git abbreviates a commit.</summary>
    public static string OfCommit(string sha) => sha[..CommitDigits];
}
