using System.Text;

namespace BreakHis.SecretSearch;

/// <summary>A text that bytes may be.</summary>
/// <param name="IsText">Whether nearly all characters can be printed.</param>
internal sealed record SearchedText(string Text, bool IsText)
{
    private const double MostOddCharacters = 0.02;
    private const double LeastZerosOfUtf16 = 0.3;
    private const int Sample = 1 << 16;

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>
    /// Returns the texts that bytes may be, so that a secret is found in any encoding. Without its zeros, a text in
    /// UTF-16 or UTF-32 has all of its ASCII characters.
    /// </summary>
    public static IEnumerable<SearchedText> Of(byte[] bytes)
    {
        int zeros = bytes.AsSpan().Count((byte)0);
        if (zeros == 0)
        {
            string text = Decoded(bytes);
            return [new(text, LooksPrinted(text))];
        }

        string packed = Packed(bytes);
        string parts = Encoding.Latin1.GetString(bytes).Replace('\0', '\n');
        return zeros >= LeastZerosOfUtf16 * bytes.Length && LooksPrinted(packed)
            ? [new(packed, true)]
            : [new(packed, false), new(parts, false)];
    }

    /// <summary>Returns the printable characters that one to three zeros follow, with a line break after each run.</summary>
    private static string Packed(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length / 2);
        bool inRun = false;
        for (int i = 0; i < bytes.Length; i++)
        {
            bool printed = bytes[i] is (>= (byte)' ' and not 0x7f) or (byte)'\t' or (byte)'\r' or (byte)'\n';
            int zeros = 0;
            while (printed && zeros < 3 && i + 1 + zeros < bytes.Length && bytes[i + 1 + zeros] == 0)
            {
                zeros++;
            }

            if (printed && (zeros > 0 || inRun))
            {
                text.Append((char)bytes[i]);
            }

            if (zeros == 0 && inRun)
            {
                text.Append('\n');
            }

            inRun = zeros > 0;
            i += zeros;
        }

        return text.ToString();
    }

    private static string Decoded(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static bool LooksPrinted(string text)
    {
        ReadOnlySpan<char> sample = text.AsSpan(0, Math.Min(Sample, text.Length));
        int odd = 0;
        foreach (char c in sample)
        {
            odd += (c < ' ' && c is not ('\t' or '\r' or '\n' or '\f')) || c is '\x7f' ? 1 : 0;
        }

        return odd <= sample.Length * MostOddCharacters;
    }
}
