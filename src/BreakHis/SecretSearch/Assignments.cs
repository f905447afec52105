using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>
/// Finds values that are assigned to names such as password or api_key, in the syntax of programs, shells, settings,
/// XML and connection strings. Looks at no more than a bounded number of characters per name.
/// </summary>
internal static class Assignments
{
    private const int LongestName = 60;

    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["pass", "pwd", "pw", "kennwort", "contrasena", "secret", "token", "credential", "key", "auth"],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>Returns whether a secret seems to be assigned.</summary>
    /// <param name="isSource">Whether the text is source code, so that values without quotes are expressions.</param>
    /// <param name="least">How surely the name must be that of a secret.</param>
    public static bool Has(string text, bool isSource, SecretWeight least = SecretWeight.Key)
    {
        int next;
        for (int at = 0; (next = text.AsSpan(at).IndexOfAny(Words)) >= 0; )
        {
            at += next;
            int end = at;
            while (end < text.Length && end < at + LongestName && IsNamePart(text[end]))
            {
                end++;
            }

            if (IsSecret(text, at, end, isSource, least))
            {
                return true;
            }

            at = end;
        }

        return false;
    }

    private static bool IsSecret(string text, int word, int end, bool isSource, SecretWeight least)
    {
        var after = Separator.After(text, end);
        if (after.Kind == SeparatorKind.None)
        {
            return false;
        }

        int start = word;
        while (start > 0 && word - start < LongestName && (IsNamePart(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        if (after.Kind == SeparatorKind.Element && (start == 0 || text[start - 1] != '<'))
        {
            return false;
        }

        var context = NameContext.Of(text, start, end, isSource);
        SecretWeight weight = SecretName.Weigh(text.AsSpan(start, end - start));
        weight =
            weight is SecretWeight.Key or SecretWeight.Weak && context.IsVariable(after.Kind)
                ? SecretWeight.Medium
                : weight;
        return weight >= least
            && AssignedValues
                .Of(text, after, context)
                .Any(value =>
                    new Assignment(weight, value.Form, value.Value) { IsSource = context.IsSource }.IsSecret()
                );
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
