using System.CommandLine;
using BreakHis.Audit;
using BreakHis.Audit.Output;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands;

/// <summary>
/// <c>ledger</c>: publishes and compares the head of the record chain, and rebuilds the ledger from records.
/// </summary>
internal static class LedgerCommand
{
    // A note should stay short; earlier runs are in earlier notes.
    private const int PinnedRuns = 20;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "ledger",
            """
            Verify, pin and rebuild the ledger.
            Each record contains the hash of the previous one, so the last hash (the head) depends on the whole ledger.

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
            Adopt(),
            QuarantineCommand.Create(),
        };
        return command;
    }

    private static Command Head()
    {
        var command = new Command(
            "head",
            """
            Print the head.
            Prints the number of records and the last hash, in the form that verify --head expects.

            Example:
              dotnet breakhis ledger head
            """
        );
        command.SetAction(parsed =>
        {
            using var ledger = LedgerDatabase.OpenForReading(RootOptions.HomeOf(parsed).Ledger);
            LedgerHead head = ledger.Head();
            StandardStreams.Out.WriteLine(Invariant($"{head.Records}:{head.Head}"));
        });
        return command;
    }

    private static Command Anchor()
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
            (KnownHead head, IReadOnlyList<KnownHead> runs) = HeadOf(home);
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

    private static Command Sign()
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
            The signature is kept in .breakhis/signatures.

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
            (KnownHead head, IReadOnlyList<KnownHead> runs) = HeadOf(home);
            StandardStreams.Out.WriteLine(HeadSignature.Sign(home, head, runs, parsed.GetValue(key)!));
        });
        return command;
    }

    private static Command Verify()
    {
        var heads = new KnownHeadOptions();
        var command = new Command(
            "verify",
            """
            Check the ledger and its known heads.
            Checks that no record was edited, deleted, moved or inserted, and that the ledger still matches the heads pinned
            by reports, git notes (refs/notes/breakhis) and signatures. Exits with 1 if a check fails.

            Examples:
              dotnet breakhis ledger verify
              dotnet breakhis ledger verify --report reports/quickstart.html
            """
        );
        heads.AddTo(command);
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            (IReadOnlyList<KnownHead> Heads, string? NotesUnread) known = heads.Known(parsed, home);
            var files = RecordFiles.Of(home);
            using var ledger = LedgerDatabase.OpenForAudit(home.Ledger);
            return Print(RecordLevel.Of(heads, parsed, ledger, files, known, null));
        });
        return command;
    }

    private static Command Rebuild()
    {
        Option<string?> to = new Option<string?>("--to")
        {
            Description = "Write the rebuilt ledger to this new file instead",
            HelpName = "FILE",
        }.WritesFile();
        var command = new Command(
            "rebuild",
            """
            Rebuild the ledger from the run folders.
            Reads the record file of every run. An existing ledger is kept under another name; if it has records that the run
            folders lack, nothing is changed.

            Example:
              dotnet breakhis ledger rebuild
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
                notes.WriteLine($"the previous ledger is now {made.KeptAside}");
            }

            StandardStreams.Out.WriteLine(made.Path);
            StandardStreams.Out.WriteLine(
                Invariant(
                    $"{Plural.Of(made.Runs, "run")}, {Plural.Of(made.Head.Records, "record")}, head {made.Head.Head}"
                )
            );
            return made.Missing.Count == 0 ? 0 : Failure.Found;
        });
        return command;
    }

    private static Command Adopt()
    {
        var id = new Argument<string?>("ID")
        {
            Description = "The ledger's ID, which the command prints if it is missing",
            DefaultValueFactory = _ => null,
        };
        var command = new Command(
            "adopt",
            """
            Make a ledger your own.
            For your own ledger on a new machine or account. Runs of other ledgers do not count as made here: 'run' does not
            take them as done, and 'audit --rerun' does not build their code without --trust-code.

            Examples:
              dotnet breakhis ledger adopt
              dotnet breakhis ledger adopt 0a1b2c3d4e5f60718293a4b5c6d7e8f9
            """
        )
        {
            id,
        };
        command.SetAction(parsed => Adopt(RootOptions.HomeOf(parsed), parsed.GetValue(id)));
        return command;
    }

    private static int Adopt(HomeFolder home, string? given)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        LedgerHead head = ledger.Head();
        string id =
            head.Id
            ?? throw new LedgerException(
                LedgerFault.Missing,
                head.Records == 0
                    ? $"{home.Ledger} has no records to adopt yet"
                    : $"{home.Ledger} has no ID, so it cannot be adopted; import its runs into a ledger of your own"
            );
        if (ledger.IsOwn)
        {
            StandardStreams.Out.WriteLine($"{home.Ledger}: is already your own");
            return 0;
        }

        if (given is null)
        {
            StandardStreams.Out.WriteLine(
                $"{home.Ledger}: another account began this ledger, with {Plural.Of(ledger.List(new RunFilter()).Runs.Count, "run")}."
            );
            StandardStreams.Out.WriteLine(
                "If you adopt it, its runs count as made by you: 'run' takes them as done and resumes them, and 'audit --rerun' builds and runs the code that they recorded."
            );
            StandardStreams.Out.WriteLine($"If it is yours: dotnet breakhis ledger adopt {id}");
            return Failure.Found;
        }

        if (given != id)
        {
            throw new InputException($"{home.Ledger} is ledger {id}, not {given}");
        }

        if (OwnLedgers.OfAccount.Add(id) is string fault)
        {
            throw new InputException(ProblemCodes.FileAccess, $"the ledger cannot be adopted: {fault}");
        }

        StandardStreams.Out.WriteLine($"{home.Ledger}: is now your own");
        return 0;
    }

    /// <summary>Returns the head to publish, and the last runs that were made in the ledger.</summary>
    private static (KnownHead Head, IReadOnlyList<KnownHead> Runs) HeadOf(HomeFolder home)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        LedgerHead head = ledger.Head();
        return head.Records > 0
            ? (KnownHead.Of(head, "the ledger"), ledger.LastMadeHere(PinnedRuns))
            : throw new LedgerException(LedgerFault.Missing, $"{home.Ledger} has no records yet");
    }

    private static int Print(IReadOnlyList<AuditEntry> checks)
    {
        var summary = AuditSummary.Of(checks);
        StandardStreams.Out.WriteLine(AuditText.Line(summary));
        foreach (string line in AuditText.NotPassed(summary))
        {
            StandardStreams.Out.WriteLine(line);
        }

        StandardStreams.Out.WriteLine();
        StandardStreams.Out.WriteLine("compared:");
        foreach (string line in AuditText.Compared(summary))
        {
            StandardStreams.Out.WriteLine(line);
        }

        return summary.Failed == 0 ? 0 : Failure.Found;
    }
}
