namespace BreakHis.Wording;

/// <summary>Texts that begin a sentence or a title.</summary>
internal static class Capital
{
    /// <summary>Returns a text with a capital at the start.</summary>
    public static string First(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
