using BreakHis.Ledger.Chain;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger;

/// <summary>
/// Migrates a database to this version's schema with Schema/001.sql and so on; user_version counts the applied scripts.
/// </summary>
internal static class Migrations
{
    /// <summary>The schema version that this program reads and writes: the number of scripts.</summary>
    public static int Latest { get; } =
        typeof(Migrations)
            .Assembly.GetManifestResourceNames()
            .Count(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>"BHLG", which distinguishes ledgers from other programs' databases.</summary>
    internal const int ApplicationId = 0x42484C47;

    private const string Prefix = "BreakHis.Ledger.Schema.";

    /// <summary>
    /// Returns the schema version: 0 if the database is empty, null if it belongs to another program.
    /// </summary>
    public static int? VersionOf(SqliteConnection connection)
    {
        // One snapshot, because another process may be creating the ledger.
        using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
        long application = connection.Scalar<long>("PRAGMA application_id");
        long version = connection.Scalar<long>("PRAGMA user_version");
        bool empty =
            application == 0 && version == 0 && connection.Scalar<long>("SELECT count(*) FROM sqlite_schema") == 0;
        return empty ? 0
            : application == ApplicationId && version > 0 ? (int)version
            : null;
    }

    /// <summary>Applies the missing scripts, all or none.</summary>
    /// <param name="last">The last script to apply; null for the last of all.</param>
    /// <returns>The previous version.</returns>
    public static long Apply(SqliteConnection connection, long? last = null)
    {
        long latest = last ?? Latest;
        using SqliteTransaction transaction = connection.BeginTransaction();
        long version = connection.Scalar<long>("PRAGMA user_version");
        for (long next = version + 1; next <= latest; next++)
        {
            connection.Execute(Script(next));
        }

        if (version < latest)
        {
            connection.Execute(Invariant($"PRAGMA application_id = {ApplicationId}"));
            connection.Execute(Invariant($"PRAGMA user_version = {latest}"));
        }

        if (version == 1)
        {
            RecordChain.Adopt(connection);
        }

        transaction.Commit();
        return version;
    }

    /// <summary>Returns the script that migrates from the previous version to this one.</summary>
    internal static string Script(long version)
    {
        string name = Invariant($"{Prefix}{version:000}.sql");
        using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
