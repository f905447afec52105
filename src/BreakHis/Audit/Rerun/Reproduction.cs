using BreakHis.Audit.Differences;
using BreakHis.Audit.Inputs;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;

namespace BreakHis.Audit.Rerun;

/// <summary>What was another when a run's experiment was run once more; everything else was the same.</summary>
internal enum ReproductionCondition
{
    /// <summary>Nothing, not even the process.</summary>
    SameProcess,

    /// <summary>The process.</summary>
    AnotherProcess,

    /// <summary>The number of threads.</summary>
    AnotherThreadCount,

    /// <summary>The machine.</summary>
    AnotherMachine,

    /// <summary>The build of the tool, a library, or a variable that libraries read.</summary>
    OtherSoftware,
}

/// <summary>One time that a run's experiment was run once more.</summary>
/// <param name="What">The other run, or the rerun.</param>
/// <param name="Difference">Where it first differs; null where it is the same bits.</param>
internal sealed record ReproductionTrial(string What, string? Difference);

/// <summary>What is known of a run under one condition. Without a trial, nothing is.</summary>
/// <param name="Trials">The times it was tried.</param>
internal sealed record ReproductionGrade(ReproductionCondition Condition, IReadOnlyList<ReproductionTrial> Trials)
{
    /// <summary>
    /// Grades a run by what was measured: other runs of the same experiment in the ledger, and reruns that audits noted.
    /// Where more than one thing was another, the trial tells of no single condition and is left out.
    /// </summary>
    /// <param name="others">Other finished runs of the same experiment.</param>
    /// <returns>A grade for each condition, in order.</returns>
    public static IReadOnlyList<ReproductionGrade> Of(
        RecordedRun run,
        IEnumerable<RecordedRun> others,
        IEnumerable<RerunNote> reruns
    )
    {
        var own = Computing.Of(run);
        ILookup<ReproductionCondition?, ReproductionTrial> trials = others
            .Select(other =>
                (
                    Condition: own.ConditionOf(Computing.Of(other)),
                    Trial: new ReproductionTrial(
                        $"run {other.Line.Id}",
                        FirstDifference.Between(run, other)?.Text("here", "there")
                    )
                )
            )
            .Concat(
                reruns
                    .Where(rerun => rerun.Outcome != RerunNote.NotRun)
                    .Select(rerun =>
                        (
                            Condition: own.ConditionOf(Computing.Of(rerun)),
                            Trial: new ReproductionTrial(
                                $"rerun of {rerun.At}",
                                rerun.Outcome == RerunNote.Same ? null : rerun.Reason
                            )
                        )
                    )
            )
            .ToLookup(pair => pair.Condition, pair => pair.Trial);
        return
        [
            .. Enum.GetValues<ReproductionCondition>()
                .Select(condition => new ReproductionGrade(condition, [.. trials[condition]])),
        ];
    }

    /// <summary>What computed a result, and where.</summary>
    private sealed record Computing(
        IReadOnlyList<RunProcess> Processes,
        string Threads,
        string? Machine,
        string? Processor,
        IReadOnlyDictionary<string, string> Software
    )
    {
        public static Computing Of(RecordedRun run) => Of(run.Processes, run.Threads(), run.Provenance);

        public static Computing Of(RerunNote rerun) =>
            Of(rerun.Process is null ? [] : [rerun.Process], rerun.Threads, rerun.Facts);

        public ReproductionCondition? ConditionOf(Computing other)
        {
            bool machine = !IsSameMachine(other);
            bool threads = Threads != other.Threads;
            // The widest instruction set is the processor's.
            bool software = Names(other)
                .Any(name =>
                    !(machine && name == ProvenanceNames.ComputeInstructionSet)
                    && Software.GetValueOrDefault(name) != other.Software.GetValueOrDefault(name)
                );
            return (machine, threads, software) switch
            {
                (true, false, false) => ReproductionCondition.AnotherMachine,
                (false, true, false) => ReproductionCondition.AnotherThreadCount,
                (false, false, true) => ReproductionCondition.OtherSoftware,
                (false, false, false) => Processes is [var own] && other.Processes is [var its] && own == its
                    ? ReproductionCondition.SameProcess
                    : ReproductionCondition.AnotherProcess,
                _ => null,
            };
        }

        private static Computing Of(
            IReadOnlyList<RunProcess> processes,
            string threads,
            IReadOnlyList<ProvenanceEntry> facts
        ) =>
            new(
                processes,
                threads,
                facts.FirstOrDefault(fact => fact.Name == ProvenanceNames.MachineName)?.Value,
                facts.FirstOrDefault(fact => fact.Name == ProvenanceNames.MachineProcessor)?.Value,
                facts
                    .Where(fact => fact.Name.StartsWith(ProvenanceGroups.Compute, StringComparison.Ordinal))
                    .ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal)
            );

        private IEnumerable<string> Names(Computing other) =>
            Software.Keys.Union(other.Software.Keys, StringComparer.Ordinal);

        /// <summary>
        /// One boot is one machine, whatever containers call themselves. Where that does not tell, it is taken for the
        /// same unless both name and processor are others: a container's name is no proof of another machine.
        /// </summary>
        private bool IsSameMachine(Computing other) =>
            Boots(this).Intersect(Boots(other), StringComparer.Ordinal).Any()
            || Machine == other.Machine
            || Processor == other.Processor;

        private static IEnumerable<string> Boots(Computing of) =>
            of.Processes.Select(process => process.Started.Split(' ')).Where(p => p.Length == 3).Select(p => p[0]);
    }
}
