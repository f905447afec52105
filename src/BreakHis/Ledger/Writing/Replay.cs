using System.Diagnostics;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Writing;

/// <summary>
/// Compares repeated events. A run that resumes from a checkpoint repeats the work between checkpoint and interruption.
/// The repeated events must equal their records, and are not recorded twice.
/// </summary>
internal static class Replay
{
    /// <summary>Returns whether the ledger already has the event.</summary>
    /// <exception cref="LedgerException">The recorded event is different.</exception>
    public static bool IsRecorded(
        SqliteConnection connection,
        string run,
        RunEvent runEvent,
        IReadOnlyList<ImagePredicted> predictions
    ) =>
        runEvent switch
        {
            StageStarted started => StageReader.Stage(connection, run, started.Stage) is not null,
            FeaturesReady features => Has(StageReader.Stage(connection, run, features.Stage)?.Features, features),
            // Most records are epochs, so read one row rather than the complete stage.
            EpochEnded epoch => Has(StageReader.Epoch(connection, run, epoch.Stage, epoch.Epoch), epoch),
            StageEnded ended => StageReader.Stage(connection, run, ended.Stage) is { } stage
                && Has(stage, ended)
                && Has(connection, run, stage, predictions),
            // A resumed run writes checkpoints and files again, and each writing is recorded.
            CheckpointWritten or ArtifactWritten => false,
            _ => throw new UnreachableException($"{runEvent.GetType().Name} cannot be stored in the ledger"),
        };

    private static bool Has(FeaturesReady? recorded, FeaturesReady now) =>
        recorded is not null
        && Same(
            $"the features of {now.Stage}",
            [("key", recorded.Key, now.Key), ("SHA-256", recorded.Sha256, now.Sha256)]
        );

    private static bool Has(EpochEnded? recorded, EpochEnded now) =>
        recorded is not null
        && Same(
            Invariant($"epoch {now.Epoch} of {now.Stage}"),
            [
                ("order of images", recorded.OrderSha256, now.OrderSha256),
                ("training scores", recorded.Train?.InFull(), now.Train?.InFull()),
                ("state", recorded.StateSha256, now.StateSha256),
                ("validation scores", recorded.Validation.InFull(), now.Validation.InFull()),
                ("learning rate", Digits.InFull(recorded.LearningRate), Digits.InFull(now.LearningRate)),
                ("best so far", YesNo.Of(recorded.IsBest), YesNo.Of(now.IsBest)),
            ]
        );

    private static bool Has(RecordedStage recorded, StageEnded now) =>
        recorded.End is { } end
        && Same(
            $"the end of {now.Stage}",
            [
                ("kept epoch", Digits.Of(end.KeptEpoch), Digits.Of(now.KeptEpoch)),
                ("stopped early", YesNo.Of(end.StoppedEarly), YesNo.Of(now.StoppedEarly)),
                ("kept scores", end.Kept.InFull(), now.Kept.InFull()),
                ("test scores", end.Test?.InFull(), now.Test?.InFull()),
            ]
        );

    private static bool Has(
        SqliteConnection connection,
        string run,
        RecordedStage recorded,
        IReadOnlyList<ImagePredicted> predictions
    )
    {
        ILookup<int, string> before = ByImage(recorded.AllPredictions);
        ILookup<int, string> now = ByImage(predictions);
        foreach (int image in before.Concat(now).Select(group => group.Key).Distinct().Order())
        {
            if (!before[image].SequenceEqual(now[image], StringComparer.Ordinal))
            {
                string path = connection.Scalar<string>(
                    "SELECT path FROM all_images WHERE run_id = $1 AND image = $2",
                    run,
                    image
                );
                return Same(
                    $"the end of {recorded.Name}",
                    [($"the prediction for {path}", Text(before[image]), Text(now[image]))]
                );
            }
        }

        return true;
    }

    private static bool Same(string what, ReadOnlySpan<(string Name, string? Recorded, string? Now)> values)
    {
        foreach ((string name, string? recorded, string? now) in values)
        {
            if (recorded != now)
            {
                throw new LedgerException(
                    LedgerFault.Contradicted,
                    $"{what}: not reproduced after the interruption: {name} was {recorded ?? "none"}, is now {now ?? "none"}"
                );
            }
        }

        return true;
    }

    private static string? Text(IEnumerable<string> probabilities) =>
        probabilities.Any() ? string.Join(", ", probabilities) : null;

    private static ILookup<int, string> ByImage(IEnumerable<ImagePredicted> predictions) =>
        predictions.ToLookup(p => p.Image, p => LedgerText.Probabilities(p.Probabilities));
}
