using System.CommandLine;

namespace BreakHis.Tool.Options;

/// <summary>Options whose values are names from a list.</summary>
internal static class NamedValues
{
    /// <summary>Rejects values outside the list. The library's own error does not name the option.</summary>
    public static void AcceptOnly<T>(this Option<T> option, params string[] names) =>
        option.Validators.Add(result =>
        {
            foreach (string value in result.Tokens.Select(token => token.Value).Except(names, StringComparer.Ordinal))
            {
                result.AddError($"{option.Name}: unknown value '{value}'; expected one of {string.Join(", ", names)}");
            }
        });
}
