using System.Globalization;
using System.Text;
using BreakHis.Wording;

namespace BreakHis.Reports.Templates;

/// <summary>Makes text safe and visible in HTML elements and quoted attributes.</summary>
internal static class HtmlText
{
    /// <summary>
    /// Encodes markup. Shows control characters as symbols and other hidden characters as code points, so that no value
    /// can hide in a report. Replaces unpaired surrogates.
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
            _ when HiddenCharacters.Has(rune) => html.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]"),
            _ => Plain(html, rune),
        };
    }

    private static StringBuilder Plain(StringBuilder html, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        return html.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
