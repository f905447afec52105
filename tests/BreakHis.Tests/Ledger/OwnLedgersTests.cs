using BreakHis.Ledger;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class OwnLedgersTests
{
    /// <summary>The list is a folder, and somebody else's ledger can have any ID.</summary>
    [Fact]
    public void An_ID_that_leads_to_another_file_is_not_in_the_list()
    {
        using var folder = new TemporaryFolder();
        var own = new OwnLedgers(folder["ledgers"]);
        string id = new('a', 32);
        Assert.Null(own.Add(id));
        File.WriteAllText(folder["ledgers/other"], "");

        Assert.True(own.Has(id));
        Assert.All(
            [folder[$"ledgers/{id}"], "other", $"../ledgers/{id}", "", new string('b', 32)],
            other => Assert.False(own.Has(other))
        );
    }
}
