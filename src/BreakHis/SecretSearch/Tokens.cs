using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>Recognises access tokens by the documented forms of the services that issue them.</summary>
internal static class Tokens
{
    private const int LongestPart = 512;

    private static readonly SearchValues<char> Alphanumeric = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    private static readonly SearchValues<char> Capitals = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> Lower = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> UrlSafe = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
    );

    private static readonly SearchValues<char> Base64 = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/=%"
    );

    private static readonly TokenForm[] Forms =
    [
        // AWS, Alibaba
        new("AKIA", 16, Capitals),
        new("ASIA", 16, Capitals),
        new("LTAI", 16, Alphanumeric, 2),
        // GitHub, GitLab, Atlassian
        new("ghp_", 36, Alphanumeric),
        new("gho_", 36, Alphanumeric),
        new("ghu_", 36, Alphanumeric),
        new("ghs_", 36, Alphanumeric),
        new("ghr_", 36, Alphanumeric),
        new("github_pat_", 22, UrlSafe),
        new("glpat-", 20, UrlSafe),
        new("gldt-", 20, UrlSafe, 1),
        new("glrt-", 20, UrlSafe, 1),
        new("glptt-", 20, UrlSafe, 1),
        new("ATATT3", 20, UrlSafe, 1),
        new("ATCTT3", 20, UrlSafe, 1),
        // Slack; Telegram is below
        new("xoxa-", 10, UrlSafe),
        new("xoxb-", 10, UrlSafe),
        new("xoxe-", 10, UrlSafe),
        new("xoxo-", 10, UrlSafe, 1),
        new("xoxp-", 10, UrlSafe),
        new("xoxr-", 10, UrlSafe),
        new("xoxs-", 10, UrlSafe),
        new("xapp-", 10, UrlSafe, 1),
        // Google
        new("AIza", 35, UrlSafe),
        new("GOCSPX-", 20, UrlSafe),
        new("ya29.", 20, UrlSafe, 1),
        new("1//0", 30, UrlSafe, 1),
        // Machine learning: Hugging Face, OpenAI, Anthropic, Groq, xAI, Replicate, NVIDIA, Perplexity, Kaggle,
        // Databricks, Weights & Biases, LangSmith, Tavily, Jina, Pinecone, RunPod
        new("hf_", 30, Alphanumeric),
        new("api_org_", 30, Alphanumeric, 1),
        new("sk-", 20, UrlSafe, 2),
        new("gsk_", 40, Alphanumeric, 1),
        new("xai-", 40, Alphanumeric, 1),
        new("r8_", 30, Alphanumeric, 1),
        new("nvapi-", 40, UrlSafe, 1),
        new("pplx-", 40, Alphanumeric, 1),
        new("KGAT_", 30, Hex),
        new("dapi", 32, Lower, 6),
        new("wandb_v1_", 30, UrlSafe, 1),
        new("lsv2_pt_", 32, Hex),
        new("lsv2_sk_", 32, Hex),
        new("tvly-", 20, UrlSafe, 1),
        new("jina_", 40, UrlSafe, 1),
        new("pcsk_", 30, UrlSafe, 1),
        new("rpa_", 40, Alphanumeric, 1),
        // Packages and containers
        new("npm_", 36, Alphanumeric),
        new("pypi-AgE", 20, UrlSafe),
        new("rubygems_", 48, Hex),
        new("oy2", 43, Lower, 3),
        new("dckr_pat_", 20, UrlSafe),
        new("dckr_oat_", 20, UrlSafe),
        // Payment, mail, hosting, secrets
        new("sk_live_", 16, Alphanumeric),
        new("rk_live_", 16, Alphanumeric),
        new("sk_test_", 16, Alphanumeric),
        new("rk_test_", 16, Alphanumeric),
        new("whsec_", 24, Base64, 1),
        new("shpat_", 32, Hex),
        new("shpss_", 32, Hex),
        new("sq0csp-", 22, UrlSafe, 1),
        new("dop_v1_", 40, Hex),
        new("dp.pt.", 40, Alphanumeric, 1),
        new("pul-", 40, Hex, 1),
        new("tskey-auth-", 20, UrlSafe, 1),
        new("sbp_", 40, Hex, 1),
        new("ntn_", 40, Alphanumeric, 1),
        new("PMAK-", 24, Hex, 1),
        new("xkeysib-", 64, Hex),
        new("hvs.", 20, UrlSafe, 1),
        new("hvs.CAES", 16, UrlSafe),
        new("hvb.", 20, UrlSafe, 1),
        new("hvr.", 20, UrlSafe, 1),
        new("glsa_", 30, UrlSafe, 1),
        new("lin_api_", 30, Alphanumeric, 1),
        new("figd_", 30, UrlSafe, 1),
        new("sntrys_", 60, Base64, 1),
        new("sntryu_", 64, Hex),
        new("tfp_", 40, UrlSafe, 1),
        new("EAACEdEose0cBA", 20, Alphanumeric),
        new("sha256~", 40, UrlSafe, 1),
        new("NRAK-", 27, Capitals, 1),
        new("AGE-SECRET-KEY-1", 50, Capitals),
        new("eyJhcGlfYWRkcmVzcyI6", 20, Base64),
        new("AccountKey=", 40, Base64),
        new("SharedAccessKey=", 40, Base64),
    ];

    private static readonly SearchValues<char> LowerWords = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    private static readonly SearchValues<string> Prefixes = SearchValues.Create(
        [.. Forms.Select(form => form.Prefix), "eyJ", "SG.", ":AA", "sig="],
        StringComparison.Ordinal
    );

    /// <summary>Returns whether a text contains an access token.</summary>
    /// <param name="isText">Whether words have ends; in other files, a length may come before a token.</param>
    public static bool IsIn(ReadOnlySpan<char> text, bool isText = true)
    {
        int next;
        for (int at = 0; (next = text[at..].IndexOfAny(Prefixes)) >= 0; at++)
        {
            at += next;
            if (IsAt(text, at, isText))
            {
                return true;
            }
        }

        return KaggleFile.IsIn(text) || Webhooks.AreIn(text) || PatternTokens.AreIn(text);
    }

    private static bool IsAt(ReadOnlySpan<char> text, int at, bool isText)
    {
        ReadOnlySpan<char> rest = text[at..];
        if (rest[0] is ':' or 's' && (IsBot(text, at) || IsSignature(text, at)))
        {
            return true;
        }

        bool begins = BeginsWord(text, at);
        if (!begins && isText)
        {
            return false;
        }

        foreach (TokenForm form in Forms)
        {
            if (
                (begins || form.IsDistinct)
                && form.Prefix[0] == rest[0]
                && form.Begins(rest)
                && !IsKeyType(rest)
                && !(form.Alphabet == UrlSafe && AreWords(rest[form.Prefix.Length..]))
                && (form.Alphabet != Capitals || EndsWord(rest, form))
            )
            {
                return true;
            }
        }

        return begins && (IsParts(rest, "eyJ", 10, 10) || IsParts(rest, "SG.", 16, 30));
    }

    /// <summary>Returns whether a text begins with words in lower case and numbers, joined by hyphens, as names are.</summary>
    private static bool AreWords(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExcept(LowerWords);
        ReadOnlySpan<char> words = end < 0 ? text : text[..end];
        return (end < 0 || !char.IsAsciiLetterUpper(text[end])) && words.Count('-') + words.Count('_') >= 2;
    }

    // Types of SSH keys begin like the keys of OpenAI.
    private static bool IsKeyType(ReadOnlySpan<char> text) =>
        text.StartsWith("sk-ssh-") || text.StartsWith("sk-ecdsa-");

    // Capitals alone may be a sequence of amino acids.
    private static bool EndsWord(ReadOnlySpan<char> text, TokenForm form)
    {
        int end = form.Prefix.Length + form.Least;
        return end == text.Length
            || !char.IsAsciiLetterOrDigit(text[end])
            || text[form.Prefix.Length..end].IndexOfAnyInRange('0', '9') >= 0;
    }

    /// <summary>Returns whether no word continues into a place; \n in a string of a language is not a letter.</summary>
    private static bool BeginsWord(ReadOnlySpan<char> text, int at) =>
        at == 0
        || !(char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == '_')
        || (at > 1 && text[at - 2] == '\\' && text[at - 1] is 'n' or 'r' or 't')
        || (at > 2 && text[at - 3] == '%');

    /// <summary>A JSON web token, or a token of SendGrid: parts that dots separate.</summary>
    private static bool IsParts(ReadOnlySpan<char> text, string prefix, int first, int second)
    {
        if (!text.StartsWith(prefix))
        {
            return false;
        }

        text = text[prefix.Length..];
        int dot = Run(text, LongestPart);
        if (dot < first || dot == text.Length || text[dot] != '.')
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[(dot + 1)..];
        return prefix == "eyJ"
            ? rest.StartsWith(prefix) && IsParts(rest, "", second + prefix.Length, 10)
            : Run(rest, LongestPart) >= second;
    }

    private static int Run(ReadOnlySpan<char> text, int most)
    {
        ReadOnlySpan<char> window = text[..Math.Min(text.Length, most)];
        int end = window.IndexOfAnyExcept(UrlSafe);
        return end < 0 ? window.Length : end;
    }

    /// <summary>A bot of Telegram: its number, a colon and 35 characters.</summary>
    private static bool IsBot(ReadOnlySpan<char> text, int colon)
    {
        int digits = 0;
        while (digits < 11 && digits < colon && char.IsAsciiDigit(text[colon - 1 - digits]))
        {
            digits++;
        }

        return text[colon] == ':' && digits is >= 8 and <= 10 && Run(text[(colon + 1)..], 33) >= 33;
    }

    /// <summary>The signature of a shared address, as in Azure.</summary>
    private static bool IsSignature(ReadOnlySpan<char> text, int at)
    {
        const string Name = "sig=";
        if (at == 0 || text[at - 1] is not ('&' or '?' or ';') || !text[at..].StartsWith(Name))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[(at + Name.Length)..];
        int end = rest[..Math.Min(rest.Length, 100)].IndexOfAnyExcept(Base64);
        ReadOnlySpan<char> value = end < 0 ? rest[..Math.Min(rest.Length, 100)] : rest[..end];
        return value.Length >= 12 && Randomness.IsRandom(value);
    }
}
