using System.Text;

namespace BreakHis.Provenance.Git;

/// <summary>
/// Git's base 85, as in its binary patches: up to 52 bytes per line, after a letter that encodes their number.
/// </summary>
internal static class Base85
{
    private const string Digits =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

    private const int BytesPerLine = 52;

    /// <summary>Returns the lines, each with its line end.</summary>
    public static string Lines(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length * 4 / 3);
        foreach (byte[] line in bytes.Chunk(BytesPerLine))
        {
            text.Append((char)(line.Length <= 26 ? 'A' + line.Length - 1 : 'a' + line.Length - 27));
            foreach (byte[] group in line.Chunk(4))
            {
                Append(text, group);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    // Four bytes, most significant first; missing bytes count as zero.
    private static void Append(StringBuilder text, byte[] group)
    {
        uint value = 0;
        for (int i = 0; i < 4; i++)
        {
            value = (value << 8) | (i < group.Length ? group[i] : 0u);
        }

        Span<char> digits = stackalloc char[5];
        for (int i = 4; i >= 0; i--)
        {
            digits[i] = Digits[(int)(value % 85)];
            value /= 85;
        }

        text.Append(digits);
    }
}
