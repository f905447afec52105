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
        [
            "pass",
            "pwd",
            "pw",
            "pswd",
            "psk",
            "secret",
            "token",
            "cred",
            "key",
            "_pat",
            "auth",
            .. SecretName.OtherWords,
            .. SecretWords.ForeignPasswords,
        ],
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
        int start = word;
        while (start > 0 && word - start < LongestName && (IsNamePart(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        // No value follows a closing tag or the name of a variable that a shell demands.
        if (
            text.AsSpan(0, start).EndsWith("</")
            || (text.AsSpan(0, start).EndsWith("${") && text.AsSpan(end).StartsWith(":?"))
        )
        {
            return false;
        }

        var after = Separator.After(text, end, IsTag(text, start));
        int? earlier = NamedValue.Before(text, start) ?? ReversedAssignment.Before(text, start);
        SecretWeight weight = SecretName.Weigh(text.AsSpan(start, end - start));
        weight = weight == SecretWeight.Key && NameContext.IsOfService(text, start) ? SecretWeight.Weak : weight;
        if (weight >= SecretWeight.Medium && AreSecret(TableColumn.Of(text, start, end, weight), weight, default))
        {
            return true;
        }

        if (after.Kind == SeparatorKind.None && earlier is null)
        {
            return false;
        }

        var context = NameContext.Of(text, start, end, isSource);
        weight =
            weight is SecretWeight.Key or SecretWeight.Weak && context.IsVariable(after.Kind)
                ? SecretWeight.Medium
                : weight;
        return weight >= least
            && (
                AreSecret(AssignedValues.Of(text, after, context), weight, context)
                || AreSecret(AssignedValues.At(text, earlier), weight, context)
                || ByteList.IsSecret(text, after.Value, weight)
            );
    }

    private static bool AreSecret(
        IEnumerable<(ValueForm Form, string Value)> values,
        SecretWeight weight,
        NameContext context
    ) =>
        values.Any(value =>
            new Assignment(weight, value.Form, value.Value)
            {
                IsSource = context.IsSource,
                IsOfVariable = context.IsOfVariable,
            }.IsSecret()
        );

    /// <summary>Returns whether a name is that of an element of XML, perhaps after a namespace.</summary>
    private static bool IsTag(string text, int start)
    {
        int open = start;
        while (open > 0 && start - open < LongestName && (IsNamePart(text[open - 1]) || text[open - 1] == ':'))
        {
            open--;
        }

        return open > 0 && text[open - 1] == '<';
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}
