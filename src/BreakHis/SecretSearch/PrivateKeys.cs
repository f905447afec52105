using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>Recognises private keys, also if they are encoded in base 64, as in Kubernetes' files.</summary>
internal static class PrivateKeys
{
    private const string Begin = "-----BEGIN ";
    private const string Putty = "PuTTY-User-Key-File-";
    private const int LongestHeader = 60;
    private const int Window = 200;
    private const int ShortestLine = 4;
    private const int LongLine = 40;

    // "-----BEGIN " in base 64.
    private const string EncodedBegin = "LS0tLS1CRUdJTi";

    private static readonly SearchValues<string> Headers = SearchValues.Create(
        [Begin, Putty, EncodedBegin],
        StringComparison.Ordinal
    );

    /// <summary>Returns whether a text contains a private key.</summary>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        for (int at = text.IndexOfAny(Headers); at >= 0; )
        {
            if (IsHeader(text[at..]))
            {
                return true;
            }

            int next = text[(at + 1)..].IndexOfAny(Headers);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool IsHeader(ReadOnlySpan<char> text)
    {
        if (text.StartsWith(EncodedBegin))
        {
            return Decoded(text[..Math.Min(text.Length, LongestHeader)])
                .Contains("PRIVATE KEY", StringComparison.Ordinal);
        }

        if (!text.StartsWith(Begin))
        {
            return text.StartsWith(Putty) && (text.Length > Putty.Length && char.IsAsciiDigit(text[Putty.Length]));
        }

        ReadOnlySpan<char> rest = text[Begin.Length..Math.Min(text.Length, Begin.Length + LongestHeader)];
        int end = rest.IndexOf("-----", StringComparison.Ordinal);
        return end >= 0
            && (
                rest[..end].EndsWith("PRIVATE KEY", StringComparison.Ordinal)
                || rest[..end].EndsWith("PRIVATE KEY BLOCK", StringComparison.Ordinal)
            )
            && HasKey(text[(Begin.Length + end + "-----".Length)..]);
    }

    /// <summary>Returns whether the key follows its header, or the text ends: programs name the header alone.</summary>
    private static bool HasKey(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> window = text[..Math.Min(text.Length, Window)];
        ReadOnlySpan<char> body = window.TrimStart(" \t\r\n\\+");
        bool escaped = body.Length < window.Length && body is ['n' or 'r', ..];
        int run = Run(escaped ? body[1..] : body);
        return body.IsEmpty
            || (body.Length < window.Length && (run >= ShortestLine || body.StartsWith("--")))
            || HasLine(window);
    }

    private static bool HasLine(ReadOnlySpan<char> window)
    {
        for (int at = 0; at < window.Length; at++)
        {
            int run = Run(window[at..]);
            if (run >= LongLine)
            {
                return true;
            }

            at += run;
        }

        return false;
    }

    private static int Run(ReadOnlySpan<char> text)
    {
        int run = 0;
        while (run < text.Length && (char.IsAsciiLetterOrDigit(text[run]) || text[run] is '+' or '/' or '='))
        {
            run++;
        }

        return run;
    }

    private static string Decoded(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[text.Length];
        int whole = text.Length / 4 * 4;
        return Convert.TryFromBase64Chars(text[..whole], bytes, out int count)
            ? System.Text.Encoding.Latin1.GetString(bytes, 0, count)
            : "";
    }
}
