using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>
/// Compares cached features with those of other runs. Their key covers all that determines them, so another hash was
/// edited, in the cache or the record, or computed by a machine that does not repeat its results.
/// </summary>
internal static class FeaturesCheck
{
    /// <summary>Returns the check; none if no other run has different features under the same key.</summary>
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, string run)
    {
        List<string> differing = connection.Query(
            "SELECT DISTINCT other.run_id FROM features AS mine JOIN features AS other ON other.key = mine.key AND other.sha256 <> mine.sha256 WHERE mine.run_id = $1 ORDER BY 1",
            row => row.GetString(0),
            run
        );
        if (differing.Count == 0)
        {
            return [];
        }

        IReadOnlyDictionary<string, RunImports> imports = RunImports.All(connection);
        string[] others = [.. differing.Where(other => imports.GetValueOrDefault(other)?.Result is null)];
        return others.Length == 0
            ? []
            :
            [
                CheckResult
                    .Fail(
                        $"its features have another hash than those of {Listing.Words(others)}, which were computed from the same inputs"
                    )
                    .As(AuditLevel.Record, "features", run),
            ];
    }
}
