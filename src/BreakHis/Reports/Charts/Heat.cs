namespace BreakHis.Reports.Charts;

/// <summary>Cells coloured by a share, and class names that may break across lines.</summary>
internal static class Heat
{
    private const int Steps = 20;

    /// <summary>The CSS classes of a share: hits in one hue, misses in another and twice as strong, being smaller.</summary>
    public static string Of(double share, bool isHit)
    {
        double strength = isHit ? share : Math.Min(1, 2 * share);
        return $"{(isHit ? "hit" : "miss")} h{NumberFormat.Plain((long)(strength * Steps + 0.5))}";
    }

    /// <summary>A class's name in the pieces between which a line may break.</summary>
    public static List<string> Name(string name)
    {
        List<string> pieces = [];
        int start = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] is '_' or '-' or '/')
            {
                pieces.Add(name[start..(i + 1)]);
                start = i + 1;
            }
        }

        pieces.Add(name[start..]);
        return pieces;
    }
}
