using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Tests.Ledger;
using Xunit;

namespace BreakHis.Tests.Audit.Rerun;

/// <summary>A run is graded by measured reproductions, separately for each condition.</summary>
public sealed class ReproductionTests : IDisposable
{
    private const string Other = "0000000001";

    private readonly AuditedRuns _runs = new();
    private readonly RecordedRun _run;

    public ReproductionTests()
    {
        RecordedRun made = _runs.Run();
        _run = Computed(made, "boot space 1", "one", "a processor");
    }

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Without_a_rerun_there_is_no_grade() =>
        Assert.Equal(
            Enumerable.Repeat("no outcome is recorded", Enum.GetValues<ReproductionCondition>().Length),
            Grades([], []).Select(ReproductionText.Result)
        );

    [Fact]
    public void Another_process_on_the_same_machine_is_not_another_machine()
    {
        Assert.Equal(
            $"same process: same bits: run {Other}",
            Told(Computed(_run, "boot space 1", "one", "a processor"))
        );
        Assert.Equal(
            $"another process: same bits: run {Other}",
            Told(Computed(_run, "boot space 2", "one", "a processor"))
        );

        // A different container on the same boot, and a different host name with the same kind of processor.
        Assert.Equal(
            $"another process: same bits: run {Other}",
            Told(Computed(_run, "boot other 2", "two", "another"))
        );
        Assert.Equal(
            $"another process: same bits: run {Other}",
            Told(Computed(_run, "boot2 space 2", "two", "a processor"))
        );
        Assert.Equal(
            $"another machine: same bits: run {Other}",
            Told(Computed(_run, "boot2 space 2", "two", "another"))
        );
    }

    [Fact]
    public void A_machine_without_a_name_is_known_by_its_boot()
    {
        RecordedRun Unnamed(string process) =>
            Computed(_run, process, "", "") with
            {
                Provenance = [.. _run.Provenance.Where(e => !e.Name.StartsWith("machine.", StringComparison.Ordinal))],
            };

        Assert.Equal($"another process: same bits: run {Other}", Told(Unnamed("boot space 2")));
        Assert.Equal($"another machine: same bits: run {Other}", Told(Unnamed("boot2 space 2")));
    }

    [Fact]
    public void Threads_software_and_instruction_sets_are_graded_separately()
    {
        RecordedRun process = Computed(_run, "boot space 2", "one", "a processor");
        RecordedRun threads = process with
        {
            Plan = _run.Plan.Replace("\"threads\":1", "\"threads\":2", StringComparison.Ordinal),
        };
        Assert.Equal($"another thread count: same bits: run {Other}", Told(threads));
        Assert.Equal($"other software: same bits: run {Other}", Told(With(process, "compute.torch", "2")));

        RecordedRun machine = Computed(_run, "boot2 space 2", "two", "another");
        Assert.Equal(
            $"another machine: same bits: run {Other}",
            Told(With(machine, "compute.instruction_set", "avx2"))
        );
        Assert.Equal($"other software: same bits: run {Other}", Told(With(process, "compute.instruction_set", "avx2")));

        // Two changes together show nothing about either.
        Assert.Equal("", Told(With(threads, "compute.torch", "2")));
        Assert.Equal("", Told(With(machine, "compute.torch", "2")));
    }

    [Fact]
    public void Different_bits_are_reported_with_their_position()
    {
        RecordedRun other = Computed(_run, "boot space 2", "one", "a processor");
        other = other with
        {
            Stages =
            [
                other.Stages[0] with
                {
                    Features = other.Stages[0].Features! with { Sha256 = SyntheticRun.Hash(1) },
                },
                other.Stages[1],
            ],
        };

        Assert.StartsWith(
            $"another process: different bits, first difference: run {Other} in bottleneck: features (here ",
            Told(other),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_noted_rerun_counts_unless_it_could_not_be_run()
    {
        RecordedRun again = Computed(_run, "boot space 9", "one", "a processor");
        string id = _run.Summary.Id;
        foreach (RerunNote note in (RerunNote[])[RerunNote.Of(again, null), RerunNote.Without("no data")])
        {
            _runs.Ledger.Note(id, RerunNote.Kind, SyntheticRun.Start, note.Entries());
        }

        _runs.Ledger.Note(id, "another_kind", SyntheticRun.Start, ("outcome", "same"));
        RerunNote[] read = [.. RerunNote.Of(_run, _runs.Ledger.Notes(id), [])];

        Assert.Equal([RerunOutcome.Same, RerunOutcome.NotRun], read.Select(note => note.Outcome));
        Assert.Equal(again.Processes[0], read[0].Process);
        ReproductionGrade grade = Assert.Single(Grades([], read), grade => grade.Trials.Count > 0);
        Assert.Equal(ReproductionCondition.AnotherProcess, grade.Condition);
        Assert.Equal("same bits: rerun of 2026-03-01T10:00:00Z", ReproductionText.Result(grade));
    }

    [Fact]
    public void Equivalent_runs_are_found_on_any_environment()
    {
        RecordedRun like = _runs.Run();
        RecordedRun seed = _runs.Run(seed: 2);
        _runs.Write("data/benign/0.png", "another image");
        _runs.Run();

        Assert.Equal([like.Summary.Id], _runs.Ledger.FindAlike(_run.Summary.Id));
        Assert.Empty(_runs.Ledger.FindAlike(seed.Summary.Id));
    }

    private string Told(RecordedRun other) =>
        string.Join(
            "; ",
            Grades([other with { Summary = other.Summary with { Id = Other } }], [])
                .Where(grade => grade.Trials.Count > 0)
                .Select(grade => $"{ReproductionText.Word(grade.Condition)}: {ReproductionText.Result(grade)}")
        );

    private IReadOnlyList<ReproductionGrade> Grades(IEnumerable<RecordedRun> others, IEnumerable<RerunNote> reruns) =>
        ReproductionGrade.Of(_run, others, reruns);

    private static RecordedRun Computed(RecordedRun run, string process, string machine, string processor) =>
        With(With(run, "machine.name", machine), "machine.processor", processor) with
        {
            Processes = [new RunProcess(1, process, machine)],
        };

    private static RecordedRun With(RecordedRun run, string name, string value) =>
        run with
        {
            Provenance = [.. run.Provenance.Where(entry => entry.Name != name), new ProvenanceEntry(name, value)],
        };
}
