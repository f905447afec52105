using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace BreakHis.Tool.Options;

/// <summary>Parses an option's number. The library's own error names the expected .NET type instead.</summary>
internal static class NumberArgument
{
    /// <summary>The number, or null with an error if the text is not a number.</summary>
    public static T? Parse<T>(ArgumentResult argument)
        where T : struct, IBinaryInteger<T>
    {
        string text = argument.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out T number))
        {
            return number;
        }

        argument.AddError($"{(argument.Parent as OptionResult)?.Option.Name}: '{text}' is not an integer");
        return null;
    }
}
