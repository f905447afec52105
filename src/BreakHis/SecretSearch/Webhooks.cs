using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Recognises addresses to which anyone may send messages, by the documented forms of the services.</summary>
internal static partial class Webhooks
{
    /// <summary>Returns whether a text contains such an address.</summary>
    public static bool AreIn(ReadOnlySpan<char> text) => Address().IsMatch(text);

    /// <summary>The last form is Mattermost's, on any host. All have digits after what is the same in each address.</summary>
    [GeneratedRegex(
        """
            (?:
              hooks\.slack\.com/(?:services|workflows|triggers)/(?=[\w/-]{20})
            | discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/(?=[\w/-]{30})
            | hooks\.zapier\.com/hooks/catch/(?=[\w/-]{10})
            | maker\.ifttt\.com/trigger/[\w-]{1,100}/(?:json/)?with/key/(?=[\w-]{20})
            | hc-ping\.com/(?=[\w/-]{30})
            | webhook\.office\.com/webhookb2/(?=[\w/-]{30})
            | open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/(?=[\w/-]{30})
            | qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?=[\w/-]{30})
            | /hooks/(?=[a-z0-9]{26}(?![\w/-]))(?=\d{0,10}[a-z])(?=[a-z]{0,10}\d)
            )
            (?=[a-zA-Z_/-]{0,30}\d[a-zA-Z_/-]{0,30}\d)
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Address();
}
