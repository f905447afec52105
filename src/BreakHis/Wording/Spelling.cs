namespace BreakHis.Wording;

/// <summary>Names that people take for the same.</summary>
internal static class Spelling
{
    /// <summary>Lower-case letters that have several letters in capitals, or are several letters in one.</summary>
    private static readonly (string Letter, string Letters)[] Several =
    [
        ("\u00df", "ss"),
        ("\ufb00", "ff"),
        ("\ufb01", "fi"),
        ("\ufb02", "fl"),
        ("\ufb03", "ffi"),
        ("\ufb04", "ffl"),
        ("\ufb05", "st"),
        ("\ufb06", "st"),
        ("\u0587", "\u0565\u0582"),
        ("\u0130", "i\u0307"),
    ];

    /// <summary>Returns a name without its capitals and the blanks around it, in one Unicode form.</summary>
    public static string Of(string name)
    {
        // Some letters, such as the Greek sigma, have two small forms and one capital.
        string small = Composed.Of(name).Trim().ToUpperInvariant().ToLowerInvariant();
        foreach ((string letter, string letters) in Several)
        {
            small = small.Replace(letter, letters, StringComparison.Ordinal);
        }

        return Composed.Of(small);
    }
}
