using BreakHis.Ledger;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class SqliteFaultsTests
{
    /// <summary>Result codes from https://sqlite.org/rescode.html.</summary>
    [Theory]
    [InlineData(3, nameof(LedgerFault.Denied))]
    [InlineData(5, nameof(LedgerFault.Locked))]
    [InlineData(6, nameof(LedgerFault.Locked))]
    [InlineData(8, nameof(LedgerFault.Denied))]
    [InlineData(10, nameof(LedgerFault.DiskError))]
    [InlineData(11, nameof(LedgerFault.Damaged))]
    [InlineData(13, nameof(LedgerFault.DiskFull))]
    [InlineData(14, nameof(LedgerFault.Denied))]
    [InlineData(19, nameof(LedgerFault.Refused))]
    [InlineData(23, nameof(LedgerFault.Denied))]
    [InlineData(26, nameof(LedgerFault.NotALedger))]
    [InlineData(1, nameof(LedgerFault.Damaged))]
    public void Result_codes_are_faults_on_one_line(int code, string fault)
    {
        using var folder = new TemporaryFolder();

        LedgerException error = Assert.Throws<LedgerException>(() =>
            SqliteFaults.Translated(folder["ledger.db"], () => throw new SqliteException("why\nit failed", code))
        );

        Assert.Equal(fault, error.Fault.ToString());
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
