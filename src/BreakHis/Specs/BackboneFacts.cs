namespace BreakHis.Specs;

/// <summary>The facts about a backbone that a spec depends on, known without loading torch.</summary>
/// <param name="Name">The name used in <c>model.backbone</c>.</param>
/// <param name="Blocks">The blocks in order, from the input to the last feature map; <c>train_from</c> names one of
/// them.</param>
/// <param name="Features">Number of channels of the last feature map, which is the length of a pooled feature
/// vector.</param>
/// <param name="MinimumInputSize">The smallest height and width, in pixels, that the network accepts.</param>
/// <param name="InputSize">The height and width, in pixels, at which its known weights were trained.</param>
/// <param name="KerasLayers">The number of layers that Keras counts without the top, or 0 if Keras layers are not
/// mapped.</param>
internal sealed record BackboneFacts(
    string Name,
    IReadOnlyList<string> Blocks,
    int Features,
    int MinimumInputSize,
    int InputSize,
    int KerasLayers
)
{
    /// <summary>ResNet-18 as in ML.NET's package; its ImageNet weights come with the tool.</summary>
    public static BackboneFacts ResNet18MlNet { get; } =
        new("resnet18_mlnet", ["stem", "stage1", "stage2", "stage3", "stage4"], 512, 32, 224, 0);

    /// <summary>torchvision's ResNet-18 (He et al. 2016, arXiv:1512.03385).</summary>
    public static BackboneFacts ResNet18 { get; } =
        new("resnet18", ["stem", "layer1", "layer2", "layer3", "layer4"], 512, 32, 224, 0);

    /// <summary>torchvision's ResNet-50.</summary>
    public static BackboneFacts ResNet50 { get; } =
        new("resnet50", ["stem", "layer1", "layer2", "layer3", "layer4"], 2048, 32, 224, 0);

    /// <summary>torchvision's MobileNet V2 (Sandler et al. 2018, arXiv:1801.04381).</summary>
    public static BackboneFacts MobileNetV2 { get; } =
        new("mobilenet_v2", [.. Enumerable.Range(0, 19).Select(i => $"features_{i}")], 1280, 32, 224, 0);

    /// <summary>Inception V3 in torchvision's layout (Szegedy et al. 2016, arXiv:1512.00567).</summary>
    public static BackboneFacts InceptionV3 { get; } =
        new(
            "inception_v3",
            [
                "Conv2d_1a_3x3",
                "Conv2d_2a_3x3",
                "Conv2d_2b_3x3",
                "maxpool1",
                "Conv2d_3b_1x1",
                "Conv2d_4a_3x3",
                "maxpool2",
                "Mixed_5b",
                "Mixed_5c",
                "Mixed_5d",
                "Mixed_6a",
                "Mixed_6b",
                "Mixed_6c",
                "Mixed_6d",
                "Mixed_6e",
                "Mixed_7a",
                "Mixed_7b",
                "Mixed_7c",
            ],
            2048,
            75,
            299,
            311
        );

    /// <summary>All backbones.</summary>
    public static IReadOnlyList<BackboneFacts> All { get; } =
    [InceptionV3, MobileNetV2, ResNet18, ResNet18MlNet, ResNet50];

    /// <summary>Returns the backbone with the given name, or null.</summary>
    public static BackboneFacts? Find(string name) => All.FirstOrDefault(b => b.Name == name);
}
