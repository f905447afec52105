using System.Security.Cryptography;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Known;

public sealed class KnownWeightsTests
{
    private const string Inception = "inception_v3";

    [Fact]
    public void Every_published_file_has_a_valid_address_and_a_unique_name()
    {
        Assert.NotEmpty(PublishedFiles.Backbones);
        foreach (string backbone in PublishedFiles.Backbones)
        {
            IReadOnlyList<PublishedFile> files = PublishedFiles.Of(backbone);
            Assert.NotEmpty(files);
            Assert.Distinct(files.Select(file => file.From));
            Assert.Distinct(files.Select(file => file.Name));
            Assert.All(files, file => Assert.True(DownloadRules.Default.Allow(file.Address), file.Name));
            Assert.All(files, file => Assert.Matches("^[0-9a-f]{8}([0-9a-f]{24})?$", file.Digest.Hex));
            Assert.All(files, file => Assert.True(file.Licence.Length > 0 && file.Preprocessing.Length > 0, file.Name));
        }
    }

    [Fact]
    public void The_described_preprocessing_is_the_applied_one()
    {
        using var scratch = new TemporaryFolder();
        using var backbone = Backbone.Create(Inception, BackboneTraits.Default);
        SafeTensors.Write(scratch["file"], backbone.state_dict().Select(s => (s.Key, s.Value)));
        using PretrainedWeights torchvision = WeightsReader.Read(scratch["file"], Inception);
        using PretrainedWeights mlNet = WeightsReader.Read(KnownWeights.Find("resnet18_mlnet", null), "resnet18_mlnet");

        Assert.Equal("RGB, (x - 127.5) * 0.00784314", PreprocessingText.Of(torchvision.Preprocessing));
        Assert.Equal(KnownWeights.Of(Inception).Preprocessing, PreprocessingText.Of(torchvision.Preprocessing));
        Assert.Equal(KnownWeights.Of("resnet18_mlnet").Preprocessing, PreprocessingText.Of(mlNet.Preprocessing));
        Assert.Equal(
            "RGB, (x - [123.675, 116.28, 103.53]) * [0.0171248, 0.017507, 0.0174292]",
            PublishedFiles.Of("resnet50")[0].Preprocessing
        );
    }

    [Fact]
    public void A_different_file_with_a_published_name_is_rejected()
    {
        using var scratch = new TemporaryFolder();
        Put(scratch, "inception_v3_google-0cc3c7bd.pth", "cut short");

        string message = Assert.Throws<WeightsException>(() => KnownWeights.Find(Inception, scratch[""])).Message;

        Assert.Contains(
            "inception_v3_google-0cc3c7bd.pth: not the file published by torchvision: it has 9 bytes, expected 108949747",
            message,
            StringComparison.Ordinal
        );
        string? misfit = (KnownWeights.Of(Inception).Published[0] with { Bytes = null }).Misfit(
            Path.Combine(HomeFolder.WeightsOf(scratch[""], Inception), "inception_v3_google-0cc3c7bd.pth")
        );
        Assert.Contains("expected one that begins with 0cc3c7bd", misfit, StringComparison.Ordinal);
    }

    /// <summary>Hashing a file of terabytes takes hours.</summary>
    [Fact]
    public void A_file_of_another_length_is_not_read()
    {
        using var scratch = new TemporaryFolder();
        string folder = HomeFolder.WeightsOf(scratch[""], Inception);
        SparseFile.Make(Path.Combine(folder, "inception_v3_google-0cc3c7bd.pth"), 1L << 40);

        CheckedWeights found = Assert.Single(WeightsVerification.Of(KnownWeights.Of(Inception), scratch[""]));

        Assert.Equal(WeightsFinding.Bad, found.Finding);
        Assert.Contains("it has 1099511627776 bytes", found.Says, StringComparison.Ordinal);
        Assert.Null(KnownWeights.Of(Inception).PublishedAs(found.Path));
    }

    [Fact]
    public void A_pipe_is_a_finding_like_others()
    {
        using var scratch = new TemporaryFolder();
        Put(scratch, "mine.safetensors", "x");
        NamedPipe.Make(Path.Combine(HomeFolder.WeightsOf(scratch[""], Inception), "other.safetensors"));

        Assert.Equal(
            [("mine.safetensors", WeightsFinding.Unknown), ("other.safetensors", WeightsFinding.Bad)],
            WeightsVerification
                .Of(KnownWeights.Of(Inception), scratch[""])
                .Select(found => (Path.GetFileName(found.Path), found.Finding))
                .Order()
        );
    }

    /// <summary>Whatever else lies in the weights folder, imagenet means a published file.</summary>
    [Fact]
    public void Imagenet_never_means_a_file_that_is_not_published()
    {
        using var scratch = new TemporaryFolder();
        Put(scratch, "mine.safetensors", "x");
        Put(scratch, "mine.pth", "x");

        string message = Assert.Throws<WeightsException>(() => KnownWeights.Find(Inception, scratch[""])).Message;
        string other = Assert
            .Throws<WeightsException>(() => KnownWeights.Named(Inception, "mien", scratch[""]))
            .Message;
        string missing = Assert
            .Throws<WeightsException>(() => KnownWeights.Named(Inception, "keras", scratch[""]))
            .Message;

        Assert.Contains("has no ImageNet weights of inception_v3", message, StringComparison.Ordinal);
        Assert.StartsWith(
            "there are no weights of inception_v3 named 'mien', only imagenet, torchvision, torchvision-1a9a5a14, keras, mine; add",
            other,
            StringComparison.Ordinal
        );
        Assert.EndsWith("did you mean 'mine'?", other, StringComparison.Ordinal);
        Assert.Contains(
            "has no inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
            missing,
            StringComparison.Ordinal
        );
        Assert.Contains("weights fetch inception_v3 --from keras", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashes_and_unfinished_files_are_not_weights()
    {
        using var scratch = new TemporaryFolder();
        Put(scratch, "a.sha256", "x");
        Put(scratch, "a.0123.tmp", "x");
        Put(scratch, ".part/a.part", "x");

        Assert.Empty(KnownWeights.FilesIn(scratch[Inception]));
        Put(scratch, "README", "x");
        Assert.Equal(["README"], KnownWeights.FilesIn(scratch[Inception]));
    }

    [Fact]
    public void Verifying_reports_good_changed_and_unknown_files()
    {
        using var scratch = new TemporaryFolder();
        var inception = KnownWeights.Of(Inception);
        Assert.Equal(
            [WeightsFinding.Good, WeightsFinding.Good],
            WeightsVerification.Of(KnownWeights.Of("resnet18_mlnet"), scratch[""]).Select(file => file.Finding)
        );
        Assert.Equal(
            (WeightsFinding.Unknown, "no file"),
            Assert.Single(WeightsVerification.Of(inception, scratch[""]).Select(f => (f.Finding, f.Says)))
        );

        string own = Put(scratch, "own", "weights");
        Assert.Equal(WeightsFinding.Unknown, Only(inception, scratch).Finding);
        HashRecord.Write(own, Convert.ToHexStringLower(SHA256.HashData("weights"u8)), ["made from\nnothing"]);
        Assert.Equal(WeightsFinding.Good, Only(inception, scratch).Finding);
        Put(scratch, "own", "other weights");
        Assert.Equal(WeightsFinding.Bad, Only(inception, scratch).Finding);
        Assert.Contains("changed: its SHA-256 is ", Only(inception, scratch).Says, StringComparison.Ordinal);

        File.Delete(own);
        string published = Put(scratch, "file", "published");
        string sha256 = Convert.ToHexStringLower(SHA256.HashData("published"u8));
        PublishedFile file = inception.Published[0] with
        {
            Address = new Uri("https://example.org/file"),
            Digest = new(DigestKind.Sha256, sha256[..8]),
            Bytes = "published".Length,
        };
        Assert.Equal(WeightsFinding.Good, Only(inception with { Published = [file] }, scratch).Finding);
        File.WriteAllText(published, "changed");
        Assert.Equal(WeightsFinding.Bad, Only(inception with { Published = [file] }, scratch).Finding);
    }

    private static CheckedWeights Only(KnownWeights known, TemporaryFolder scratch) =>
        Assert.Single(WeightsVerification.Of(known, scratch[""]));

    private static string Put(TemporaryFolder scratch, string name, string content)
    {
        string path = Path.Combine(scratch[Inception], name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
