using System.Buffers;
using System.Buffers.Text;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// A TensorFlow.js layers model in an npm package (.tgz). Its model.json and shards are plain files, or each is wrapped
/// in a JavaScript module that exports an object and base64 texts, as in nsfwjs. No script is executed.
/// </summary>
internal static class NpmPackage
{
    private const long MostBytes = 2L << 30;
    private const long MostOfModel = 1L << 29;
    private const int MostFiles = 10_000;
    private const int MostModels = 1000;
    private const int LongestModule = 1 << 24;
    private const int LongestFileName = 255;

    private static ReadOnlySpan<byte> ExportedObject => ".exports={"u8;

    private static ReadOnlySpan<byte> ExportedText => ".exports=\""u8;

    /// <summary>Whether a file is gzip-compressed. No format of weights is.</summary>
    public static bool Is(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
    }

    /// <summary>Extracts a backbone's model to a folder.</summary>
    /// <param name="backbone">The backbone. If the package has several models, the folder of this name is used.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>The path of model.json there.</returns>
    /// <exception cref="WeightsException">There is no such model, or it cannot be extracted.</exception>
    public static string Unpack(string path, string backbone, string folder)
    {
        try
        {
            TarHeaders.Check(path, MostBytes);
            string place = Place(path, backbone);
            int files = 0;
            foreach ((string name, byte[] content) in Entries(path, entry => IsFileOf(place, entry.Name)))
            {
                if (++files > MostFiles)
                {
                    throw new InvalidDataException($"the model has more than {MostFiles} files");
                }

                string file = FileOf(name);
                string plain = PlainName(file);
                // If both exist, the plain file is used.
                if (plain == file || !File.Exists(Path.Combine(folder, plain)))
                {
                    File.WriteAllBytes(
                        Path.Combine(folder, plain),
                        plain == file ? content : Unwrapped(plain, content)
                    );
                }
            }

            return Path.Combine(folder, WeightsSource.ModelFile);
        }
        catch (Exception e)
            when (e is EndOfStreamException or not (WeightsException or IOException or UnauthorizedAccessException))
        {
            // On a malformed archive, the library throws exceptions of several types.
            throw new WeightsException($"{path}: not an npm package with a TensorFlow.js layers model: {e.Message}", e);
        }
    }

    /// <summary>The folder of the model in the package.</summary>
    private static string Place(string path, string backbone)
    {
        string[] places =
        [
            .. Entries(path, entry => PlainName(FileOf(entry.Name)) == WeightsSource.ModelFile, withContent: false)
                .Select(entry => FolderOf(entry.Name))
                .Distinct(StringComparer.Ordinal)
                .Take(MostModels + 1),
        ];
        if (places.Length > MostModels)
        {
            throw new InvalidDataException($"it contains more than {MostModels} models");
        }

        string[] own = [.. places.Where(place => $"/{place}".EndsWith($"/{backbone}", StringComparison.Ordinal))];
        return (places, own) switch
        {
            ([string only], _) => only,
            (_, [string only]) => only,
            ([], _) => throw new WeightsException(
                $"{path}: contains no TensorFlow.js layers model ({WeightsSource.ModelFile})"
            ),
            _ => throw new WeightsException(
                $"{path}: contains several models ({Listing.Words(places)}), but not exactly one in a folder {backbone}; unpack it and name one"
            ),
        };
    }

    private static IEnumerable<(string Name, byte[] Content)> Entries(
        string path,
        Predicate<TarEntry> wanted,
        bool withContent = true
    )
    {
        using FileStream file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unzipped);
        long bytes = 0;
        long read = 0;
        while (archive.GetNextEntry() is { } entry)
        {
            bytes += entry.Length;
            if (bytes > MostBytes)
            {
                throw new InvalidDataException("it contains more than 2 GiB");
            }

            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && wanted(entry))
            {
                read += withContent ? entry.Length : 0;
                if (read > MostOfModel)
                {
                    throw new InvalidDataException("the model has more than 512 MiB");
                }

                byte[] content = new byte[withContent ? entry.Length : 0];
                if (content.Length > 0)
                {
                    entry.DataStream!.ReadExactly(content);
                }

                yield return (entry.Name, content);
            }
        }
    }

    /// <summary>Whether a name refers to a file directly in a folder, and to no other location on any system.</summary>
    private static bool IsFileOf(string place, string name) =>
        FolderOf(name) == place
        && PlainName(FileOf(name)) is not ("" or "." or "..")
        && Encoding.UTF8.GetByteCount(FileOf(name)) <= LongestFileName
        && !name.AsSpan().ContainsAny('\\', '\0');

    private static string FolderOf(string name) => name[..Math.Max(0, name.LastIndexOf('/'))];

    private static string FileOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>
    /// model.json for model.min.js, group1-shard1of6 for group1-shard1of6.min.js; other names unchanged.
    /// </summary>
    private static string PlainName(string name)
    {
        if (!name.EndsWith(".js", StringComparison.Ordinal))
        {
            return name;
        }

        string plain = name[..^3];
        plain = plain.EndsWith(".min", StringComparison.Ordinal) ? plain[..^4] : plain;
        return plain == "model" ? WeightsSource.ModelFile : plain;
    }

    private static byte[] Unwrapped(string name, byte[] module)
    {
        if (name == WeightsSource.ModelFile)
        {
            int literal = After(module, ExportedObject, name) - 1;
            return module.Length <= LongestModule
                ? JavaScriptLiteral.ToJson(Encoding.UTF8.GetString(module.AsSpan(literal)), 0)
                : throw new FormatException($"the module of {name} is too long");
        }

        Span<byte> text = module.AsSpan(After(module, ExportedText, name));
        int length = text.IndexOf((byte)'"');
        if (length <= 0)
        {
            throw new FormatException($"the module of {name} is truncated");
        }

        return Base64.DecodeFromUtf8InPlace(text[..length], out int written) == OperationStatus.Done
            ? text[..written].ToArray()
            : throw new FormatException($"the module of {name} does not export base64");
    }

    private static int After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> what, string name)
    {
        int at = text.IndexOf(what);
        return at >= 0 ? at + what.Length : throw new FormatException($"the module of {name} exports no literal");
    }
}
