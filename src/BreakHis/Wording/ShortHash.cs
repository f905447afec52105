namespace BreakHis.Wording;

/// <summary>The first digits of a hash, enough to distinguish two hashes by eye.</summary>
internal static class ShortHash
{
    private const int Digits = 12;
    private const int CommitDigits = 10;

    /// <summary>Returns the first twelve digits, or the full text if it is shorter.</summary>
    public static string Of(string hash) => hash.Length > Digits ? hash[..Digits] : hash;

    /// <summary>Returns the first twelve digits, followed by "..." if there are more.</summary>
    public static string Dotted(string hash) => Clipped.To(Digits, hash);

    /// <summary>Returns the first ten digits, the length git uses to abbreviate a commit.</summary>
    public static string OfCommit(string sha) => sha[..CommitDigits];
}
