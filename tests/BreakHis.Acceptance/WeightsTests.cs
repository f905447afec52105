using System.Security.Cryptography.X509Certificates;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// Weights that are not bundled with the tool, as users get them: online through a proxy, or from a file.
/// </summary>
public sealed class WeightsTests
{
    private const string Spec = """
        extends: tiny.yaml
        model: { backbone: inception_v3 }
        stages: { bottleneck: { input_size: 75 }, fine_tune: { train_from: Mixed_7c } }
        """;

    [Fact]
    public async Task An_offline_machine_reports_immediately_which_file_to_put_where()
    {
        using var place = new Workplace();
        using var proxy = new Proxy();
        place.Environment["HTTPS_PROXY"] = proxy.Address;
        place.Write("tiny.yaml", SpecTexts.TinyImageNet);
        place.Write("inception.yaml", Spec);

        foreach (
            string[] command in (string[][])
                [
                    ["validate", "inception.yaml"],
                    ["run", "inception.yaml", "--dry-run"],
                    ["weights", "list"],
                    ["weights", "verify"],
                    ["doctor"],
                ]
        )
        {
            await place.Breakhis(command);
        }

        Assert.Empty(proxy.Asked);

        Outcome fetch = await place.Breakhis("weights", "fetch", "inception_v3");
        Outcome run = await place.Breakhis("run", "inception.yaml");
        place.Environment["BREAKHIS_OFFLINE"] = "1";
        Outcome forbidden = await place.Breakhis("run", "inception.yaml");

        Assert.Equal((2, 2, 2), (fetch.ExitCode, run.ExitCode, forbidden.ExitCode));
        Assert.Equal(["CONNECT download.pytorch.org:443", "CONNECT download.pytorch.org:443"], proxy.Asked);
        string where =
            $"you can also get it from https://download.pytorch.org/models/inception_v3_google-0cc3c7bd.pth and put it in {place.At(".breakhis/weights/inception_v3")}";
        Assert.Contains(
            "dotnet-breakhis : error BH3002: inception_v3_google-0cc3c7bd.pth cannot",
            Last(fetch),
            StringComparison.Ordinal
        );
        Assert.EndsWith(where, Last(fetch), StringComparison.Ordinal);
        Assert.StartsWith("tiny.yaml(11,45): error BH3002: model.weights: ", Last(run), StringComparison.Ordinal);
        Assert.EndsWith(where, Last(run), StringComparison.Ordinal);
        Assert.Contains("error BH3001: model.weights: ", Last(forbidden), StringComparison.Ordinal);
        Assert.False(File.Exists(place.At(".breakhis/ledger.db")));
    }

    [Fact]
    public async Task Through_a_proxy_only_a_valid_certificate_and_the_published_file_are_accepted()
    {
        using var place = new Workplace();
        using X509Certificate2 certificate = Proxy.CertificateOf("download.pytorch.org");
        using var proxy = new Proxy(certificate, "not these weights");
        place.Environment["HTTPS_PROXY"] = proxy.Address;
        place.Write("certificate.pem", certificate.ExportCertificatePem());

        Outcome stranger = await place.Breakhis("weights", "fetch", "inception_v3");
        place.Environment["SSL_CERT_FILE"] = place.At("certificate.pem");
        Outcome other = await place.Breakhis("weights", "fetch", "inception_v3");

        Assert.Equal((2, 2), (stranger.ExitCode, other.ExitCode));
        Assert.Contains("The SSL connection could not be established", Last(stranger), StringComparison.Ordinal);
        Assert.Contains("the server has 17 bytes, expected 108949747", Last(other), StringComparison.Ordinal);
        Assert.Equal("GET /models/inception_v3_google-0cc3c7bd.pth", proxy.Asked[^1]);
        Assert.Empty(Directory.GetFiles(place.At(".breakhis/weights/inception_v3")));
    }

    [Fact]
    public async Task Unknown_names_are_reported()
    {
        using var place = new Workplace();

        Outcome backbone = await place.Breakhis("weights", "fetch", "inception_v2");
        Outcome from = await place.Breakhis("weights", "fetch", "inception_v3", "--from", "kears");
        Outcome add = await place.Breakhis("weights", "add", "inception_v3", "missing.pth");

        Assert.Equal((2, 2, 2), (backbone.ExitCode, from.ExitCode, add.ExitCode));
        Assert.Contains("did you mean 'inception_v3'?", backbone.Error, StringComparison.Ordinal);
        Assert.Contains("unknown 'kears'", from.Error, StringComparison.Ordinal);
        Assert.Contains("error BH3001: ", add.Error, StringComparison.Ordinal);
        Assert.Contains("missing.pth: no such file or folder", add.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Added_weights_have_a_name_of_their_own_and_imagenet_does_not_mean_them()
    {
        string shared = SharedFolder.Get("weights/inception_v3_keras");
        using var place = new Workplace();
        place.Environment["BREAKHIS_OFFLINE"] = "1";
        place.Write("tiny.yaml", SpecTexts.TinyImageNet);
        place.Write("inception.yaml", Spec);

        Outcome unknown = await place.Breakhis("run", "inception.yaml", "--dry-run", "--set", "model.weights=nsfw");
        Outcome add = await place.Breakhis("weights", "add", "inception_v3", shared, "--name", "nsfw");
        Outcome imagenet = await place.Breakhis("run", "inception.yaml", "--dry-run");
        Outcome plan = await place.Breakhis("run", "inception.yaml", "--dry-run", "--set", "model.weights=nsfw");
        Outcome list = await place.Breakhis("weights", "list");
        Outcome good = await place.Breakhis("weights", "verify");
        string file = place.At(".breakhis/weights/inception_v3/nsfw.safetensors");
        await File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        Outcome wrong = await place.Breakhis("weights", "verify");

        Assert.True(add.ExitCode == 0, $"{add}");
        Assert.True(plan.ExitCode == 0, $"{plan}");
        Assert.Contains("weights_preprocessing: RGB, (x - 127.5) * 0.00784314", plan.Output, StringComparison.Ordinal);
        Assert.Contains("weights_average_pools: do not count padding", plan.Output, StringComparison.Ordinal);
        Assert.Contains("weights_batch_norms: shift alone", plan.Output, StringComparison.Ordinal);
        Assert.Contains(
            "nsfw does not say how images are preprocessed; assumed: ",
            plan.Output,
            StringComparison.Ordinal
        );
        Assert.Equal((2, 2), (unknown.ExitCode, imagenet.ExitCode));
        Assert.Contains(
            "there are no weights of inception_v3 named 'nsfw', only imagenet",
            unknown.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("has no ImageNet weights of inception_v3", imagenet.Error, StringComparison.Ordinal);
        Assert.EndsWith("  model.weights  nsfw\n", add.Output, StringComparison.Ordinal);
        Assert.Contains("  nsfw (added)\n", list.Output, StringComparison.Ordinal);
        Assert.Equal((0, 1), (good.ExitCode, wrong.ExitCode));
        Assert.Contains($"WRONG  {file}: changed: ", wrong.Output, StringComparison.Ordinal);
    }

    private static string Last(Outcome outcome) => outcome.Error.TrimEnd('\n').Split('\n')[^1];
}
