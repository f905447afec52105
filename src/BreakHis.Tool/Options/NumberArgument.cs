using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using static System.FormattableString;

namespace BreakHis.Tool.Options;

/// <summary>Parses an option's number. The library's own error names the expected .NET type instead.</summary>
internal static class NumberArgument
{
    /// <summary>The number, or null with an error if the text is not a number.</summary>
    public static T? Parse<T>(ArgumentResult argument)
        where T : struct, IBinaryInteger<T> => Parse<T>(argument, "an integer", _ => true);

    /// <summary>The number, or null with an error if the text is not a number in the range.</summary>
    public static Func<ArgumentResult, T?> Between<T>(T least, T most)
        where T : struct, IBinaryInteger<T> =>
        argument =>
            Parse<T>(
                argument,
                Invariant($"an integer between {least} and {most}"),
                number => number >= least && number <= most
            );

    private static T? Parse<T>(ArgumentResult argument, string expected, Func<T, bool> allows)
        where T : struct, IBinaryInteger<T>
    {
        string text = argument.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out T number) && allows(number))
        {
            return number;
        }

        argument.AddError($"{(argument.Parent as OptionResult)?.Option.Name}: '{text}' is not {expected}");
        return null;
    }
}
