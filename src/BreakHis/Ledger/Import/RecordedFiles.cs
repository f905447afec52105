using System.Text.RegularExpressions;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Import;

/// <summary>A file of a run as its record names it.</summary>
/// <param name="Path">The path in the run folder, with forward slashes.</param>
/// <param name="Versions">Hash and length of each version that the run wrote, the last one last.</param>
internal sealed record RecordedFile(string Path, IReadOnlyList<(string Sha256, long Bytes)> Versions)
{
    /// <summary>The last version.</summary>
    public (string Sha256, long Bytes) Last => Versions[^1];
}

/// <summary>The files that a run's record names.</summary>
internal static partial class RecordedFiles
{
    /// <summary>Returns the artifacts and checkpoints of a run. Checkpoints may have been deleted since.</summary>
    public static IReadOnlyList<RecordedFile> Of(SqliteConnection connection, string run) =>
        [
            .. connection
                .Query(
                    """
                    SELECT path, sha256, bytes, record FROM artifacts WHERE run_id = $1
                    UNION ALL SELECT path, sha256, bytes, record FROM checkpoints WHERE run_id = $1
                    UNION ALL SELECT best_path, best_sha256, best_bytes, record FROM checkpoints
                    WHERE run_id = $1 AND best_path IS NOT NULL
                    ORDER BY record
                    """,
                    row => (Path: row.GetString(0), Version: (row.GetString(1), row.GetInt64(2))),
                    run
                )
                .GroupBy(file => file.Path, file => file.Version, StringComparer.Ordinal)
                .Select(file => new RecordedFile(file.Key, [.. file])),
        ];

    /// <summary>
    /// Returns whether a path is one that a run can have: below its folder, with the ending of a file that runs write.
    /// </summary>
    public static bool IsBelowRun(string path) =>
        Plain().IsMatch(path)
        && (
            path.EndsWith(".safetensors", StringComparison.Ordinal)
            || path == RunFolder.Classes
            || path == RunFolder.Trace(Path.GetFileNameWithoutExtension(path))
        );

    [GeneratedRegex(
        @"^(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,99}/){0,3}[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\z",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Plain();
}
