using BreakHis.Files;
using BreakHis.Ledger.Chain;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger;

/// <summary>Opens the ledger's file, and explains failures in one line.</summary>
internal static class LedgerConnection
{
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;
    private const int FirstWithRecords = 2;

    /// <summary>Opens the file for reading and writing. Creates a missing file and migrates older schemas.</summary>
    /// <param name="anySchema">Whether anything but the tables may differ from the scripts', to rebuild the
    /// ledger.</param>
    /// <returns>The connection, and the schema's version before migration.</returns>
    /// <exception cref="LedgerException">The file cannot be opened; it is unchanged.</exception>
    public static (SqliteConnection Connection, long Before) ForWriting(
        string path,
        TimeSpan patience,
        bool anySchema
    ) =>
        SqliteFaults.Translated(
            path,
            () =>
            {
                long before = Migrations.Latest;
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                SqliteConnection opened = Opened(
                    Source(path, SqliteOpenMode.ReadWriteCreate),
                    connection =>
                    {
                        int version = RequireVersion(path, connection, 0);
                        bool isOld = version < Migrations.Latest;
                        RequireSchema(
                            path,
                            connection,
                            version,
                            difference => !anySchema || isOld || difference.IsTable
                        );
                        Prepare(path, connection);
                        if (isOld)
                        {
                            before = Migrations.Apply(connection);
                            RequireVersion(path, connection, Migrations.Latest);
                        }
                    },
                    patience
                );
                return (opened, before);
            }
        );

    /// <summary>
    /// Opens the file for reading. Creates nothing, and works in a read-only folder; if the file has a log there, the
    /// connection is to a copy.
    /// </summary>
    /// <exception cref="LedgerException">The file cannot be opened.</exception>
    public static (SqliteConnection Connection, LedgerCopy? Copy) ForReading(string path, TimeSpan patience) =>
        SqliteFaults.Translated(
            path,
            () =>
            {
                RequireFile(path);

                void Check(SqliteConnection connection)
                {
                    connection.Execute("PRAGMA query_only = ON");
                    int version = RequireVersion(path, connection, Migrations.Latest);
                    RequireSchema(path, connection, version, difference => !difference.IsExtra);
                }

                try
                {
                    // A reader with write access removes its -wal and -shm files when it closes; a read-only one leaves
                    // them.
                    return (Opened(Source(path, SqliteOpenMode.ReadWrite), Check, patience), null);
                }
                catch (SqliteException e) when (e.SqliteErrorCode is ReadOnly or CannotOpen)
                {
                    // SQLite needs a -shm file, but the folder is read-only.
                    return Copied(path, Check, patience);
                }
            }
        );

    /// <summary>
    /// Opens a copy of the file, which itself stays as it is to the byte. The copy is migrated from older schemas.
    /// </summary>
    /// <exception cref="LedgerException">The file cannot be opened.</exception>
    public static (SqliteConnection Connection, LedgerCopy? Copy) ForAudit(string path, TimeSpan patience) =>
        SqliteFaults.Translated(
            path,
            () =>
            {
                RequireFile(path);
                return Copied(
                    path,
                    connection =>
                    {
                        int version = RequireVersion(path, connection, FirstWithRecords);
                        bool isOld = version < Migrations.Latest;
                        RequireSchema(path, connection, version, difference => isOld || difference.IsTable);
                        if (isOld)
                        {
                            Migrations.Apply(connection);
                        }

                        connection.Execute("PRAGMA query_only = ON");
                    },
                    patience
                );
            }
        );

    private static (SqliteConnection Connection, LedgerCopy? Copy) Copied(
        string path,
        Action<SqliteConnection> prepare,
        TimeSpan patience
    )
    {
        var copy = LedgerCopy.Of(path);
        try
        {
            return (Opened(Source(copy.Path, SqliteOpenMode.ReadWrite), prepare, patience), copy);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw Missing(path);
        }
    }

    private static SqliteConnection Opened(string source, Action<SqliteConnection> prepare, TimeSpan patience)
    {
        var connection = new SqliteConnection(source);
        try
        {
            RequireRegular(connection.DataSource);
            connection.Open();
            connection.DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds);
            connection.Execute(Invariant($"PRAGMA busy_timeout = {(int)patience.TotalMilliseconds}"));
            connection.Execute("PRAGMA trusted_schema = OFF");
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opening a pipe would wait for ever.</summary>
    private static void RequireRegular(string path)
    {
        foreach (string file in LedgerFiles.Of(path))
        {
            FileKind.RequireRegular(file);
        }
    }

    private static string Source(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            ForeignKeys = true,
            Pooling = false,
        }.ToString();

    // Changes the file's header, so it must run outside a transaction, and only once the file is known to be a ledger
    // or empty.
    private static void Prepare(string path, SqliteConnection connection)
    {
        string mode = connection.Scalar<string>("PRAGMA journal_mode = WAL");
        if (mode != "wal")
        {
            throw new LedgerException(
                LedgerFault.Denied,
                $"{path}: this file system does not support a ledger (no shared memory); use a local disk"
            );
        }

        connection.Execute("PRAGMA synchronous = FULL");
    }

    private static int RequireVersion(string path, SqliteConnection connection, int least)
    {
        // SQLite treats a file of one byte as empty and would overwrite it.
        int? version = new FileInfo(path).Length == 1 ? null : Migrations.VersionOf(connection);
        if (version is null)
        {
            throw new LedgerException(
                LedgerFault.NotALedger,
                $"{path} is not a ledger (the file belongs to another program); name another file"
            );
        }

        if (version > Migrations.Latest)
        {
            throw new LedgerException(
                LedgerFault.Newer,
                $"{path} was written by a newer version (schema {version}, this version supports up to {Migrations.Latest}); update the tool"
            );
        }

        if (version < least)
        {
            throw version == 0
                ? Missing(path)
                : new LedgerException(
                    LedgerFault.Older,
                    $"{path} was written by an older version (schema {version}); the next run upgrades it"
                );
        }

        return version.Value;
    }

    /// <summary>A trigger could change what is written, and a view what is read.</summary>
    private static void RequireSchema(
        string path,
        SqliteConnection connection,
        int version,
        Func<SchemaDifference, bool> matters
    )
    {
        if (version > 0 && LedgerSchema.Differences(connection, version).FirstOrDefault(matters) is { } difference)
        {
            throw new LedgerException(
                LedgerFault.Changed,
                $"{path} was changed by another program: {difference.Text}; 'dotnet breakhis ledger rebuild' makes it again from the record files"
            );
        }
    }

    private static LedgerException Missing(string path) =>
        new(LedgerFault.Missing, $"no ledger at {path} yet; the first run creates it");
}
