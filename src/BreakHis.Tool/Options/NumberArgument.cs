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

    /// <summary>The integers of a list such as 2,3,5, in ascending order; null with an error if one is not in the
    /// range.</summary>
    public static Func<ArgumentResult, int[]?> ListBetween(int least, int most) =>
        argument =>
        {
            int?[] all =
            [
                .. argument.Tokens[0].Value.Split(',').Select(text => Read<int>(text, n => n >= least && n <= most)),
            ];
            if (Array.TrueForAll(all, number => number is not null))
            {
                return [.. all.OfType<int>().Distinct().Order()];
            }

            Refuse(argument, Invariant($"a list of integers between {least} and {most}, such as 10,20"));
            return null;
        };

    private static T? Parse<T>(ArgumentResult argument, string expected, Predicate<T> allows)
        where T : struct, IBinaryInteger<T>
    {
        T? number = Read(argument.Tokens[0].Value, allows);
        if (number is null)
        {
            Refuse(argument, expected);
        }

        return number;
    }

    private static T? Read<T>(string text, Predicate<T> allows)
        where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out T number) && allows(number)
            ? number
            : null;

    private static void Refuse(ArgumentResult argument, string expected) =>
        argument.AddError(
            $"{(argument.Parent as OptionResult)?.Option.Name}: '{argument.Tokens[0].Value}' is not {expected}"
        );
}
