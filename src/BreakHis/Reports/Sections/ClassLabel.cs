namespace BreakHis.Reports.Sections;

/// <summary>Class names that can break across lines.</summary>
internal static class ClassLabel
{
    /// <summary>Returns a class's name, split where a line may break.</summary>
    public static List<string> Pieces(string name)
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
