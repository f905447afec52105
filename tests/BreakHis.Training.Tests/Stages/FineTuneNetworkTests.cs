using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Training.Stages;
using BreakHis.Training.Weights;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Stages;

/// <summary>
/// Which parameters are trained, and how batch norms behave in the three modes of Keras (see BatchNormMode).
/// </summary>
public sealed class FineTuneNetworkTests : IDisposable
{
    private readonly LoadedBackbone _loaded;
    private readonly Head _head = new(512, [], 3, 0, seed: 1);
    private readonly Tensor _pictures = randn(4, 3, 32, 32, generator: new Generator(1));

    public FineTuneNetworkTests()
    {
        var backbone = Backbone.Create("resnet18_mlnet", BackboneTraits.Default);
        InitialWeights.Draw(backbone, 1);
        _loaded = new LoadedBackbone(backbone, Preprocessing.MinusOneToOne);
    }

    [Theory]
    [InlineData(BatchNormMode.BatchStatisticsUpdating, true, true)]
    [InlineData(BatchNormMode.BatchStatistics, false, true)]
    [InlineData(BatchNormMode.Inference, false, false)]
    [InlineData(BatchNormMode.InferenceIfFrozen, false, true)]
    public void Moving_statistics_are_updated_according_to_the_mode(
        BatchNormMode mode,
        bool frozenMove,
        bool trainedMove
    )
    {
        FineTuneNetwork network = Network(mode);
        string frozen = _loaded.Backbone.Units().First().Name;
        string trained = _loaded.Backbone.Units().Last().Name;
        Tensor frozenBefore = Mean(network, frozen).clone();
        Tensor trainedBefore = Mean(network, trained).clone();

        network.EnterTraining();
        network.Logits(_pictures);

        Assert.Equal(frozenMove, !frozenBefore.Equals(Mean(network, frozen)));
        Assert.Equal(trainedMove, !trainedBefore.Equals(Mean(network, trained)));

        Tensor after = Mean(network, trained).clone();
        network.EnterInference();
        network.Logits(_pictures);
        Assert.True(after.Equals(Mean(network, trained)), "inference moves nothing");
    }

    [Theory]
    [InlineData(BatchNormMode.BatchStatisticsUpdating, true)]
    [InlineData(BatchNormMode.BatchStatistics, true)]
    [InlineData(BatchNormMode.Inference, false)]
    [InlineData(BatchNormMode.InferenceIfFrozen, false)]
    public void Layers_normalise_by_batch_or_moving_statistics(BatchNormMode mode, bool byBatch)
    {
        FineTuneNetwork network = Network(mode);
        ConvNormActivation stem = _loaded.Backbone.Units().First().Unit;
        network.EnterTraining();
        using IDisposable noGradient = no_grad();
        Tensor raw = stem.Convolution.call(_pictures) * 3 + 5;

        Tensor normalized = stem.Norm.call(raw);

        Tensor mean = raw.mean([0L, 2L, 3L], keepdim: true);
        Tensor variance = (raw - mean).pow(2).mean([0L, 2L, 3L], keepdim: true);
        // New moving statistics are mean 0 and variance 1.
        Tensor expected = byBatch ? (raw - mean) / (variance + 1e-5).sqrt() : raw / Math.Sqrt(1 + 1e-5);
        Assert.True(normalized.allclose(expected, 1e-4, 1e-4));
    }

    [Theory]
    [InlineData("resnet18", "layer4")]
    [InlineData("resnet50", "layer4")]
    [InlineData("mobilenet_v2", "features_14")]
    public void The_modes_apply_to_other_backbones_too(string name, string block)
    {
        using var other = new LoadedBackbone(Backbone.Create(name, BackboneTraits.Default), Preprocessing.Torchvision);
        using var head = new Head(other.Backbone.Facts.Features, [], 3, 0, seed: 1);
        string[] frozen = [.. other.Backbone.Units().Select(u => u.Name)];
        string[] trained =
        [
            .. TrainedModules
                .Of(other.Backbone, new TrainFrom(block, null))
                .Where(m => m.EndsWith(".bn", StringComparison.Ordinal)),
        ];
        var network = new FineTuneNetwork(
            other,
            head,
            Plan(new TrainFrom(block, null), BatchNormMode.InferenceIfFrozen)
        );
        Dictionary<string, Tensor> before = frozen.ToDictionary(u => u, u => Mean(network, u).clone());

        network.EnterTraining();
        network.Logits(_pictures).sum().backward();

        Assert.All(frozen, u => Assert.Equal(trained.Contains($"{u}.bn"), !before[u].Equals(Mean(network, u))));
        Assert.InRange(trained.Length, 1, frozen.Length - 1);
        Assert.NotEmpty(network.Trained);
        Assert.All(network.Trained, p => Assert.NotNull(p.Parameter.grad));
    }

    [Fact]
    public void Keras_momentum_is_the_fraction_that_is_kept()
    {
        FineTuneNetwork network = Network(BatchNormMode.BatchStatisticsUpdating);
        ConvNormActivation stem = _loaded.Backbone.Units().First().Unit;
        network.EnterTraining();
        using IDisposable noGradient = no_grad();
        Tensor raw = stem.Convolution.call(_pictures);
        stem.Norm.call(raw);

        Tensor expected = 0.01 * raw.mean([0L, 2L, 3L]);
        Assert.True(Mean(network, _loaded.Backbone.Units().First().Name).allclose(expected, 1e-4, 1e-6));
        // Like PyTorch, Keras uses the unbiased variance since 2.1.3. Until 2.1.2 it used the biased one, smaller by a
        // factor of 1 - 1 / n for n values per channel.
        Tensor variance = 0.99 + 0.01 * raw.var([0L, 2L, 3L], unbiased: true);
        Assert.True(stem.Norm.running_var!.allclose(variance, 1e-6, 1e-7));
    }

    [Fact]
    public void Only_selected_modules_are_trained_and_missing_scales_are_not()
    {
        FineTuneNetwork network = Network(BatchNormMode.Inference);

        // Seven convolutions, each with the scale and shift of its batch norm, and the only layer of the head.
        Assert.Equal(
            7 * 3,
            network.Trained.Count(p => p.Name.StartsWith("backbone.stage4.", StringComparison.Ordinal))
        );
        Assert.Equal(2, network.Trained.Count(p => p.Name.StartsWith("head.", StringComparison.Ordinal)));
        Assert.Equal(7 * 3 + 2, network.Trained.Count);

        using var keras = new LoadedBackbone(
            Backbone.Create("inception_v3", BackboneTraits.Keras),
            Preprocessing.MinusOneToOne
        );
        var inception = new FineTuneNetwork(keras, _head, Plan(new TrainFrom(null, 172), BatchNormMode.Inference));
        Assert.DoesNotContain(inception.Trained, p => p.Name.EndsWith(".bn.weight", StringComparison.Ordinal));
        Assert.Equal(42, inception.Trained.Count(p => p.Name.EndsWith(".bn.bias", StringComparison.Ordinal)));
        Assert.Equal(41, inception.Trained.Count(p => p.Name.EndsWith(".conv.weight", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_Keras_layer_after_the_last_convolution_trains_only_the_head()
    {
        using var keras = new LoadedBackbone(
            Backbone.Create("inception_v3", BackboneTraits.Keras),
            Preprocessing.MinusOneToOne
        );
        using var head = new Head(2048, [], 3, 0, seed: 1);
        var network = new FineTuneNetwork(keras, head, Plan(new TrainFrom(null, 310), BatchNormMode.Inference));

        Assert.Equal(
            ["head.dense1.bias", "head.dense1.weight"],
            network.Trained.Select(p => p.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal([2, 3], network.Logits(zeros(2, 3, 75, 75)).shape);
    }

    public void Dispose()
    {
        _loaded.Dispose();
        _head.Dispose();
        _pictures.Dispose();
    }

    private FineTuneNetwork Network(BatchNormMode mode) =>
        new(_loaded, _head, Plan(new TrainFrom("stage4", null), mode));

    private static FineTunePlan Plan(TrainFrom from, BatchNormMode mode)
    {
        var loop = new LoopPlan(
            32,
            ResizeFilter.Nearest,
            [],
            0,
            new SgdSpec(),
            4,
            1,
            1,
            KeptEpoch.Best,
            MonitoredMetric.ValidationLoss,
            null
        );
        return new FineTunePlan(loop, StartFrom.Bottleneck, from, mode, 0.99, null);
    }

    private static Tensor Mean(FineTuneNetwork network, string unit) =>
        network.State.First(s => s.Name == $"backbone.{unit}.bn.running_mean").Tensor;
}
