namespace BreakHis.Provenance.Git;

/// <summary>Which untracked files a patch contains: those that a run or a build reads.</summary>
internal static class UntrackedFile
{
    private static readonly string[] Endings =
    [
        ".yaml",
        ".yml",
        ".cs",
        ".csx",
        ".fs",
        ".fsx",
        ".vb",
        ".csproj",
        ".fsproj",
        ".vbproj",
        ".props",
        ".targets",
        ".sln",
        ".slnx",
        ".sql",
        ".scriban",
        ".py",
        ".r",
        ".jl",
        ".m",
        ".c",
        ".h",
        ".cpp",
        ".hpp",
        ".cu",
        ".rs",
        ".go",
        ".java",
        ".js",
        ".ts",
        ".sh",
        ".bash",
        ".ps1",
        ".cmd",
        ".bat",
        ".slurm",
        ".sbatch",
        ".lock.json",
    ];

    private static readonly string[] Names =
    [
        "global.json",
        "dotnet-tools.json",
        "nuget.config",
        ".editorconfig",
        ".gitignore",
        ".gitattributes",
        "pyproject.toml",
        "requirements.txt",
        "dockerfile",
        "makefile",
    ];

    /// <summary>Returns whether the file is a spec, a source or a project file.</summary>
    public static bool IsCode(string path) =>
        Array.Exists(Endings, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        || Names.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);
}
