using BreakHis.Specs;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// Files published by torchvision and Keras. torchvision's names contain the first eight digits of the SHA-256, which
/// torch.hub checks; Keras's code has an MD5. Lengths are those that servers reported to downloaders, null if never
/// seen. See docs/weights.md.
/// </summary>
internal static class PublishedFiles
{
    private const string TorchVision = "torchvision";
    private const string TorchVisionLicence =
        "torchvision's code is BSD-3-Clause; its authors state that weights may have terms of their own, such as ImageNet's";

    private static readonly string InceptionPictures = PreprocessingText.Of(Preprocessing.MinusOneToOne);

    private static readonly string NormalizedPictures = PreprocessingText.Of(Preprocessing.Torchvision);

    /// <summary>
    /// A backbone's files, starting with the default for <c>imagenet</c>; empty if none are published.
    /// </summary>
    public static IReadOnlyList<PublishedFile> Of(string backbone) =>
        backbone switch
        {
            _ when backbone == BackboneFacts.InceptionV3.Name =>
            [
                Torch("inception_v3_google-0cc3c7bd.pth", 108_949_747, InceptionPictures),
                Torch("inception_v3_google-1a9a5a14.pth", 108_857_766, InceptionPictures) with
                {
                    From = TorchVision + "-1a9a5a14",
                },
                Keras,
            ],
            _ when backbone == BackboneFacts.ResNet18.Name =>
            [
                Torch("resnet18-f37072fd.pth", 46_830_571, NormalizedPictures),
            ],
            _ when backbone == BackboneFacts.ResNet50.Name =>
            [
                Torch("resnet50-0676ba61.pth", 102_530_333, NormalizedPictures),
            ],
            _ when backbone == BackboneFacts.MobileNetV2.Name =>
            [
                Torch("mobilenet_v2-b0353104.pth", null, NormalizedPictures),
            ],
            _ => [],
        };

    /// <summary>The backbones with published files, in the order of their names.</summary>
    public static IReadOnlyList<string> Backbones { get; } =
    [.. BackboneFacts.All.Select(backbone => backbone.Name).Where(name => Of(name).Count > 0)];

    private static PublishedFile Keras =>
        new(
            "keras",
            new Uri(
                "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
            ),
            new PublishedDigest(DigestKind.Md5, "bcbd6486424b2319ff4ef7d526e38f63"),
            87_910_968,
            "Keras's code is Apache-2.0; weights may have terms of their own, such as ImageNet's",
            InceptionPictures
        );

    private static PublishedFile Torch(string name, long? bytes, string pictures) =>
        new(
            TorchVision,
            new Uri("https://download.pytorch.org/models/" + name),
            new PublishedDigest(DigestKind.Sha256, Path.GetFileNameWithoutExtension(name)[^8..]),
            bytes,
            TorchVisionLicence,
            pictures
        );
}
