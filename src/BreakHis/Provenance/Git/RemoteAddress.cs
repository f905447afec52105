using BreakHis.SecretSearch;

namespace BreakHis.Provenance.Git;

/// <summary>The addresses of remotes: URLs, host:path as for ssh, paths, and any of these after "helper::".</summary>
internal static class RemoteAddress
{
    private const string Scheme = "://";
    private const string Helper = "::";

    // Shorter ones may be names and years.
    private const int ShortestToken = 20;

    /// <summary>
    /// Returns an address without user, password, query and fragment. Some servers take a token as a part of the path.
    /// </summary>
    public static string WithoutCredentials(string url)
    {
        int helper = url.IndexOf(Helper, StringComparison.Ordinal);
        if (helper > 0 && url.AsSpan(0, helper).IndexOfAny(":/@") < 0)
        {
            return url[..(helper + Helper.Length)] + WithoutCredentials(url[(helper + Helper.Length)..]);
        }

        int scheme = url.IndexOf(Scheme, StringComparison.Ordinal);
        if (scheme > 0 && url.AsSpan(0, scheme).IndexOfAny(":/@") < 0)
        {
            int start = scheme + Scheme.Length;
            string host = WithoutUser(url[start..]);
            int end = host.AsSpan().IndexOfAny("?#");
            return url[..start] + WithoutTokens(end < 0 ? host : host[..end]);
        }

        // git@host:path has a user but no password.
        int at = url.LastIndexOf('@');
        return at >= 0 && url.AsSpan(0, at).Contains(':') ? url[(at + 1)..] : url;
    }

    private static string WithoutTokens(string hostAndPath) =>
        string.Join(
            '/',
            hostAndPath
                .Split('/')
                .Select(part =>
                    part.Length >= ShortestToken
                    && (
                        part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_') && Randomness.IsRandom(part)
                        || Tokens.IsIn(part)
                    )
                        ? $"({Secrets.Withheld})"
                        : part
                )
        );

    /// <summary>Returns the text after scheme and user. A password may contain what should be escaped in it.</summary>
    private static string WithoutUser(string rest)
    {
        int end = rest.AsSpan().IndexOfAny("/?#");
        string authority = end < 0 ? rest : rest[..end];
        int colon = authority.IndexOf(':', StringComparison.Ordinal);
        bool isPort = colon < 0 || authority.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        int at =
            authority.Contains('@', StringComparison.Ordinal) ? authority.LastIndexOf('@')
            : isPort || authority.StartsWith('[') ? -1
            : rest.LastIndexOf('@');
        return rest[(at + 1)..];
    }
}
