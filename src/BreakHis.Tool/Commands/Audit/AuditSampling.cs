using System.Buffers.Binary;
using System.Security.Cryptography;
using BreakHis.Audit;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>Samples of past runs.</summary>
internal static class AuditSampling
{
    /// <summary>Fixes population, seed and size before any run is drawn.</summary>
    /// <param name="size">The number of runs to draw.</param>
    /// <param name="seed">The auditor's number, or null for one from the system.</param>
    /// <param name="notes">Where to note them, or null.</param>
    /// <exception cref="InputException">There are fewer finished runs than the size.</exception>
    public static AuditSample Fix(LedgerDatabase ledger, RunList runs, int size, long? seed, AuditNotes? notes)
    {
        var sample = AuditSample.Of(
            runs.Runs,
            runs.Malformed.Select(run => run.Id),
            ledger.Head(),
            seed ?? FromSystem(),
            size
        );
        if (size < 1 || size > sample.Population.Count)
        {
            throw new InputException(
                Invariant(
                    $"--sample: cannot draw {size}; the ledger has {Plural.Of(sample.Population.Count, "finished run")}"
                )
            );
        }

        notes?.Write(AuditSample.Kind, sample.Entries());
        StandardStreams.Error.WriteLine(
            Invariant(
                $"{(notes is null ? "before drawing" : "recorded before drawing")}: {Plural.Of(sample.Population.Count, "finished run")}, seed {sample.Seed}, {size} to draw"
            )
        );
        return sample;
    }

    /// <summary>Evaluates the sample, and notes the result.</summary>
    /// <param name="checks">The checks of the drawn runs.</param>
    /// <param name="notes">Where to note it, or null.</param>
    public static AuditEntry End(AuditSample sample, IReadOnlyList<AuditEntry> checks, AuditNotes? notes)
    {
        AuditEntry check = sample.Judge(checks);
        notes?.Write(AuditSample.EndKind, [.. sample.Entries(), ("statement", check.Reason)]);
        return check;
    }

    // Not negative, so that it can be typed as the value of an option.
    private static long FromSystem() =>
        BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
}
