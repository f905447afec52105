using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Training.Weights.Known;

/// <summary>The result of one request for a file.</summary>
/// <param name="Trouble">The problem, for the user; null if the file is complete.</param>
/// <param name="Again">Whether a retry may help.</param>
/// <param name="NoAnswer">Whether there was no response at all.</param>
internal sealed record TransferEnd(string? Trouble, bool Again = false, bool NoAnswer = false)
{
    /// <summary>The file is complete.</summary>
    public static TransferEnd Whole { get; } = new((string?)null);
}

/// <summary>One request for a file. It resumes a partial file if the server's file has not changed.</summary>
internal static class Transfer
{
    private const int MostRedirections = 5;
    private const int BufferBytes = 1 << 17;

    /// <summary>Requests the missing bytes and appends them to the partial file.</summary>
    public static async Task<TransferEnd> Once(
        HttpClient client,
        PublishedFile file,
        PartialFile part,
        DownloadRules rules,
        Action<DownloadProgress> progress,
        CancellationToken cancellation
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(rules.Silence);
        HttpResponseMessage response;
        try
        {
            (HttpResponseMessage? answer, string? refusal) = await Answer(client, file, part, rules, patience.Token);
            if (answer is null)
            {
                return new TransferEnd(refusal);
            }

            response = answer;
        }
        catch (HttpRequestException e)
        {
            return new TransferEnd(Text(e), Again: true, NoAnswer: IsNoAnswer(e.HttpRequestError));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new TransferEnd($"{file.Address.Host} does not answer", Again: true, NoAnswer: true);
        }

        using (response)
        {
            return Unusable(response, file, part, rules)
                ?? await Receive(response, file, part, rules, progress, patience, cancellation);
        }
    }

    /// <summary>The response after all redirections, or the reason for refusing one.</summary>
    private static async Task<(HttpResponseMessage? Response, string? Refusal)> Answer(
        HttpClient client,
        PublishedFile file,
        PartialFile part,
        DownloadRules rules,
        CancellationToken cancellation
    )
    {
        Uri address = file.Address;
        for (int redirections = 0; redirections <= MostRedirections; redirections++)
        {
            if (!rules.Allow(address))
            {
                return (null, $"{(redirections == 0 ? "" : "it is redirected to ")}{address}, which is not https");
            }

            using HttpRequestMessage request = Request(address, part);
            HttpResponseMessage response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
            {
                return (response, null);
            }

            Uri? next = Next(address, response);
            response.Dispose();
            if (next is null)
            {
                return (null, $"{address} redirects without a usable address");
            }

            address = next;
        }

        return (null, $"more than {MostRedirections} redirects");
    }

    /// <summary>The address to which a response redirects, or null. Reading a malformed one throws.</summary>
    private static Uri? Next(Uri address, HttpResponseMessage response)
    {
        try
        {
            return response.Headers.Location is { } location && Uri.TryCreate(address, location, out Uri? next)
                ? next
                : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    private static HttpRequestMessage Request(Uri address, PartialFile part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (part.Usable > 0)
        {
            request.Headers.Range = new RangeHeaderValue(part.Usable, null);
            request.Headers.TryAddWithoutValidation("If-Range", part.Version);
        }

        return request;
    }

    /// <summary>
    /// The reason for rejecting a response's content, or null. Prepares the partial file for accepted content.
    /// </summary>
    private static TransferEnd? Unusable(
        HttpResponseMessage response,
        PublishedFile file,
        PartialFile part,
        DownloadRules rules
    )
    {
        long have = part.Usable;
        HttpStatusCode status = response.StatusCode;
        if (status == HttpStatusCode.RequestedRangeNotSatisfiable && have > 0)
        {
            // The file may be complete already; its digest decides.
            return TransferEnd.Whole;
        }

        if (status == HttpStatusCode.PartialContent && have > 0)
        {
            if (response.Content.Headers.ContentRange?.From != have)
            {
                part.Delete();
                return new TransferEnd("the server sent a different part than requested", Again: true);
            }
        }
        else if (status == HttpStatusCode.OK)
        {
            have = 0;
            part.Begin(VersionOf(response));
        }
        else
        {
            bool again = (int)status is 408 or 429 or >= 500;
            return new TransferEnd(Invariant($"the server answers {(int)status} ({status})"), again);
        }

        if (file.Bytes is null && have + response.Content.Headers.ContentLength > rules.MostBytes)
        {
            return new TransferEnd($"the server offers more than {Plural.Bytes(rules.MostBytes)}");
        }

        if (
            have + response.Content.Headers.ContentLength is long offered
            && file.Bytes is long known
            && offered != known
        )
        {
            part.Delete();
            return new TransferEnd(Invariant($"the server has {offered} bytes, expected {known}"));
        }

        return null;
    }

    private static async Task<TransferEnd> Receive(
        HttpResponseMessage response,
        PublishedFile file,
        PartialFile part,
        DownloadRules rules,
        Action<DownloadProgress> progress,
        CancellationTokenSource patience,
        CancellationToken cancellation
    )
    {
        using var target = new FileStream(part.File, FileMode.Append, FileAccess.Write);
        long? total = target.Position + response.Content.Headers.ContentLength ?? file.Bytes;
        byte[] buffer = new byte[BufferBytes];
        Stream content = await response.Content.ReadAsStreamAsync(cancellation);
        while (true)
        {
            progress(new DownloadProgress(target.Position, total));
            patience.CancelAfter(rules.Silence);
            int read;
            try
            {
                read = await content.ReadAsync(buffer, patience.Token);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                return Ended(target.Position, total);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new TransferEnd("the server stopped sending", Again: true);
            }

            if (read == 0)
            {
                return target.Position < total ? Ended(target.Position, total) : TransferEnd.Whole;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            if (target.Position > (total ?? rules.MostBytes))
            {
                return new TransferEnd("the server sent more bytes than the file has");
            }
        }
    }

    private static TransferEnd Ended(long received, long? total) =>
        new(
            Invariant($"the connection ended after {received} bytes{(total is null ? "" : $" of {total}")}"),
            Again: true
        );

    /// <summary>The value for <c>If-Range</c>: a strong ETag, else the date of the last change.</summary>
    private static string? VersionOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag
            ? tag.ToString()
            : response.Content.Headers.LastModified?.ToString("r", CultureInfo.InvariantCulture);

    private static bool IsNoAnswer(HttpRequestError error) =>
        error
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    private static string Text(HttpRequestException e) =>
        e.InnerException is { } inner && e.HttpRequestError == HttpRequestError.SecureConnectionError
            ? $"{e.Message} ({inner.Message})"
            : e.Message;
}
