using System.Diagnostics;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>
/// Backbone and head as one network, with the selection of trained modules and the mode of batch norms.
/// </summary>
internal sealed class FineTuneNetwork
{
    private readonly Backbone _backbone;
    private readonly Head _head;
    private readonly FineTunePlan _plan;
    private readonly IReadOnlyList<(BatchNorm2d Norm, bool Trained)> _norms;
    private readonly int _firstTrainedBlock;

    public FineTuneNetwork(LoadedBackbone loaded, Head head, FineTunePlan plan)
    {
        _backbone = loaded.Backbone;
        _head = head;
        _plan = plan;
        IReadOnlySet<string> trained = TrainedModules.Of(_backbone, plan.TrainFrom);
        _norms = [.. _backbone.Units().Select(unit => (unit.Unit.Norm, trained.Contains($"{unit.Name}.bn")))];
        _firstTrainedBlock = _backbone.Blocks.TakeWhile(b => !trained.Any(name => IsWithin(name, b.Name))).Count();
        Freeze(trained);
    }

    /// <summary>The trained parameters, the backbone's first.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Trained =>
        [
            .. _backbone
                .named_parameters()
                .Where(p => p.parameter.requires_grad)
                .Select(p => (RunNetwork.BackbonePrefix + p.name, p.parameter)),
            .. _head.Trained,
        ];

    /// <summary>The backbone's blocks and the head's layers, in order.</summary>
    public IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Module)> Modules =>
        [.. _backbone.Blocks.Select(block => (RunNetwork.BackbonePrefix + block.Name, block.Module)), .. _head.Modules];

    /// <summary>All parameters and buffers.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> State =>
        [.. _backbone.state_dict().Select(p => (RunNetwork.BackbonePrefix + p.Key, p.Value)), .. _head.State];

    /// <summary>Maps images N×3×H×W to logits N×K. Blocks below the first trained one keep no gradient.</summary>
    public Tensor Logits(Tensor pictures)
    {
        Tensor map;
        using (no_grad())
        {
            map = _backbone.Run(pictures, 0, _firstTrainedBlock);
        }

        return _head.forward(Pooling.GlobalAverage(_backbone.Run(map, _firstTrainedBlock, _backbone.Blocks.Count)));
    }

    /// <summary>Switches to training mode, with the batch norms as the plan requires.</summary>
    public void EnterTraining()
    {
        _backbone.train();
        _head.train();
        foreach ((BatchNorm2d norm, bool trained) in _norms)
        {
            norm.momentum = Updates(trained) ? 1 - _plan.BatchNormMomentum : 0;
            norm.train(UsesBatch(trained));
        }
    }

    /// <summary>Switches to inference mode.</summary>
    public void EnterInference()
    {
        _backbone.eval();
        _head.eval();
    }

    private bool UsesBatch(bool trained) =>
        _plan.BatchNorm switch
        {
            BatchNormMode.Inference => false,
            BatchNormMode.InferenceIfFrozen => trained,
            BatchNormMode.BatchStatistics or BatchNormMode.BatchStatisticsUpdating => true,
            _ => throw new UnreachableException($"unknown: {_plan.BatchNorm}"),
        };

    private bool Updates(bool trained) => trained || _plan.BatchNorm == BatchNormMode.BatchStatisticsUpdating;

    private void Freeze(IReadOnlySet<string> trained)
    {
        foreach ((string name, Parameter parameter) in _backbone.named_parameters())
        {
            bool absentScale =
                !_backbone.Traits.BatchNormsScale && name.EndsWith(".bn.weight", StringComparison.Ordinal);
            parameter.requires_grad = trained.Contains(name[..name.LastIndexOf('.')]) && !absentScale;
        }
    }

    private static bool IsWithin(string module, string block) =>
        module == block || module.StartsWith(block + ".", StringComparison.Ordinal);
}
