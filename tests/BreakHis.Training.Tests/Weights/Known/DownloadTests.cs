using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using BreakHis.Testing;
using BreakHis.Training.Weights.Known;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Known;

/// <summary>Downloads from servers that disconnect, send wrong data or report wrong lengths.</summary>
public sealed class DownloadTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 + i / 256))];

    private static readonly DownloadRules Rules = new()
    {
        PlainHttpToThisMachine = true,
        Pause = TimeSpan.FromMilliseconds(1),
        Silence = TimeSpan.FromSeconds(5),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_put_in_place_with_its_hash()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Whole(Content));
        List<DownloadProgress> progress = [];

        string path = await Download.ToFolder(File(server), scratch["w"], Rules, progress.Add, Cancellation);

        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(Path.Combine(scratch["w"], "weights.bin"), path);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Content)), HashRecord.Read(path));
        Assert.Equal(new DownloadProgress(Content.Length, Content.Length), progress[^1]);
        Assert.Equal(["weights.bin"], KnownWeights.FilesIn(scratch["w"]));
        Assert.Equal(["weights.bin.lock"], Names(scratch["w/.part"]));

        await Download.ToFolder(File(server), scratch["w"], Rules, progress.Add, Cancellation);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_interrupted_download_resumes()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Partly(Content, 100_000), LocalServer.Rest(Content));

        string path = await Fetch(server, scratch);

        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(
            [new Asked("/weights.bin", null, null), new Asked("/weights.bin", 100_000, "\"1\"")],
            server.Requests
        );
    }

    [Fact]
    public async Task A_date_is_used_if_there_is_no_tag()
    {
        const string Date = "Wed, 21 Oct 2015 07:28:00 GMT";
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            LocalServer.Partly(Content, 100_000, head: $"ETag: W/\"weak\"\r\nLast-Modified: {Date}"),
            LocalServer.Rest(Content)
        );

        await Fetch(server, scratch);

        Assert.Equal(Date, server.Requests[1].IfRange);
    }

    [Fact]
    public async Task Without_a_version_the_download_starts_again()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            LocalServer.Partly(Content, 100_000, head: "X: y"),
            LocalServer.Whole(Content)
        );

        await Fetch(server, scratch);

        Assert.Null(server.Requests[1].From);
    }

    [Fact]
    public async Task The_next_call_resumes_too()
    {
        using var scratch = new TemporaryFolder();
        using (var server = new LocalServer(LocalServer.Partly(Content, 50_000), LocalServer.Status("500 Broken")))
        {
            Assert.Contains("500", await Trouble(server, scratch), StringComparison.Ordinal);
            Assert.Equal(Rules.Attempts, server.Requests.Count);
        }

        Assert.Empty(KnownWeights.FilesIn(scratch["w"]));
        using var later = new LocalServer(LocalServer.Rest(Content));
        string path = await Fetch(later, scratch);

        Assert.Equal(50_000, Assert.Single(later.Requests).From);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_complete_response_to_a_partial_request_starts_again()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            LocalServer.Partly(new byte[Content.Length], 100_000),
            LocalServer.Whole(Content, "\"2\"")
        );

        string path = await Fetch(server, scratch);

        Assert.Equal([null, 100_000], server.Requests.Select(asked => asked.From));
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_corrupt_first_part_is_detected_and_downloaded_again()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            LocalServer.Partly(new byte[Content.Length], 100_000),
            LocalServer.Rest(Content),
            LocalServer.Whole(Content)
        );

        string path = await Fetch(server, scratch);

        Assert.Equal([null, 100_000, null], server.Requests.Select(asked => asked.From));
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_part_that_was_not_requested_is_rejected()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            LocalServer.Partly(Content, 100_000),
            (_, stream) =>
                LocalServer.Send(
                    stream,
                    "206 Partial Content",
                    $"Content-Range: bytes 0-{Content.Length - 1}/{Content.Length}",
                    Content,
                    Content.Length
                ),
            LocalServer.Whole(Content)
        );

        string path = await Fetch(server, scratch);

        Assert.Null(server.Requests[2].From);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_complete_part_is_accepted()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            LocalServer.Partly(Content, Content.Length, said: Content.Length + 1),
            LocalServer.Status("416 Range Not Satisfiable")
        );

        string path = await Fetch(server, scratch, bytes: null);

        Assert.Equal(Content.Length, server.Requests[1].From);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_length_that_is_never_reached_is_an_error_after_a_few_attempts()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Partly(Content, 10_000, head: "X: y"));

        string trouble = await Trouble(server, scratch);

        Assert.Contains("the connection ended after 10000 bytes of 300000", trouble, StringComparison.Ordinal);
        Assert.Equal(Rules.Attempts, server.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_length_is_rejected_at_once()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Whole(Content[..^1]));

        string trouble = await Trouble(server, scratch);

        Assert.Contains("the server has 299999 bytes, expected 300000", trouble, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(299_999, "the connection ended after 299999 bytes of 300000")]
    [InlineData(300_001, "the server sent more bytes than the file has")]
    public async Task Without_a_length_the_published_one_is_used(int sent, string expected)
    {
        using var scratch = new TemporaryFolder();
        byte[] content = [.. Content, 1];
        using var server = new LocalServer(
            (_, stream) => LocalServer.Send(stream, "200 OK", "X: y", content[..sent], length: null)
        );

        Assert.Contains(expected, await Trouble(server, scratch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_bytes_are_rejected_and_deleted()
    {
        using var scratch = new TemporaryFolder();
        byte[] wrong = [.. Content];
        wrong[150_000] ^= 1;
        using var server = new LocalServer(LocalServer.Whole(wrong));

        string trouble = await Trouble(server, scratch);

        Assert.Contains(
            "is not the published file and was not kept: its SHA-256 is ",
            trouble,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"you can also get it from {server.Root}/weights.bin and put it in ",
            trouble,
            StringComparison.Ordinal
        );
        Assert.Empty(KnownWeights.FilesIn(scratch["w"]));
        Assert.Equal(["weights.bin.lock"], Names(scratch["w/.part"]));
    }

    [Fact]
    public async Task An_MD5_is_verified_if_nothing_else_is_published()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Whole(Content));
#pragma warning disable CA5351 // It is what Keras publishes.
        string md5 = Convert.ToHexStringLower(MD5.HashData(Content));
#pragma warning restore CA5351
        PublishedFile file = File(server) with { Digest = new(DigestKind.Md5, md5) };
        PublishedFile other = file with { Digest = new(DigestKind.Md5, new string('0', 32)) };

        await Download.ToFolder(file, scratch["w"], Rules, _ => { }, Cancellation);
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() =>
            Download.ToFolder(other, scratch["w"], Rules, _ => { }, Cancellation)
        );

        Assert.Contains($"its MD5 is {md5}, expected 0000", error.Message, StringComparison.Ordinal);
        Assert.Contains("delete it first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirections_to_plain_http_are_rejected()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Status("302 Found", "Location: http://example.org/weights.bin"));

        Assert.Contains(
            "it is redirected to http://example.org/weights.bin, which is not https",
            await Trouble(server, scratch),
            StringComparison.Ordinal
        );
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Other_redirections_are_followed_up_to_a_limit()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            LocalServer.Status("302 Found", "Location: /elsewhere"),
            LocalServer.Whole(Content)
        );
        using var circle = new LocalServer(LocalServer.Status("301 Moved Permanently", "Location: /weights.bin"));

        await Fetch(server, scratch);
        Assert.Equal("/elsewhere", server.Requests[1].Path);

        using var other = new TemporaryFolder();
        Assert.Contains("more than 5 redirects", await Trouble(circle, other), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//")]
    [InlineData("https://[")]
    public async Task Redirections_to_nowhere_are_rejected(string location)
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Status("302 Found", $"Location: {location}"));

        Assert.Contains("redirects without a usable address", await Trouble(server, scratch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_is_rejected()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(LocalServer.Whole(Content));

        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() =>
            Download.ToFolder(File(server), scratch["w"], _ => { }, Cancellation)
        );

        Assert.Contains("which is not https", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Only_temporary_failures_are_retried()
    {
        using var scratch = new TemporaryFolder();
        using var gone = new LocalServer(LocalServer.Status("404 Not Found"));
        using var busy = new LocalServer(LocalServer.Status("503 Busy"), LocalServer.Whole(Content));

        Assert.Contains("the server answers 404 (NotFound)", await Trouble(gone, scratch), StringComparison.Ordinal);
        Assert.Single(gone.Requests);
        await Fetch(busy, scratch);
        Assert.Equal(2, busy.Requests.Count);
    }

    [Fact]
    public async Task Without_any_response_the_download_fails_at_once()
    {
        using var scratch = new TemporaryFolder();
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        PublishedFile file = File($"http://127.0.0.1:{port}");

        // The second attempt would start only after an hour.
        Task download = Download.ToFolder(
            file,
            scratch["w"],
            Rules with
            {
                Pause = TimeSpan.FromHours(1),
            },
            _ => { },
            Cancellation
        );
        DownloadException error = await Assert.ThrowsAsync<DownloadException>(() =>
            download.WaitAsync(TimeSpan.FromMinutes(2), Cancellation)
        );

        Assert.StartsWith("weights.bin cannot be downloaded: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_times_out()
    {
        using var scratch = new TemporaryFolder();
        using var server = new LocalServer(
            async (_, stream) =>
            {
                await LocalServer.Send(stream, "200 OK", "ETag: \"1\"", Content[..1000], Content.Length);
                await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
            },
            LocalServer.Rest(Content)
        );
        List<string?> notes = [];

        string path = await Download.ToFolder(
            File(server),
            scratch["w"],
            Rules with
            {
                Silence = TimeSpan.FromSeconds(1),
            },
            progress => notes.Add(progress.Note),
            Cancellation
        );

        Assert.Contains("the server stopped sending; retrying", notes);
        Assert.Equal(1000, server.Requests[^1].From);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_cancelled_download_keeps_its_bytes()
    {
        using var scratch = new TemporaryFolder();
        using var ctrlC = new CancellationTokenSource();
        using (
            var server = new LocalServer(
                async (_, stream) =>
                {
                    await LocalServer.Send(stream, "200 OK", "ETag: \"1\"", Content[..200_000], Content.Length);
                    await Task.Delay(Timeout.Infinite, ctrlC.Token);
                }
            )
        )
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                Download.ToFolder(
                    File(server),
                    scratch["w"],
                    Rules,
                    progress =>
                    {
                        if (progress.Done == 200_000)
                        {
                            ctrlC.Cancel();
                        }
                    },
                    ctrlC.Token
                )
            );
        }

        using var later = new LocalServer(LocalServer.Rest(Content));
        string path = await Fetch(later, scratch);
        Assert.Equal(200_000, later.Requests[0].From);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
    }

    private static PublishedFile File(LocalServer server) => File(server.Root);

    private static PublishedFile File(string root) =>
        new(
            "test",
            new Uri(root + "/weights.bin"),
            new PublishedDigest(DigestKind.Sha256, Convert.ToHexStringLower(SHA256.HashData(Content))[..8]),
            Content.Length,
            "none",
            "none"
        );

    private static Task<string> Fetch(LocalServer server, TemporaryFolder scratch, long? bytes = 300_000) =>
        Download.ToFolder(File(server) with { Bytes = bytes }, scratch["w"], Rules, _ => { }, Cancellation);

    private static async Task<string> Trouble(LocalServer server, TemporaryFolder scratch) =>
        (await Assert.ThrowsAsync<DownloadException>(() => Fetch(server, scratch))).Message;

    private static IEnumerable<string?> Names(string folder) => Directory.GetFiles(folder).Select(Path.GetFileName);
}
