using System.Net;
using BreakHis.Files;

namespace BreakHis.Training.Weights.Known;

/// <summary>Progress of a download.</summary>
/// <param name="Done">Number of bytes received.</param>
/// <param name="Total">Total number of bytes, or null if unknown.</param>
/// <param name="Note">A message for the user, or null.</param>
internal sealed record DownloadProgress(long Done, long? Total, string? Note = null);

/// <summary>
/// Downloads published files over https, through the proxy in HTTPS_PROXY if set. An interrupted download resumes. A
/// file is moved into place, atomically, only after its published digest is verified.
/// </summary>
internal static class Download
{
    /// <summary>Downloads a file to a folder, unless it already exists.</summary>
    /// <param name="folder">The folder, created if missing.</param>
    /// <param name="progress">Called after each chunk.</param>
    /// <param name="cancellation">Stops the download. Received bytes are kept for the next attempt.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="DownloadException">The download failed, or the content is not the published one.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    /// <exception cref="IOException">The folder is not writable.</exception>
    public static Task<string> ToFolder(
        PublishedFile file,
        string folder,
        Action<DownloadProgress> progress,
        CancellationToken cancellation
    ) => ToFolder(file, folder, DownloadRules.Default, progress, cancellation);

    /// <summary>Downloads a file with other rules.</summary>
    internal static async Task<string> ToFolder(
        PublishedFile file,
        string folder,
        DownloadRules rules,
        Action<DownloadProgress> progress,
        CancellationToken cancellation
    )
    {
        Leftovers.Delete(folder);
        string target = Path.Combine(folder, file.Name);
        var part = new PartialFile(folder, file.Name);
        using FileLock held = await FileLock.Take(
            part.Lock,
            () => progress(new DownloadProgress(0, file.Bytes, "another process is downloading it; waiting")),
            cancellation
        );
        if (File.Exists(target))
        {
            return file.Digest.Misfit(target) is string misfit
                ? throw new DownloadException($"{target} is not the published file: {misfit}; delete it first")
                : target;
        }

        string? trouble = await Receive(file, part, rules, progress, cancellation);
        if (trouble is not null)
        {
            throw new DownloadException(
                $"{file.Name} cannot be downloaded: {trouble}; you can also get it from {file.Address} and put it in {folder}"
            );
        }

        PutInPlace(file, part, target);
        return target;
    }

    /// <summary>Repeats requests until the file is complete and verified.</summary>
    /// <returns>Null on success, else the reason for the failure.</returns>
    private static async Task<string?> Receive(
        PublishedFile file,
        PartialFile part,
        DownloadRules rules,
        Action<DownloadProgress> progress,
        CancellationToken cancellation
    )
    {
        using HttpClient client = Client(rules);
        progress(new DownloadProgress(part.Usable, file.Bytes));
        for (int attempt = 1; ; attempt++)
        {
            bool resumed = part.Usable > 0;
            TransferEnd end = await Transfer.Once(client, file, part, rules, progress, cancellation);
            if (end.Trouble is null)
            {
                end = Believed(file, part, resumed);
            }

            // If nothing answers the first request, the machine is offline, and retries would not help.
            bool offline = end.NoAnswer && attempt == 1;
            if (end.Trouble is null || !end.Again || offline || attempt == rules.Attempts)
            {
                return end.Trouble;
            }

            progress(new DownloadProgress(part.Length, file.Bytes, $"{end.Trouble}; retrying"));
            await Task.Delay(rules.Pause * Math.Pow(2, attempt - 1), cancellation);
        }
    }

    /// <summary>Verifies a complete file against its digest, and deletes it on a mismatch.</summary>
    private static TransferEnd Believed(PublishedFile file, PartialFile part, bool resumed)
    {
        string? misfit = file.Digest.Misfit(part.File);
        if (misfit is null)
        {
            return TransferEnd.Whole;
        }

        part.Delete();
        return new TransferEnd($"the download is not the published file and was not kept: {misfit}", Again: resumed);
    }

    private static void PutInPlace(PublishedFile file, PartialFile part, string target)
    {
        using (FileStream stream = new(part.File, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Flush(flushToDisk: true);
        }

        string sha256 = Sha256Hex.OfFile(part.File);
        File.Move(part.File, target, overwrite: false);
        AtomicFile.FlushFolder(part.Folder);
        part.Delete();
        HashRecord.Write(target, sha256, [$"from {file.Address}", $"published with {file.Digest}"]);
    }

    private static HttpClient Client(DownloadRules rules)
    {
#pragma warning disable CA2000 // The client disposes of it.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = rules.Connection,
            UseProxy = !rules.PlainHttpToThisMachine,
        };
#pragma warning restore CA2000
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("dotnet-breakhis");
        return client;
    }
}
