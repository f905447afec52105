using System.Globalization;
using System.Text;

namespace BreakHis.Reports.Templates;

/// <summary>Makes text safe and visible in HTML elements and quoted attributes.</summary>
internal static class HtmlText
{
    /// <summary>
    /// Encodes markup. Shows control characters as symbols and characters that reorder text as code points, so that no
    /// value can hide in a report. Replaces unpaired surrogates.
    /// </summary>
    public static string Encode(string text)
    {
        var html = new StringBuilder(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Append(html, rune);
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, Rune rune)
    {
        _ = rune.Value switch
        {
            '&' => html.Append("&amp;"),
            '<' => html.Append("&lt;"),
            '>' => html.Append("&gt;"),
            '"' => html.Append("&quot;"),
            '\'' => html.Append("&#39;"),
            '\n' or '\t' => html.Append((char)rune.Value),
            < 0x20 => html.Append((char)(0x2400 + rune.Value)),
            0x7f => html.Append('\u2421'),
            (>= 0x80 and < 0xa0)
            or (>= 0x202a and <= 0x202e)
            or (>= 0x2066 and <= 0x2069)
            or 0x2028
            or 0x2029
            or 0xfeff => html.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]"),
            _ when (rune.Value & 0xfffe) == 0xfffe => html.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]"),
            _ => Plain(html, rune),
        };
    }

    private static StringBuilder Plain(StringBuilder html, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        return html.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
