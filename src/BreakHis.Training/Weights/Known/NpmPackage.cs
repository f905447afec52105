using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using BreakHis.Training.Weights.Formats;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// A TensorFlow.js layers model in an npm package (.tgz). Its model.json and shards are plain files, or each is wrapped
/// in a JavaScript module that exports an object and base64 texts, as in nsfwjs. No script is executed.
/// </summary>
internal static class NpmPackage
{
    private const long MostBytes = 2L << 30;
    private const long MostOfModel = 1L << 29;
    private const long MostMetadata = 1L << 20;
    private const string Exports = ".exports=";

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
            RequireShortMetadata(path);
            string place = Place(path, backbone);
            foreach ((string name, byte[] content) in Entries(path, entry => IsFileOf(place, entry.Name)))
            {
                string file = name[(place.Length + 1)..];
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
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new WeightsException($"{path}: not an npm package with a TensorFlow.js layers model: {e.Message}", e);
        }
    }

    /// <summary>TarReader keeps the whole of an entry with a long name or attributes in memory before it returns it.</summary>
    private static void RequireShortMetadata(string path)
    {
        const int Block = 512;
        using FileStream file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        byte[] header = new byte[Block];
        byte[] skipped = new byte[64 * Block];
        while (unzipped.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block)
        {
            long length = LengthIn(header);
            bool isMetadata = (char)header[156] is 'x' or 'g' or 'L' or 'K';
            if (length < 0 || (isMetadata && length > MostMetadata))
            {
                throw new InvalidDataException("it has an entry, a name or attributes that are too long");
            }

            for (long left = (length + Block - 1) / Block * Block; left > 0; left -= skipped.Length)
            {
                unzipped.ReadExactly(skipped.AsSpan(0, (int)Math.Min(left, skipped.Length)));
            }
        }
    }

    /// <summary>The length of an entry in a header: octal digits, or -1 if it is in another form.</summary>
    private static long LengthIn(ReadOnlySpan<byte> header)
    {
        long length = 0;
        foreach (byte digit in header.Slice(124, 12))
        {
            if (digit is (byte)' ' or 0)
            {
                continue;
            }

            if (digit is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            length = length * 8 + (digit - '0');
        }

        return length;
    }

    /// <summary>The folder of the model in the package.</summary>
    private static string Place(string path, string backbone)
    {
        string[] places =
        [
            .. Entries(
                    path,
                    entry => PlainName(Path.GetFileName(entry.Name)) == WeightsSource.ModelFile,
                    withContent: false
                )
                .Select(entry => FolderOf(entry.Name))
                .Distinct(StringComparer.Ordinal),
        ];
        string[] own = [.. places.Where(place => place.EndsWith("/" + backbone, StringComparison.Ordinal))];
        return (places, own) switch
        {
            ([string only], _) => only,
            (_, [string only]) => only,
            ([], _) => throw new WeightsException(
                $"{path}: contains no TensorFlow.js layers model ({WeightsSource.ModelFile})"
            ),
            _ => throw new WeightsException(
                $"{path}: contains several models ({string.Join(", ", places)}), but not exactly one in a folder {backbone}; unpack it and name one"
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
        FolderOf(name) == place && name[(place.Length + 1)..] is not ("" or "." or "..") && !name.Contains('\\');

    private static string FolderOf(string name) => name[..Math.Max(0, name.LastIndexOf('/'))];

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
        string text = Encoding.UTF8.GetString(module);
        if (name == WeightsSource.ModelFile)
        {
            return JavaScriptLiteral.ToJson(text, After(text, Exports + "{", name) - 1);
        }

        int start = After(text, Exports + "\"", name);
        int end = text.IndexOf('"', start);
        return end > start
            ? Convert.FromBase64String(text[start..end])
            : throw new FormatException($"the module of {name} is truncated");
    }

    private static int After(string text, string what, string name)
    {
        int at = text.IndexOf(what, StringComparison.Ordinal);
        return at >= 0 ? at + what.Length : throw new FormatException($"the module of {name} exports no literal");
    }
}
