using BreakHis.Specs;
using static TorchSharp.torch;
using Step = (string Name, BreakHis.Training.Backbones.ConvNormActivation Unit);

namespace BreakHis.Training.Backbones;

/// <summary>
/// Inception V3 (Szegedy et al. 2016, arXiv:1512.00567) without its classifiers, with the layout and names of
/// torchvision's inception_v3. It is our own implementation because Keras's weights need average pools that do not
/// count padding.
/// </summary>
internal sealed class InceptionV3
{
    private const double Epsilon = 0.001;

    private readonly BackboneTraits _traits;
    private readonly Device? _device;

    private InceptionV3(BackboneTraits traits, Device? device)
    {
        _traits = traits;
        _device = device;
    }

    public static BackboneDefinition Definition { get; } =
        new(BackboneFacts.InceptionV3, (traits, device) => new InceptionV3(traits, device).Blocks());

    private IEnumerable<BackboneBlock> Blocks()
    {
        yield return new("Conv2d_1a_3x3", Valid(3, 32, 3, stride: 2));
        yield return new("Conv2d_2a_3x3", Valid(32, 32, 3));
        yield return new("Conv2d_2b_3x3", Same(32, 64, 3, 3));
        yield return new("maxpool1", nn.MaxPool2d(3, stride: 2));
        yield return new("Conv2d_3b_1x1", Point(64, 80));
        yield return new("Conv2d_4a_3x3", Valid(80, 192, 3));
        yield return new("maxpool2", nn.MaxPool2d(3, stride: 2));
        yield return new("Mixed_5b", Squares(192, pooled: 32));
        yield return new("Mixed_5c", Squares(256, pooled: 64));
        yield return new("Mixed_5d", Squares(288, pooled: 64));
        yield return new("Mixed_6a", FirstReduction(288));
        yield return new("Mixed_6b", Strips(128));
        yield return new("Mixed_6c", Strips(160));
        yield return new("Mixed_6d", Strips(160));
        yield return new("Mixed_6e", Strips(192));
        yield return new("Mixed_7a", SecondReduction(768));
        yield return new("Mixed_7b", Forks(1280));
        yield return new("Mixed_7c", Forks(2048));
    }

    private InceptionBlock Squares(int input, int pooled) =>
        new(
            Chain(("branch1x1", Point(input, 64))),
            Chain(("branch5x5_1", Point(input, 48)), ("branch5x5_2", Same(48, 64, 5, 5))),
            Chain(
                ("branch3x3dbl_1", Point(input, 64)),
                ("branch3x3dbl_2", Same(64, 96, 3, 3)),
                ("branch3x3dbl_3", Same(96, 96, 3, 3))
            ),
            Pooled(input, pooled)
        );

    private InceptionBlock FirstReduction(int input) =>
        new(
            Chain(("branch3x3", Valid(input, 384, 3, stride: 2))),
            Chain(
                ("branch3x3dbl_1", Point(input, 64)),
                ("branch3x3dbl_2", Same(64, 96, 3, 3)),
                ("branch3x3dbl_3", Valid(96, 96, 3, stride: 2))
            ),
            new Branch { Pool = MaxPool }
        );

    private InceptionBlock Strips(int narrow) =>
        new(
            Chain(("branch1x1", Point(768, 192))),
            Chain(
                ("branch7x7_1", Point(768, narrow)),
                ("branch7x7_2", Same(narrow, narrow, 1, 7)),
                ("branch7x7_3", Same(narrow, 192, 7, 1))
            ),
            Chain(
                ("branch7x7dbl_1", Point(768, narrow)),
                ("branch7x7dbl_2", Same(narrow, narrow, 7, 1)),
                ("branch7x7dbl_3", Same(narrow, narrow, 1, 7)),
                ("branch7x7dbl_4", Same(narrow, narrow, 7, 1)),
                ("branch7x7dbl_5", Same(narrow, 192, 1, 7))
            ),
            Pooled(768, 192)
        );

    private InceptionBlock SecondReduction(int input) =>
        new(
            Chain(("branch3x3_1", Point(input, 192)), ("branch3x3_2", Valid(192, 320, 3, stride: 2))),
            Chain(
                ("branch7x7x3_1", Point(input, 192)),
                ("branch7x7x3_2", Same(192, 192, 1, 7)),
                ("branch7x7x3_3", Same(192, 192, 7, 1)),
                ("branch7x7x3_4", Valid(192, 192, 3, stride: 2))
            ),
            new Branch { Pool = MaxPool }
        );

    private InceptionBlock Forks(int input) =>
        new(
            Chain(("branch1x1", Point(input, 320))),
            Chain(("branch3x3_1", Point(input, 384))) with
            {
                Fork = [("branch3x3_2a", Same(384, 384, 1, 3)), ("branch3x3_2b", Same(384, 384, 3, 1))],
            },
            Chain(("branch3x3dbl_1", Point(input, 448)), ("branch3x3dbl_2", Same(448, 384, 3, 3))) with
            {
                Fork = [("branch3x3dbl_3a", Same(384, 384, 1, 3)), ("branch3x3dbl_3b", Same(384, 384, 3, 1))],
            },
            Pooled(input, 192)
        );

    private static Branch Chain(params Step[] units) => new() { Chain = units };

    private Branch Pooled(int input, int output) =>
        Chain(("branch_pool", Point(input, output))) with
        {
            Pool = AveragePool,
        };

    private ConvNormActivation Point(int input, int output) => Same(input, output, 1, 1);

    private ConvNormActivation Same(int input, int output, int height, int width) =>
        new(new(input, output, height, width, 1, height / 2, width / 2), Epsilon, _device);

    private ConvNormActivation Valid(int input, int output, int kernel, int stride = 1) =>
        new(new(input, output, kernel, kernel, stride), Epsilon, _device);

    private static Tensor MaxPool(Tensor map) => nn.functional.max_pool2d(map, 3, stride: 2);

    private Tensor AveragePool(Tensor map) =>
        nn.functional.avg_pool2d(map, 3, stride: 1, padding: 1, count_include_pad: _traits.AveragePoolCountsPadding);
}
