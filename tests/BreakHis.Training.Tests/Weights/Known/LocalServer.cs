using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BreakHis.Training.Tests.Weights.Known;

/// <summary>A client's request.</summary>
internal sealed record Asked(string Path, long? From, string? IfRange);

/// <summary>A local server that answers each request as a test defines, byte by byte.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<Func<Asked, Stream, Task>> _answers;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    /// <summary>Each request gets the next answer. Requests after the last one repeat it.</summary>
    public LocalServer(params Func<Asked, Stream, Task>[] answers)
    {
        _answers = new(answers);
        _listener.Start();
        _work = Task.Run(Work);
    }

    public List<Asked> Requests { get; } = [];

    public string Root => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public static Func<Asked, Stream, Task> Whole(byte[] content, string tag = "\"1\"") =>
        (_, stream) => Send(stream, "200 OK", $"ETag: {tag}", content, content.Length);

    /// <summary>Announces one length, sends a part of the content, then disconnects.</summary>
    public static Func<Asked, Stream, Task> Partly(
        byte[] content,
        int sent,
        long? said = null,
        string head = "ETag: \"1\""
    ) => (_, stream) => Send(stream, "200 OK", head, content[..sent], said ?? content.Length);

    /// <summary>Sends the rest, from the offset that the client requested.</summary>
    public static Func<Asked, Stream, Task> Rest(byte[] content) =>
        (asked, stream) =>
            Send(
                stream,
                "206 Partial Content",
                $"ETag: \"1\"\r\nContent-Range: bytes {asked.From}-{content.Length - 1}/{content.Length}",
                content[(int)asked.From!.Value..],
                content.Length - asked.From.Value
            );

    public static Func<Asked, Stream, Task> Status(string status, string head = "X: y") =>
        (_, stream) => Send(stream, status, head, [], 0);

    public static async Task Send(Stream stream, string status, string head, byte[] content, long? length)
    {
        string said = length is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{head}\r\n{said}Connection: close\r\n\r\n")
        );
        await stream.WriteAsync(content);
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _work.Wait(TimeSpan.FromSeconds(5));
        _end.Dispose();
    }

    private async Task Work()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using NetworkStream stream = client.GetStream();
                Asked asked = await Read(stream);
                Requests.Add(asked);
                Func<Asked, Stream, Task> answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
                await answer(asked, stream).WaitAsync(_end.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The client disconnected, or the test is over.
            }
        }
    }

    private async Task<Asked> Read(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (
            !head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)
            && await stream.ReadAsync(one, _end.Token) > 0
        )
        {
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n");
        string? range = Header(lines, "Range");
        return new Asked(
            lines[0].Split(' ')[1],
            range is null ? null : long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture),
            Header(lines, "If-Range")
        );
    }

    private static string? Header(string[] lines, string name) =>
        lines
            .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 1)..].Trim();
}
