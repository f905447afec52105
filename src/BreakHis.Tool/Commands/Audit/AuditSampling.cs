using System.Buffers.Binary;
using System.Security.Cryptography;
using BreakHis.Audit;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Terminal;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>Samples of past runs, noted in the ledger's own chain.</summary>
internal static class AuditSampling
{
    /// <summary>Fixes population, seed and size, and notes them, before any run is drawn.</summary>
    /// <param name="size">The number of runs to draw.</param>
    /// <param name="seed">The seed, or null for one from the system.</param>
    /// <exception cref="InputException">There are fewer finished runs than the size.</exception>
    public static AuditSample Fix(LedgerDatabase ledger, IReadOnlyList<RunSummary> runs, int size, long? seed)
    {
        var sample = AuditSample.Of(runs, seed ?? FromSystem(), size);
        if (size < 1 || size > sample.Population.Count)
        {
            throw new InputException(
                Invariant(
                    $"--sample: {size} is not between 1 and {sample.Population.Count}, the number of finished runs"
                )
            );
        }

        ledger.Note(LedgerNote.Ledger, AuditSample.Kind, DateTimeOffset.UtcNow, sample.Entries());
        StandardStreams.Error.WriteLine(
            Invariant(
                $"recorded in the ledger before drawing: {sample.Population.Count} finished runs, seed {sample.Seed}, {size} to draw"
            )
        );
        return sample;
    }

    /// <summary>Evaluates the sample, and notes the result.</summary>
    /// <param name="checks">The checks of the drawn runs.</param>
    public static AuditEntry End(LedgerDatabase ledger, AuditSample sample, IReadOnlyList<AuditEntry> checks)
    {
        AuditEntry check = sample.Judge(checks);
        ledger.Note(
            LedgerNote.Ledger,
            AuditSample.EndKind,
            DateTimeOffset.UtcNow,
            [.. sample.Entries(), ("statement", check.Reason)]
        );
        return check;
    }

    // Not negative, so that it can be typed as the value of an option.
    private static long FromSystem() =>
        BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
}
