using System.Text;

namespace BreakHis.Json;

/// <summary>
/// Names as specs, plans and fingerprints write them: a lower-case word for each capital, joined by underscores. Our own,
/// so that no serializer's upgrade can move a hash.
/// </summary>
internal static class SnakeCase
{
    /// <summary>A member's name.</summary>
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

    /// <summary>A value's name.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Of(value.ToString());
}
