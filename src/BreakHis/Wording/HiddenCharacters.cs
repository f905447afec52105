using System.Globalization;
using System.Text;

namespace BreakHis.Wording;

/// <summary>
/// The characters that no output contains as they are: they cannot be seen, command a terminal, break a line or change the
/// direction of the text after them.
/// </summary>
internal static class HiddenCharacters
{
    // Unicode's default ignorable characters (DerivedCoreProperties.txt) that are not format characters.
    private static readonly (int First, int Last)[] Ignorable =
    [
        (0x034f, 0x034f),
        (0x115f, 0x1160),
        (0x17b4, 0x17b5),
        (0x180b, 0x180f),
        (0x2065, 0x2065),
        (0x3164, 0x3164),
        (0xfe00, 0xfe0f),
        (0xffa0, 0xffa0),
        (0xfff0, 0xfff8),
        (0xe0000, 0xe0fff),
    ];

    /// <summary>Returns whether a character is hidden.</summary>
    public static bool Has(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        || IsNoCharacter(rune.Value)
        || Array.Exists(Ignorable, range => rune.Value >= range.First && rune.Value <= range.Last);

    private static bool IsNoCharacter(int value) => (value & 0xfffe) == 0xfffe || value is >= 0xfdd0 and <= 0xfdef;
}
