using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Testing;
using BreakHis.Training.Backbones;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Stages;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights;

/// <summary>Reading the network that the fine_tune stage of a run keeps.</summary>
public sealed class RunNetworkTests : IDisposable
{
    private const string MobileNet = "mobilenet_v2";

    private static readonly string[] Classes = ["benign", "in situ", "größer"];

    private readonly TemporaryFolder _folder = new();
    private readonly LoadedBackbone _backbone = new(
        Backbone.Create(MobileNet, BackboneTraits.Default),
        Preprocessing.Of(
            new PreprocessingSpec
            {
                Mean = [0.1, 0.2, 0.3],
                Std = [0.4, 0.5, 0.6],
                ChannelOrder = ChannelOrder.Bgr,
            }
        )
    );
    private readonly Head _head = new(1280, [5, 4], Classes.Length, 0.5, seed: 7);

    private string Kept => _folder["run/fine_tune/best.safetensors"];

    public RunNetworkTests()
    {
        Directory.CreateDirectory(_folder["run/fine_tune"]);
        var files = new StageFiles(new RunFolder(_folder["run"]));
        InitialWeights.Draw(_backbone.Backbone, 3);
        files.SaveClasses(StageNames.FineTune, Classes);
        files.SavePreprocessing(_backbone, inputSize: 96);
        files.Save("fine_tune/best.safetensors", State());
    }

    [Fact]
    public void Backbone_head_classes_and_preprocessing_are_read_bit_for_bit()
    {
        using PretrainedWeights weights = WeightsReader.Read(Kept, MobileNet);

        AreThoseOfTheRun(weights);
        Assert.False(weights.IsAssumed);
        Assert.Equal("the network of a run", weights.Format);
    }

    [Fact]
    public void Added_under_a_name_they_keep_their_head()
    {
        AddedWeights added = WeightsAddition.Add(Kept, MobileNet, _folder["weights"], "mine");
        using PretrainedWeights weights = WeightsReader.Read(added.Path, MobileNet);

        AreThoseOfTheRun(weights);
        Assert.False(weights.IsAssumed);
    }

    [Fact]
    public void Each_of_the_files_changes_the_hash()
    {
        HashSet<string> hashes = new(StringComparer.Ordinal) { WeightsSource.Find(Kept).Sha256() };
        foreach (
            string file in (string[])
                ["run/classes.json", "run/preprocessing.safetensors", "run/fine_tune/best.safetensors"]
        )
        {
            byte[] content = File.ReadAllBytes(_folder[file]);
            content[^3]++;
            File.WriteAllBytes(_folder[file], content);
            Assert.True(hashes.Add(WeightsSource.Find(Kept).Sha256()), file);
        }
    }

    [Fact]
    public void A_run_without_recorded_preprocessing_is_reported()
    {
        File.Delete(_folder["run/preprocessing.safetensors"]);

        Assert.Equal(
            $"{Kept}: its run was recorded by a version that did not keep the preprocessing with the weights (preprocessing.safetensors); run it again with --fresh",
            Error()
        );
    }

    [Theory]
    [InlineData("[\"a\", \"b\"]", "its head has 3 outputs, but there are 2 classes")]
    [InlineData("[\"a\"", "classes is not a list of names")]
    [InlineData("[\"a\", null, \"c\"]", "classes is not a list of names")]
    [InlineData("null", "classes is not a list of names")]
    [InlineData("[]", "classes is not a list of names")]
    public void Other_classes_are_reported(string classes, string problem)
    {
        File.WriteAllText(_folder["run/classes.json"], classes);

        Assert.EndsWith(problem, Error(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "head.dense2.weight",
        "head.dense2 is not a dense layer for 5 inputs: it needs head.dense2.weight and head.dense2.bias"
    )]
    [InlineData(
        "head.dense3.bias",
        "head.dense3 is not a dense layer for 4 inputs: it needs head.dense3.weight and head.dense3.bias"
    )]
    [InlineData(
        "head.dense1.weight",
        "head.dense1 is not a dense layer for 1280 inputs: it needs head.dense1.weight and head.dense1.bias"
    )]
    [InlineData(
        "backbone.features_0.conv.weight",
        "tensor features_0.conv.weight has shape [2], expected [32, 3, 3, 3]"
    )]
    public void Tensors_of_other_shapes_are_reported(string name, string problem)
    {
        using Tensor other = ones(2);
        (string Name, Tensor Tensor)[] state = [.. State().Select(s => s.Name == name ? (name, other) : s)];
        Assert.Contains(state, s => s.Name == name);
        SafeTensors.Write(Kept, state);

        Assert.Contains(problem, Error(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backbone.head.dense1.weight", null)]
    [InlineData(null, "head.dense1.weight")]
    [InlineData(null, "features_0.conv.weight")]
    [InlineData("backbone.preprocessing.mean_image", "preprocessing.mean_image")]
    public void Tensors_that_get_the_same_name_are_reported(string? network, string? preprocessing)
    {
        using Tensor other = ones(2);
        SafeTensors.Write(
            Kept,
            [.. State(), .. network is null ? [] : (IEnumerable<(string, Tensor)>)[(network, other)]]
        );
        string about = _folder["run/preprocessing.safetensors"];
        using (SafeTensorsContent content = SafeTensors.Read(about))
        {
            SafeTensors.Write(
                about,
                preprocessing is null ? [] : (IEnumerable<(string, Tensor)>)[(preprocessing, other)],
                content.Metadata
            );
        }

        Assert.Contains("is also there or in", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_no_head_has_are_reported()
    {
        using Tensor other = full(3, float.NaN);
        SafeTensors.Write(Kept, State().Select(s => s.Name == "head.dense3.bias" ? (s.Name, other) : s));

        Assert.EndsWith("tensor head.dense3.bias contains NaN or infinity", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_backbone_must_be_the_run_s() =>
        Assert.EndsWith(
            "made for the backbone mobilenet_v2, not for resnet18",
            Assert.Throws<WeightsException>(() => WeightsReader.Read(Kept, "resnet18")).Message,
            StringComparison.Ordinal
        );

    public void Dispose()
    {
        _head.Dispose();
        _backbone.Dispose();
        _folder.Dispose();
    }

    private IEnumerable<(string Name, Tensor Tensor)> State() =>
        [.. _backbone.Backbone.state_dict().Select(s => ("backbone." + s.Key, s.Value)), .. _head.State];

    private string Error() => Assert.Throws<WeightsException>(() => WeightsReader.Read(Kept, MobileNet)).Message;

    private void AreThoseOfTheRun(PretrainedWeights weights)
    {
        Assert.Equal(Digest.Of(_backbone.Preprocessing), Digest.Of(weights.Preprocessing));
        Assert.Equal(96, weights.TrainedAt);
        Assert.Equal([5, 4], weights.Head!.Layers.Dense);
        Assert.Equal(Classes, weights.Head.Layers.Classes);
        Assert.Equal(StateHash.Of(_head.State), StateHash.Of(weights.Head.State.Select(s => (s.Key, s.Value))));
        Assert.Equal(
            StateHash.Of(WithoutCounters(_backbone.Backbone)),
            StateHash.Of(weights.State.Select(s => (s.Key, s.Value)))
        );
    }

    private static IEnumerable<(string, Tensor)> WithoutCounters(Backbone backbone) =>
        backbone
            .state_dict()
            .Where(s => !s.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Select(s => (s.Key, s.Value));
}
