using System.CommandLine;
using BreakHis.Ledger.Heads;
using BreakHis.Runs;
using BreakHis.Specs.Problems;

namespace BreakHis.Tool.Options;

/// <summary>The options with earlier heads of the ledger's chain, against which a command checks the record.</summary>
internal sealed class KnownHeadOptions
{
    private readonly Option<string[]> _head = new("--head")
    {
        Description = "Check against this earlier head, as printed by 'ledger head'",
        HelpName = "N:HEX",
    };

    private readonly Option<string[]> _report = new("--report")
    {
        Description = "Check against this report: the ledger and runs that it pins, and its numbers",
        HelpName = "FILE.html",
    };

    private readonly Option<string?> _signers = new("--allowed-signers")
    {
        Description = "The SSH keys that may sign heads, in OpenSSH's allowed_signers format",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_head);
        command.Options.Add(_report);
        command.Options.Add(_signers.Reads());
    }

    /// <summary>The reports whose numbers to check as well.</summary>
    public IReadOnlyList<string> Reports(ParseResult parsed) => parsed.GetValue(_report) ?? [];

    /// <summary>The file of SSH keys that may sign heads, or null.</summary>
    public string? Signers(ParseResult parsed) => parsed.GetValue(_signers);

    /// <summary>The known heads, and why those in git notes cannot be read, or null.</summary>
    /// <exception cref="InputException">A head is malformed, or a report has none.</exception>
    public (IReadOnlyList<KnownHead> Heads, string? NotesUnread) Known(ParseResult parsed, HomeFolder home) =>
        KnownHeads.Gather(
            home,
            Directory.GetCurrentDirectory(),
            parsed.GetValue(_head) ?? [],
            Reports(parsed),
            Signers(parsed)
        );
}
