using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>The weights that the fine_tune stage of a finished run kept.</summary>
/// <param name="Name">The name of its spec.</param>
/// <param name="Weights">The file of the weights.</param>
/// <param name="Others">The other files that belong to them: preprocessing and classes.</param>
/// <param name="IsMadeHere">Whether the run was made in this ledger.</param>
internal sealed record KeptWeights(
    string RunId,
    string Name,
    long Seed,
    HashedFile Weights,
    IReadOnlyList<HashedFile> Others,
    bool IsMadeHere
)
{
    private const string TrainedBefore = """
        WITH RECURSIVE before (id) AS (
            SELECT $1
            UNION SELECT provenance.value
            FROM before JOIN provenance ON provenance.run_id = before.id AND provenance.name = $2
        )
        SELECT DISTINCT images.sha256, images.patient
        FROM before JOIN images ON images.run_id = before.id
        WHERE images.side = $3
        """;

    /// <summary>The images that the weights were trained on, also by the runs whose weights this run started from.</summary>
    public IReadOnlyList<TrainedImage> TrainedOn { get; private init; } = [];

    /// <summary>
    /// Finds the weights that a spec names. Among runs of one name, those made here come before imported ones.
    /// </summary>
    /// <param name="hidden">The runs in quarantine.</param>
    /// <param name="isMadeHere">Whether a run was made in this ledger.</param>
    /// <exception cref="LedgerException">
    /// No run matches or has such weights, or several have different ones.
    /// </exception>
    public static KeptWeights Find(
        SqliteConnection connection,
        string reference,
        IReadOnlySet<string> hidden,
        Func<string, bool> isMadeHere
    )
    {
        IReadOnlyList<string> named = RunReference.Named(connection, reference, hidden);
        IReadOnlyList<string> runs = named.Count > 0 ? named : [RunReference.Resolve(connection, reference, hidden)];
        KeptWeights[] all = [.. runs.SelectMany(run => Of(connection, run, isMadeHere(run)))];
        bool anyMadeHere = Array.Exists(all, kept => kept.IsMadeHere);
        KeptWeights[] found =
        [
            .. all.Where(kept => kept.IsMadeHere || !anyMadeHere)
                .DistinctBy(kept => kept.Weights.Sha256, StringComparer.Ordinal),
        ];
        return found.Length switch
        {
            0 => throw new LedgerException(
                LedgerFault.UnknownRun,
                $"{Plural.Word(runs.Count, "run", "runs")} {Listing.Words(runs, shown: 3)} {Plural.Word(runs.Count, "has", "have")} no weights of a finished {StageNames.FineTune} stage"
            ),
            1 => found[0] with { TrainedOn = TrainedOnBy(connection, found[0].RunId) },
            _ => throw new LedgerException(
                LedgerFault.AmbiguousRun,
                $"the runs named '{reference}' kept different weights: {Listing.Words([.. found.Select(kept => $"{kept.RunId} (seed {Digits.Of(kept.Seed)})")], shown: 5)}; give the ID of one"
            ),
        };
    }

    /// <summary>The weights of one run, or none.</summary>
    private static IEnumerable<KeptWeights> Of(SqliteConnection connection, string run, bool isMadeHere)
    {
        List<(string Name, long Seed)> finished = connection.Query(
            "SELECT name, seed FROM run_summary WHERE id = $1 AND state = 'finished'",
            row => (row.GetString(0), row.GetInt64(1)),
            run
        );
        IReadOnlyList<ArtifactWritten> artifacts = RunReader.Artifacts(connection, run);
        return from of in finished
            from weights in artifacts
            where weights.Stage == StageNames.FineTune && RunFolder.IsWeights(StageNames.FineTune, weights.Path)
            let others = artifacts.Where(other => other.Path is RunFolder.Preprocessing or RunFolder.Classes)
            select new KeptWeights(run, of.Name, of.Seed, Hashed(weights), [.. others.Select(Hashed)], isMadeHere);
    }

    private static List<TrainedImage> TrainedOnBy(SqliteConnection connection, string run) =>
        connection.Query(
            TrainedBefore,
            row => new TrainedImage(row.GetString(0), row.GetString(1)),
            run,
            ProvenanceNames.WeightsRun,
            Sides.Word(Side.Train)
        );

    private static HashedFile Hashed(ArtifactWritten artifact) => new(artifact.Path, artifact.Sha256, artifact.Bytes);
}
