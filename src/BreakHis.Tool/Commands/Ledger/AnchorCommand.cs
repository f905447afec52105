using System.CommandLine;
using BreakHis.Ledger.Heads;
using BreakHis.Runs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger anchor</c>: writes the head to a git note.</summary>
internal static class AnchorCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<string?> sign = new Option<string?>("--sign")
        {
            Description = "Also sign the head with this SSH key",
            HelpName = "KEY",
        }.Reads();
        var command = new Command(
            "anchor",
            """
            Write the head to a git note on HEAD.
            If the end of the ledger is cut off later, 'ledger verify' detects it.

            Examples:
              dotnet breakhis ledger anchor
              dotnet breakhis ledger anchor --sign ~/.ssh/id_ed25519
            """
        )
        {
            sign,
        };
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            (KnownHead head, IReadOnlyList<KnownHead> runs) = PublishedHead.Of(home);
            string? key = parsed.GetValue(sign);
            string? signature = key is null
                ? null
                : File.ReadAllText(HeadSignature.Sign(home, head, runs, key) + ".sig");
            string commit = KnownHeads.WriteNote(
                Directory.GetCurrentDirectory(),
                head,
                runs,
                DateTimeOffset.UtcNow,
                signature
            );
            StandardStreams.Out.WriteLine(head.Statement);
            StandardStreams.Error.WriteLine(
                $"written to the git note on {ShortHash.OfCommit(commit)}; to publish it: git push origin refs/notes/{KnownHeads.Notes}"
            );
        });
        return command;
    }
}
