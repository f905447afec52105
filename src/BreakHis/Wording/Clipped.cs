namespace BreakHis.Wording;

/// <summary>Shortens text so that it can be quoted in one line.</summary>
internal static class Clipped
{
    /// <summary>
    /// Returns the text, cut to the given number of characters and followed by "..." if it is longer.
    /// </summary>
    public static string To(int length, string text) => text.Length > length ? text[..length] + "..." : text;
}
