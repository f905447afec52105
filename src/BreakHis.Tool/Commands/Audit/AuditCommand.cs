using System.CommandLine;
using System.CommandLine.Parsing;
using BreakHis.Audit;
using BreakHis.Audit.Inputs;
using BreakHis.Audit.Output;
using BreakHis.Audit.Record;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Audit;

/// <summary><c>audit</c>: checks past runs against their record.</summary>
internal static class AuditCommand
{
    private static readonly Argument<string[]> Runs = new("RUN")
    {
        Description = "Runs: ids, unique prefixes, @1 for the last, or spec names (their last run) [default: @1]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> All = new("--all") { Description = "Check every run in the ledger" };

    private static readonly Option<string[]> Levels = new("--level")
    {
        Description = "Level to check: record, artifacts or inputs; repeatable [default: all]",
        HelpName = "LEVEL",
    };

    private static readonly Option<bool> Rerun = new("--rerun")
    {
        Description = "Also rerun each run from its record and compare bit for bit, epoch by epoch",
    };

    private static readonly Option<int?> Sample = new("--sample")
    {
        CustomParser = NumberArgument.Between(1, int.MaxValue),
        Description = "Rerun K random finished runs and report a confidence bound",
        HelpName = "K",
    };

    private static readonly Option<long?> Seed = new("--sample-seed")
    {
        CustomParser = NumberArgument.Parse<long>,
        Description = "A number that determines the sample, together with the ledger's head [default: drawn at random]",
        HelpName = "N",
    };

    private static readonly Option<bool> Record = new("--record")
    {
        Description = "Record reruns and samples in your own ledger; without it, no ledger is changed",
    };

    private static readonly Option<string?> RecordIn = new("--record-in")
    {
        Description =
            "The home folder in whose ledger to record [default: the audited one if it is yours, else that of the current folder]",
        HelpName = "DIR",
    };

    private static readonly Option<bool> TrustCode = new("--trust-code")
    {
        Description =
            "Build and run recorded code even if the run was not made here, or its patch changes what a build executes",
    };

    private static readonly Option<bool> InSandbox = new("--sandbox")
    {
        Description =
            "Run all recorded code in a bubblewrap sandbox [default: only code of runs not made here, if it is installed]",
    };

    private static readonly Option<string?> Format = new("--format")
    {
        Description = "text, html, json, sarif or junit [default: html if --out ends with .html, else text]",
        HelpName = "FORMAT",
    };

    private static readonly Option<string?> Output = new("--out")
    {
        Description = "File to write instead of standard output",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The image folder, if it has moved",
        HelpName = "DIR",
    };

    private static readonly Option<string?> Weights = new("--weights")
    {
        Description = "The weights, if they have moved",
        HelpName = "FILE",
    };

    private static readonly KnownHeadOptions Heads = new();

    private static readonly AuditLevel[] Choosable = [AuditLevel.Record, AuditLevel.Artifacts, AuditLevel.Inputs];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Levels.AcceptOnly([.. Choosable.Select(AuditText.Word)]);
        Output.WritesFile();
        Data.Reads();
        Weights.Reads();
        Format.AcceptOnly(AuditOutput.Formats);
        var command = new Command(
            "audit",
            """
            Check past runs against their record.
            Checks whether the record is intact, whether every file has its recorded hash, and whether every input of the run
            is still available and unchanged; with --rerun, also whether the run is reproduced bit for bit. Each check passes, fails
            or is inconclusive, with the reason. Exits with 1 if a check fails, and with 2 if there is
            nothing to audit.

            Examples:
              dotnet breakhis audit
              dotnet breakhis audit quickstart --rerun
              dotnet breakhis audit --sample 10
              dotnet breakhis audit --all --out audit.html
            """
        );
        command.Arguments.Add(Runs);
        foreach (
            Option option in (Option[])
                [
                    All,
                    Levels,
                    Rerun,
                    Sample,
                    Seed,
                    Record,
                    RecordIn,
                    TrustCode,
                    InSandbox,
                    Format,
                    Output,
                    Data,
                    Weights,
                ]
        )
        {
            command.Options.Add(option);
        }

        Heads.AddTo(command);
        command.Validators.Add(RequireOthers);
        command.SetAction((parsed, _) => Audit(parsed));
        return command;
    }

    private static async Task<int> Audit(ParseResult parsed)
    {
        using var interruption = new CancelOnSignal();
        HomeFolder home = RootOptions.HomeOf(parsed);
        RequireOther(parsed, home);
        DemandOneChoice(parsed);
        (IReadOnlyList<KnownHead> Heads, string? NotesUnread) known = Heads.Known(parsed, home);
        var files = RecordFiles.Of(home);
        using var ledger = LedgerDatabase.OpenForAudit(home.Ledger);
        using AuditNotes? notes = NotesOf(parsed, ledger);
        RunList list = ledger.List(new RunFilter());
        AuditSample? sample = parsed.GetValue(Sample) is int size
            ? AuditSampling.Fix(ledger, list, size, parsed.GetValue(Seed), notes)
            : null;
        IReadOnlyList<string> ids = sample?.Draw() ?? Chosen(parsed, ledger, list);
        AuditPlace place = AuditPlaces.Of(home, parsed.GetValue(Data), parsed.GetValue(Weights));
        AuditLevel[] chosen = LevelsOf(parsed);
        ILookup<string, AuditEntry> record = (
            chosen.Contains(AuditLevel.Record) ? RecordLevel.Of(Heads, parsed, ledger, files, known, [.. ids]) : []
        ).ToLookup(check => check.Run ?? "", StringComparer.Ordinal);
        using var levels = new FileLevels(place, chosen, interruption.Token);
        AuditRerun? rerun = RunsAgain(parsed)
            ? new AuditRerun(
                place,
                new CodeTrust(place, parsed.GetValue(TrustCode), parsed.GetValue(InSandbox)),
                (run, note) => notes?.Write(run, note)
            )
            : null;
        List<AuditEntry> checks = [.. record[""]];
        foreach (string id in ids)
        {
            interruption.Token.ThrowIfCancellationRequested();
            checks.AddRange(record[id]);
            RecordedRun? run = null;
            IReadOnlyList<AuditEntry> ofFiles = await Read(
                id,
                () =>
                {
                    run = ledger.Load(id);
                    return Task.FromResult<IReadOnlyList<AuditEntry>>([.. levels.Of(run)]);
                }
            );
            IReadOnlyList<AuditEntry> ofRerun =
                rerun is null || run is null ? [] : await Read(id, () => rerun.Of(run, interruption.Token));
            checks.AddRange(ofFiles.Concat(ofRerun.Except(ofFiles)));
        }

        if (sample is not null)
        {
            checks.Add(AuditSampling.End(sample, checks, notes));
        }

        var summary = AuditSummary.Of(checks);
        string? file = parsed.GetValue(Output);
        AuditOutput.Write(AuditOutput.FormatOf(parsed.GetValue(Format), file), file, summary, ledger, list.Runs);
        return summary.Failed == 0 ? 0 : Failure.Found;
    }

    /// <summary>Returns checks, or one that fails if the record of the run cannot be read.</summary>
    private static async Task<IReadOnlyList<AuditEntry>> Read(string run, Func<Task<IReadOnlyList<AuditEntry>>> check)
    {
        try
        {
            return await check();
        }
        catch (Exception e) when (e is LedgerException { Fault: LedgerFault.Malformed } || MalformedRecord.IsCause(e))
        {
            return [RunRecordChecks.Unreadable(run, e)];
        }
    }

    /// <summary>Refuses an output over what the audit reads, or in a home folder that it reads or writes.</summary>
    private static void RequireOther(ParseResult parsed, HomeFolder home)
    {
        string[] read =
        [
            .. Heads.Reports(parsed),
            .. ((string?[])[Heads.Signers(parsed), parsed.GetValue(Weights)]).OfType<string>(),
        ];
        HomeFolder[] homes =
        [
            home,
            RootOptions.OwnHome(),
            .. parsed.GetValue(RecordIn) is string named ? (HomeFolder[])[RootOptions.HomeIn(named)] : [],
        ];
        foreach (HomeFolder one in homes)
        {
            PathOption.RequireOther(Output, parsed.GetValue(Output), one, read);
        }
    }

    private static bool RunsAgain(ParseResult parsed) => parsed.GetValue(Rerun) || parsed.GetValue(Sample) is not null;

    /// <summary>Where to note what the audit finds; null if the user did not ask for notes.</summary>
    private static AuditNotes? NotesOf(ParseResult parsed, LedgerDatabase ledger)
    {
        string? named = parsed.GetValue(RecordIn);
        return named is null && !parsed.GetValue(Record)
            ? null
            : AuditNotes.In(ledger, RootOptions.OwnHome(), named is null ? null : RootOptions.HomeIn(named));
    }

    private static void RequireOthers(CommandResult result)
    {
        bool Has(Option option) => result.GetResult(option) is { Implicit: false };
        if (Has(Seed) && !Has(Sample))
        {
            result.AddError("--sample-seed needs --sample");
        }

        foreach (Option option in (Option[])[Record, RecordIn])
        {
            if (Has(option) && !Has(Rerun) && !Has(Sample))
            {
                result.AddError($"{option.Name} needs --rerun or --sample, whose results it records");
            }
        }
    }

    private static void DemandOneChoice(ParseResult parsed)
    {
        string[] chosen =
        [
            .. parsed.GetValue(Runs) is { Length: > 0 } ? (string[])["RUN"] : [],
            .. parsed.GetValue(All) ? (string[])["--all"] : [],
            .. parsed.GetValue(Sample) is not null ? (string[])["--sample"] : [],
        ];
        if (chosen.Length > 1)
        {
            throw new InputException($"{string.Join(", ", chosen[..^1])} and {chosen[^1]} are mutually exclusive");
        }
    }

    private static string[] Chosen(ParseResult parsed, LedgerDatabase ledger, RunList list) =>
        parsed.GetValue(All)
            ? [.. list.Runs.Select(run => run.Id), .. list.Malformed.Select(run => run.Id)]
            :
            [
                .. (parsed.GetValue(Runs) is { Length: > 0 } named ? named : ["@1"])
                    .Select(ledger.ResolveRun)
                    .Distinct(StringComparer.Ordinal),
            ];

    private static AuditLevel[] LevelsOf(ParseResult parsed) =>
        parsed.GetValue(Levels) is { Length: > 0 } named
            ? [.. Choosable.Where(level => named.Contains(AuditText.Word(level)))]
            : Choosable;
}
