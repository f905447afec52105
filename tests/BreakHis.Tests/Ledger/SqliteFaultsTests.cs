using BreakHis.Ledger;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class SqliteFaultsTests
{
    /// <summary>Result codes from https://sqlite.org/rescode.html.</summary>
    [Theory]
    [InlineData(3, LedgerFault.Denied)]
    [InlineData(5, LedgerFault.Locked)]
    [InlineData(6, LedgerFault.Locked)]
    [InlineData(8, LedgerFault.Denied)]
    [InlineData(10, LedgerFault.DiskError)]
    [InlineData(11, LedgerFault.Damaged)]
    [InlineData(13, LedgerFault.DiskFull)]
    [InlineData(14, LedgerFault.Denied)]
    [InlineData(19, LedgerFault.Refused)]
    [InlineData(23, LedgerFault.Denied)]
    [InlineData(26, LedgerFault.NotALedger)]
    [InlineData(1, LedgerFault.Damaged)]
    public void Result_codes_are_faults_on_one_line(int code, LedgerFault fault)
    {
        using var folder = new TemporaryFolder();

        LedgerException error = Assert.Throws<LedgerException>(() =>
            SqliteFaults.Translated(folder["ledger.db"], () => throw new SqliteException("why\nit failed", code))
        );

        Assert.Equal(fault, error.Fault);
        Assert.StartsWith(folder["ledger.db"], error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.IsType<SqliteException>(error.InnerException);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Faults_of_the_file_system_are_denied_and_others_are_not_translated()
    {
        LedgerException io = Assert.Throws<LedgerException>(() =>
            SqliteFaults.Translated("x", () => throw new IOException("a\nb"))
        );
        LedgerException access = Assert.Throws<LedgerException>(() =>
            SqliteFaults.Translated("x", () => throw new UnauthorizedAccessException("a\nb"))
        );

        Assert.Equal((LedgerFault.Denied, "x: a b"), (io.Fault, io.Message));
        Assert.Equal((LedgerFault.Denied, "x: a b"), (access.Fault, access.Message));
        Assert.Throws<FormatException>(() => SqliteFaults.Translated("x", () => throw new FormatException()));
        Assert.Equal(7, SqliteFaults.Translated("x", () => 7));
    }
}
