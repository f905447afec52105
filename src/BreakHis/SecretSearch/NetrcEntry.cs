using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Recognises an entry of a file .netrc, on one line or several, also in a text of a program.</summary>
internal static partial class NetrcEntry
{
    private const string Between = """(?>(?:\s|\\r|\\n){1,40})""";
    private const string Word = """(?>(?:[^\s\\"'`]){1,120})""";

    /// <summary>Returns whether the entry that begins at a place has a password that is not that of everyone.</summary>
    public static bool IsSecret(string text, int at) =>
        BeforePassword().EndOf(text, at) is int password && GivenPassword.IsAnything(CommandText.Word(text, password));

    [GeneratedRegex(
        $"""\A(?:machine{Between}{Word}|default)(?:(?:{Between}(?:login|account){Between}(?!anonymous\b){Word}){"{1,2}"}{Between}password{Between}|{Between}password{Between}(?={Word}{Between}login{Between}(?!anonymous\b)))""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex BeforePassword();
}
