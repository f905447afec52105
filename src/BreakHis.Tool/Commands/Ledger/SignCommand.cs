using System.CommandLine;
using BreakHis.Ledger.Heads;
using BreakHis.Runs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger sign</c>: signs the head with an SSH key.</summary>
internal static class SignCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<string> key = new Option<string>("--key")
        {
            Description = "A private SSH key, or a public key whose private key is in the SSH agent",
            HelpName = "FILE",
            Required = true,
        }.Reads();
        var command = new Command(
            "sign",
            """
            Sign the head with an SSH key.
            The signature is kept in the home folder, in signatures.

            Example:
              dotnet breakhis ledger sign --key ~/.ssh/id_ed25519
            """
        )
        {
            key,
        };
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            (KnownHead head, IReadOnlyList<KnownHead> runs) = PublishedHead.Of(home);
            StandardStreams.Out.WriteLine(HeadSignature.Sign(home, head, runs, parsed.GetValue(key)!));
        });
        return command;
    }
}
