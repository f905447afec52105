using System.CommandLine;
using BreakHis.Audit;
using BreakHis.Audit.Output;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Runs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger</c>: the chain of records, made known, compared and made again.</summary>
internal static class LedgerCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "ledger",
            """
            The ledger's chain: each record carries the hash of the one before, so that its head stands for all of it.

            Examples:
              dotnet breakhis ledger head
              dotnet breakhis ledger anchor
              dotnet breakhis ledger verify --report reports/quickstart.html
            """
        )
        {
            Head(),
            Anchor(),
            Sign(),
            Verify(),
            Rebuild(),
        };
        return command;
    }

    private static Command Head()
    {
        var command = new Command("head", "Print the number of records and the head, as verify --head takes them");
        command.SetAction(parsed =>
        {
            using var ledger = LedgerDatabase.OpenForReading(RootOptions.HomeOf(parsed).Ledger);
            LedgerHead head = ledger.Head();
            StandardStreams.Out.WriteLine(FormattableString.Invariant($"{head.Records}:{head.Head}"));
        });
        return command;
    }

    private static Command Anchor()
    {
        var sign = new Option<string?>("--sign") { Description = "Sign it with this SSH key too", HelpName = "KEY" };
        var command = new Command(
            "anchor",
            "Write the head to a git note on HEAD, so that a ledger cut off later is found"
        )
        {
            sign,
        };
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            KnownHead head = HeadOf(home);
            string? key = parsed.GetValue(sign);
            string? signature = key is null ? null : File.ReadAllText(HeadSignature.Sign(home, head, key) + ".sig");
            string commit = KnownHeads.WriteNote(
                Directory.GetCurrentDirectory(),
                head,
                DateTimeOffset.UtcNow,
                signature
            );
            StandardStreams.Out.WriteLine(head.Statement);
            StandardStreams.Error.WriteLine(
                $"written to the git note on {ShortHash.OfCommit(commit)}; only what is pushed is known to others: git push origin refs/notes/{KnownHeads.Notes}"
            );
        });
        return command;
    }

    private static Command Sign()
    {
        var key = new Option<string>("--key")
        {
            Description = "A private SSH key, or a public one whose private one the agent has",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command(
            "sign",
            "Sign the head with an SSH key; the signature is kept in .breakhis/signatures"
        )
        {
            key,
        };
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            StandardStreams.Out.WriteLine(HeadSignature.Sign(home, HeadOf(home), parsed.GetValue(key)!));
        });
        return command;
    }

    private static Command Verify()
    {
        var heads = new KnownHeadOptions();
        var command = new Command(
            "verify",
            """
            Check that nothing in the ledger was edited, deleted, moved or inserted, and that it still holds all that reports,
            git notes (refs/notes/breakhis) and signatures say it held. Exit code 1 where anything fails.
            """
        );
        heads.AddTo(command);
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            IReadOnlyList<KnownHead> known = heads.Known(parsed, home);
            using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
            return Print(heads.Check(parsed, ledger, known, null));
        });
        return command;
    }

    private static Command Rebuild()
    {
        var to = new Option<string?>("--to")
        {
            Description = "Write another ledger instead, to a file that is not there",
            HelpName = "FILE",
        };
        var command = new Command(
            "rebuild",
            """
            Make the ledger again from the record files of the run folders. The ledger that is there is kept aside, and is
            left where it is if it holds anything that they do not.
            """
        )
        {
            to,
        };
        command.SetAction(parsed =>
        {
            RebuiltLedger made = LedgerRebuild.Make(
                RootOptions.HomeOf(parsed),
                parsed.GetValue(to),
                DateTimeOffset.UtcNow
            );
            TextWriter notes = StandardStreams.Error;
            foreach (string missing in made.Missing)
            {
                notes.WriteLine($"note: {missing}");
            }

            if (made.KeptAside is not null)
            {
                notes.WriteLine($"the ledger that was there is now {made.KeptAside}");
            }

            StandardStreams.Out.WriteLine(made.Path);
            StandardStreams.Out.WriteLine(
                FormattableString.Invariant($"{made.Runs} runs, {made.Head.Records} records, head {made.Head.Head}")
            );
            return made.Missing.Count == 0 ? 0 : Failure.Found;
        });
        return command;
    }

    private static KnownHead HeadOf(HomeFolder home)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        LedgerHead head = ledger.Head();
        return head.Records > 0
            ? KnownHead.Of(head, "the ledger")
            : throw new LedgerException(LedgerFault.Missing, $"{home.Ledger} holds no record yet");
    }

    private static int Print(IReadOnlyList<AuditCheck> checks)
    {
        foreach (AuditCheck check in checks.Where(check => check.Outcome != AuditOutcome.Pass))
        {
            string outcome = check.Outcome == AuditOutcome.Fail ? "failed" : "cannot tell";
            string run = check.Run is null ? "" : $" of run {check.Run}";
            StandardStreams.Out.WriteLine($"{outcome}: {check.Name}{run}: {check.Reason}");
        }

        var summary = AuditSummary.Of(checks);
        StandardStreams.Out.WriteLine(
            FormattableString.Invariant(
                $"{summary.Passed} checks passed, {summary.Failed} failed, {summary.CouldNotTell} cannot be told"
            )
        );
        return summary.Failed == 0 ? 0 : Failure.Found;
    }
}
