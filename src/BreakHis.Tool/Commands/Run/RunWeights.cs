using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Run;

/// <summary>The weights that a run of the ledger kept, for a spec that starts from them.</summary>
internal static class RunWeights
{
    /// <summary>Finds the run's weights and verifies them against the ledger.</summary>
    /// <param name="run">The run's ID or the name of its spec.</param>
    /// <exception cref="LedgerException">No run matches or has such weights, or several have different ones.</exception>
    /// <exception cref="WeightsException">The file is missing, or not the one that the run recorded.</exception>
    public static WeightsPlan Of(ModelSpec model, string run, HomeFolder home)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        KeptWeights kept = ledger.FindWeights(run);
        RunFolder folder = home.Run(kept.RunId);
        foreach (HashedFile recorded in kept.Others.Prepend(kept.Weights))
        {
            RequireUnchanged(folder, recorded, kept.RunId);
        }

        return PlannedWeights.Of(model, folder.File(kept.Weights.Path), home.Weights) with
        {
            Run = kept.RunId,
            TrainedOn = kept.TrainedOn,
            Origin =
                $"kept by run {kept.RunId} ({OneLine.Of(kept.Name)}){(kept.IsMadeHere ? "" : ", which was not made here")}",
        };
    }

    private static void RequireUnchanged(RunFolder folder, HashedFile recorded, string run)
    {
        string file = folder.File(recorded.Path);
        if (!File.Exists(file))
        {
            throw new WeightsException($"{file}: missing; run {run} recorded it");
        }

        WeightsSource.CheckKind(file);
        if (new FileInfo(file).Length is var bytes && bytes != recorded.Bytes)
        {
            throw new WeightsException(
                $"{file}: has changed since run {run} recorded it: it has {Plural.Of(bytes, "byte")}, recorded {recorded.Bytes}"
            );
        }

        if (folder.Hashed(recorded.Path).Sha256 is var found && found != recorded.Sha256)
        {
            throw new WeightsException(
                $"{file}: has changed since run {run} recorded it: SHA-256 is {found}, recorded {recorded.Sha256}"
            );
        }
    }
}
