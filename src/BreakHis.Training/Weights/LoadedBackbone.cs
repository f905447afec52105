using BreakHis.Plans;
using BreakHis.Training.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>A plan's backbone with its weights loaded, and the preprocessing that belongs to them.</summary>
internal sealed record LoadedBackbone(Backbone Backbone, Preprocessing Preprocessing) : IDisposable
{
    /// <summary>The head that comes with the weights, or null.</summary>
    public PretrainedHead? Head { get; init; }

    /// <summary>Loads or draws the weights of a plan.</summary>
    /// <param name="seed">The seed of drawn weights; null if the weights are loaded.</param>
    /// <param name="device">The device for the weights: cpu or cuda.</param>
    /// <exception cref="WeightsException">The weights cannot be read.</exception>
    /// <exception cref="TrainingException">The weights have changed since the plan was made.</exception>
    public static LoadedBackbone Load(string name, WeightsPlan planned, long? seed, string device)
    {
        if (planned.File is null)
        {
            var untrained = Backbone.Create(name, BackboneTraits.Default);
            InitialWeights.Draw(untrained, seed!.Value);
            return On(device, untrained, Given(planned) ?? Preprocessing.MinusOneToOne);
        }

        using PretrainedWeights weights = WeightsReader.Read(planned.File, name);
        return weights.Sha256 == planned.Sha256
            ? On(device, weights.CreateBackbone(), Given(planned) ?? weights.Preprocessing) with
            {
                Head = weights.Head?.Copy(),
            }
            : throw new TrainingException($"{planned.File}: has changed since the run was planned");
    }

    private static Preprocessing? Given(WeightsPlan planned) =>
        planned.Given is { } given ? Preprocessing.Of(given) : null;

    private static LoadedBackbone On(string device, Backbone backbone, Preprocessing preprocessing)
    {
        backbone.to(new Device(device));
        return new LoadedBackbone(backbone, preprocessing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Backbone.Dispose();
        Head?.Dispose();
    }
}
