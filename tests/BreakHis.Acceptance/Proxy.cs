using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BreakHis.Acceptance;

/// <summary>
/// A local HTTP proxy that records requests. It refuses all of them, or acts as the server, with a certificate and one
/// text for every request.
/// </summary>
internal sealed class Proxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly string _text;
    private readonly Task _work;

    public Proxy(X509Certificate2? certificate = null, string text = "")
    {
        (_certificate, _text) = (certificate, text);
        _listener.Start();
        _work = Task.Run(Work);
    }

    /// <summary>Method and address of each request.</summary>
    public List<string> Asked { get; } = [];

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>A certificate for a host, not signed by any authority.</summary>
    public static X509Certificate2 CertificateOf(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _work.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task Work()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await using NetworkStream stream = client.GetStream();
                await Answer(stream);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client disconnected, or rejected the certificate.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Answer(Stream stream)
    {
        await Read(stream);
        if (_certificate is null)
        {
            await Write(stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }

        await Write(stream, "HTTP/1.1 200 OK\r\n\r\n");
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(_certificate);
        await Read(tls);
        await Write(tls, $"HTTP/1.1 200 OK\r\nContent-Length: {_text.Length}\r\nConnection: close\r\n\r\n{_text}");
    }

    private async Task Read(Stream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            head.Append((char)one[0]);
        }

        Asked.Add(head.ToString().Split(" HTTP/")[0]);
    }

    private static async Task Write(Stream stream, string text) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
