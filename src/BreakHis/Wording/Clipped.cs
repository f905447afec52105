namespace BreakHis.Wording;

/// <summary>Texts of any length, cut so that a line can quote them.</summary>
internal static class Clipped
{
    /// <summary>The text, or its beginning with dots after it if it has more characters than that.</summary>
    public static string To(int length, string text) => text.Length > length ? text[..length] + "..." : text;
}
