using BreakHis.Audit;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Numerics;
using BreakHis.Statistics;
using Xunit;

namespace BreakHis.Tests.Audit.Rerun;

/// <summary>Conclusions from a sample of reruns about all runs.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    public void The_bound_equals_the_one_from_counting_every_sample(int population)
    {
        for (int sample = 1; sample <= population; sample++)
        {
            for (int found = 0; found <= sample; found++)
            {
                int expected = Enumerable
                    .Range(0, population + 1)
                    .Where(defects => found <= defects && sample - found <= population - defects)
                    .Last(defects => Counted(population, defects, sample, found) > 0.05m);
                Assert.Equal(expected, SampleBound.Upper(population, sample, found));
            }
        }
    }

    [Theory]
    [InlineData(100, 10, 0, 24)]
    [InlineData(1000, 59, 0, 48)]
    [InlineData(20, 20, 3, 3)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(10, 1, 1, 10)]
    public void Known_bounds(int population, int sample, int found, int bound) =>
        Assert.Equal(bound, SampleBound.Upper(population, sample, found));

    [Theory]
    [InlineData(10, 5, -1)]
    [InlineData(10, 5, 6)]
    [InlineData(10, 11, 0)]
    public void An_impossible_sample_has_no_bound(int population, int sample, int found) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleBound.Upper(population, sample, found));

    /// <summary>One of two is drawn. If one is defective, the sample misses it half of the time.</summary>
    [Fact]
    public void A_number_of_defects_is_excluded_only_below_the_confidence()
    {
        Assert.Equal(0, SampleBound.Upper(2, 1, 0, confidence: 0.5));
        Assert.Equal(1, SampleBound.Upper(2, 1, 0, confidence: 0.51));
    }

    /// <summary>Whatever the truth is, at least 95 % of samples give a bound that is not below it.</summary>
    [Theory]
    [InlineData(40, 8)]
    [InlineData(200, 20)]
    public void The_bound_has_its_nominal_coverage_in_simulation(int population, int sample)
    {
        const int Trials = 4000;
        int[] bounds =
        [
            .. Enumerable.Range(0, sample + 1).Select(found => SampleBound.Upper(population, sample, found)),
        ];
        double least = 1;
        foreach (int defects in Enumerable.Range(0, 11).Select(i => i * population / 10))
        {
            var random = RandomStream.From(1, "coverage", population, $"{defects}");
            int covered = Enumerable
                .Range(0, Trials)
                .Count(_ => bounds[random.Permutation(population).Take(sample).Count(i => i < defects)] >= defects);
            least = Math.Min(least, (double)covered / Trials);
        }

        // At most four standard errors below 95 %, and not far above it for every true proportion.
        Assert.InRange(least, 0.95 - (4 * Math.Sqrt(0.95 * 0.05 / Trials)), 0.99);
    }

    [Fact]
    public void A_draw_depends_only_on_population_head_and_seed_and_contains_only_finished_runs()
    {
        RunSummary[] runs =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(i => Line($"{i:0000000000}", i % 5 == 0 ? RunState.Failed : RunState.Finished)),
        ];
        var sample = AuditSample.Of(runs, [], Head("a"), 7, 10);
        var again = AuditSample.Of(runs.Reverse(), [], Head("a"), 7, 10);

        Assert.Equal(40, sample.Population.Count);
        Assert.Equal(sample.Draw(), again.Draw());
        Assert.Equal(sample.Entries(), again.Entries());
        Assert.Equal(10, sample.Draw().Distinct(StringComparer.Ordinal).Count());
        Assert.All(sample.Draw(), id => Assert.Contains(id, sample.Population, StringComparer.Ordinal));
        Assert.NotEqual(sample.Draw(), AuditSample.Of(runs, [], Head("a"), 8, 10).Draw());
        Assert.NotEqual(sample.Draw(), AuditSample.Of(runs, [], Head("b"), 7, 10).Draw());
        Assert.NotEqual(sample.Entries(), AuditSample.Of(runs[2..], [], Head("a"), 7, 10).Entries());
    }

    [Fact]
    public void Runs_that_cannot_be_rerun_count_as_not_reproduced()
    {
        RunSummary[] runs = [.. Enumerable.Range(0, 100).Select(i => Line($"{i:0000000000}", RunState.Finished))];
        var sample = AuditSample.Of(runs, [], Head("a"), 1, 10);
        AuditEntry Rerun(int i, AuditOutcome outcome) => new(AuditLevel.Rerun, "rerun", runs[i].Id, outcome, "");
        AuditEntry[] passed = [.. Enumerable.Range(0, 10).Select(i => Rerun(i, AuditOutcome.Pass))];

        AuditEntry all = sample.Judge(passed);
        AuditEntry unknown = sample.Judge([.. passed[1..], Rerun(0, AuditOutcome.Inconclusive)]);
        AuditEntry failed = sample.Judge([.. passed[1..], Rerun(0, AuditOutcome.Fail)]);

        Assert.Equal(
            [AuditOutcome.Pass, AuditOutcome.Inconclusive, AuditOutcome.Fail],
            ((AuditEntry[])[all, unknown, failed]).Select(check => check.Outcome)
        );
        Assert.EndsWith(
            "10 reproduced bit for bit, 0 not reproduced, 0 could not be rerun; with 95 % confidence, at most 24 % (24 of 100) do not reproduce here",
            all.Reason,
            StringComparison.Ordinal
        );
        string Bound(AuditEntry check) => check.Reason[check.Reason.IndexOf("at most", StringComparison.Ordinal)..];
        Assert.Equal(Bound(failed), Bound(unknown));
        Assert.NotEqual(Bound(all), Bound(failed));
    }

    private static LedgerHead Head(string head) => new("id", 1, head);

    private static RunSummary Line(string id, RunState state) => new(id, "x", state, 1, [], "", "", null, null, null);

    /// <summary>The fraction of all samples with at most this many defects, counted with integers.</summary>
    private static decimal Counted(int population, int defects, int sample, int found) =>
        Enumerable.Range(0, found + 1).Sum(i => Choose(defects, i) * Choose(population - defects, sample - i))
        / Choose(population, sample);

    private static decimal Choose(int n, int k)
    {
        if (k < 0 || k > n)
        {
            return 0;
        }

        decimal result = 1;
        for (int i = 1; i <= k; i++)
        {
            result = result * (n - k + i) / i;
        }

        return result;
    }
}
