using BreakHis.Audit.Differences;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;

namespace BreakHis.Audit.Rerun;

/// <summary>The one condition that differed when a run's experiment ran again.</summary>
internal enum ReproductionCondition
{
    /// <summary>Nothing; it ran again in the same process.</summary>
    SameProcess,

    /// <summary>The process.</summary>
    AnotherProcess,

    /// <summary>The number of threads.</summary>
    AnotherThreadCount,

    /// <summary>The machine.</summary>
    AnotherMachine,

    /// <summary>The build of the tool, a library, or an environment variable that libraries read.</summary>
    OtherSoftware,
}

/// <summary>One repetition of a run's experiment.</summary>
/// <param name="What">The other run, or the rerun.</param>
/// <param name="Difference">The first difference; null if all bits are the same.</param>
internal sealed record ReproductionTrial(string What, string? Difference);

/// <summary>The reproducibility of a run under one condition; unknown without trials.</summary>
/// <param name="Trials">The repetitions under this condition.</param>
internal sealed record ReproductionGrade(ReproductionCondition Condition, IReadOnlyList<ReproductionTrial> Trials)
{
    /// <summary>
    /// Grades a run by its repetitions: other runs of the same experiment in the ledger, and reruns that audits noted.
    /// A repetition in which several conditions differed is inconclusive and is ignored.
    /// </summary>
    /// <param name="others">Other finished runs of the same experiment.</param>
    /// <returns>One grade per condition, in order.</returns>
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
                        $"run {other.Summary.Id}",
                        FirstDifference.Between(run, other)?.Text("here", "there")
                    )
                )
            )
            .Concat(
                reruns
                    .Where(rerun => rerun.Outcome != RerunOutcome.NotRun)
                    .Select(rerun =>
                        (
                            Condition: own.ConditionOf(Computing.Of(rerun)),
                            Trial: new ReproductionTrial(
                                $"rerun of {rerun.At}{(rerun.IsOurs ? "" : ", which another account recorded")}",
                                rerun.Outcome == RerunOutcome.Same ? null : rerun.Reason
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

    /// <summary>The software that computed a result, and where.</summary>
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
            // The widest instruction set belongs to the processor.
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
                    .Where(fact => fact.Group == ProvenanceGroups.Compute)
                    .ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal)
            );

        private IEnumerable<string> Names(Computing other) =>
            Software.Keys.Union(other.Software.Keys, StringComparer.Ordinal);

        /// <summary>
        /// The same boot ID means the same machine, even if containers have different names. If boot IDs do not decide,
        /// the machine counts as the same unless both name and processor differ: a container's name does not prove a
        /// different machine.
        /// </summary>
        private bool IsSameMachine(Computing other) =>
            Boots(this).Intersect(Boots(other), StringComparer.Ordinal).Any()
            || Machine == other.Machine
            || Processor == other.Processor;

        private static IEnumerable<string> Boots(Computing of) =>
            of.Processes.Select(process => process.BootId()).OfType<string>();
    }
}
