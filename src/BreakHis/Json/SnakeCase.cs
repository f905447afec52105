using System.Text;

namespace BreakHis.Json;

/// <summary>
/// Converts names to the snake_case of specs, plans and fingerprints: words start at capitals and are joined by
/// underscores. The code is our own, so that upgrading a serializer cannot change a hash.
/// </summary>
internal static class SnakeCase
{
    /// <summary>Converts a member's name.</summary>
    public static string Of(string name)
    {
        var snake = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && snake.Length > 0)
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(c));
        }

        return snake.ToString();
    }

    /// <summary>Converts an enum value's name.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Of(value.ToString());

    /// <summary>Returns the enum value with a name in snake case, or null.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Of(value!.Value) == name);
}
