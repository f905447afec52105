namespace BreakHis.SecretSearch;

/// <summary>Which files are source code, in which a value without quotes is an expression.</summary>
internal static class SourceFile
{
    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".c",
        ".cc",
        ".cpp",
        ".cs",
        ".csx",
        ".cu",
        ".cuh",
        ".el",
        ".fs",
        ".go",
        ".h",
        ".hpp",
        ".inc",
        ".ipynb",
        ".java",
        ".jl",
        ".js",
        ".jsx",
        ".kt",
        ".lua",
        ".lpr",
        ".m",
        ".mjs",
        ".pas",
        ".php",
        ".pl",
        ".pm",
        ".pp",
        ".py",
        ".pyi",
        ".pyx",
        ".r",
        ".rb",
        ".rs",
        ".scala",
        ".sql",
        ".swift",
        ".tcl",
        ".ts",
        ".tsx",
        ".vb",
        ".vim",
    };

    /// <summary>Returns whether the file at a path is source code.</summary>
    public static bool Is(string path) => Endings.Contains(Path.GetExtension(path));
}
