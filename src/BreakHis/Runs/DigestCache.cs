using System.Text.Json;
using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Files;
using BreakHis.Json;
using BreakHis.Numerics;
using BreakHis.Plans;

namespace BreakHis.Runs;

/// <summary>The digests of a plan's images, computed once and cached.</summary>
internal static class DigestCache
{
    private const string Kind = "image digests";

    /// <summary>Returns image digests by SHA-256. Images without a cached digest are decoded, on all cores.</summary>
    /// <param name="software">What determines a digest besides the image: the software that decodes and digests it, by
    /// name, with version or hash.</param>
    /// <param name="keep">Whether to write new digests to the cache; a dry run leaves nothing behind.</param>
    /// <param name="advance">Called with 1 for each digested image, from several threads.</param>
    /// <exception cref="DataException">Images cannot be decoded; the message names all of them.</exception>
    public static async Task<IReadOnlyDictionary<string, PictureDigest>> Of(
        HomeFolder home,
        IReadOnlyList<PlannedImage> images,
        PictureSource pictures,
        IReadOnlyDictionary<string, string> software,
        bool keep,
        Action<int> advance,
        CancellationToken cancellation
    )
    {
        PlannedImage[] distinct = [.. images.DistinctBy(ContentAndFormat, StringComparer.Ordinal)];
        ILookup<string, string> paths = images.ToLookup(
            image => image.Sha256,
            image => image.Path,
            StringComparer.Ordinal
        );
        string key = KeyOf(distinct, software);
        string file = Path.Combine(home.Cached(key), "digests.json");
        if (!keep)
        {
            return Read(file, distinct) ?? Make(distinct, paths, pictures, advance, cancellation);
        }

        using FileLock alone = await FileLock.Take(home.LockOf(key), () => { }, cancellation);
        if (Read(file, distinct) is { } kept)
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            return kept;
        }

        Dictionary<string, PictureDigest> made = Make(distinct, paths, pictures, advance, cancellation);
        string json = JsonSerializer.Serialize(made);
        AtomicFile.Write(file, $"{Sha256Hex.OfText(json)}\n{json}");
        return made;
    }

    private static Dictionary<string, PictureDigest> Make(
        PlannedImage[] images,
        ILookup<string, string> paths,
        PictureSource pictures,
        Action<int> advance,
        CancellationToken cancellation
    )
    {
        var digests = new PictureDigest[images.Length];
        string[]?[] wrong = new string[]?[images.Length];
        ParallelWork.ForEach(
            images.Length,
            i =>
            {
                try
                {
                    digests[i] = PictureDigest.Of(pictures(images[i].Path));
                }
                catch (DataException)
                {
                    // All files with these bytes, such as all empty ones.
                    wrong[i] = [.. paths[images[i].Sha256].Select(path => Fault(pictures, path)).OfType<string>()];
                }

                advance(1);
            },
            cancellation
        );
        string[] found = [.. wrong.OfType<string[]>().SelectMany(faults => faults).Distinct(StringComparer.Ordinal)];
        return found.Length switch
        {
            0 => images
                .Zip(digests)
                .DistinctBy(pair => pair.First.Sha256, StringComparer.Ordinal)
                .ToDictionary(pair => pair.First.Sha256, pair => pair.Second, StringComparer.Ordinal),
            1 => throw new DataException($"{found[0]}; data.exclude can leave it out"),
            _ => throw new DataException(
                $"{found.Length} images cannot be used (data.exclude can leave them out): {string.Join("; ", found)}"
            ),
        };
    }

    private static string? Fault(PictureSource pictures, string path)
    {
        try
        {
            PictureDigest.Of(pictures(path));
            return null;
        }
        catch (DataException e)
        {
            return Relative(e.Message, path);
        }
    }

    /// <summary>Returns a message with a path as data.exclude takes it, below data.path.</summary>
    private static string Relative(string message, string path) =>
        message.IndexOf($"{path}: ", StringComparison.Ordinal) is > 0 and int at ? message[at..] : message;

    /// <summary>An image's content, and whether its name says that it is TIFF: others may not contain such data.</summary>
    private static string ContentAndFormat(PlannedImage image) =>
        ImageFormats.KindOf(image.Path) == ImageFormats.Tiff ? $"{image.Sha256} {ImageFormats.Tiff}" : image.Sha256;

    private static string KeyOf(IEnumerable<PlannedImage> images, IReadOnlyDictionary<string, string> software) =>
        CanonicalJson
            .Object(
                ("kind", Kind),
                ("images", Texts(images.Select(ContentAndFormat).Order(StringComparer.Ordinal))),
                (
                    "software",
                    CanonicalJson.Object(software.Select(entry => (entry.Key, CanonicalJson.From(entry.Value))))
                )
            )
            .Hash();

    private static CanonicalJson Texts(IEnumerable<string> texts) =>
        CanonicalJson.Array(texts.Select(text => CanonicalJson.From(text)!));

    /// <summary>Returns the cached digests, or null if they are incomplete or malformed.</summary>
    private static Dictionary<string, PictureDigest>? Read(string file, PlannedImage[] images)
    {
        if (!RegularFile.Exists(file))
        {
            return null;
        }

        if (TextOrNull(file)?.Split('\n', 2) is not [_, _] parts || Sha256Hex.OfText(parts[1]) != parts[0])
        {
            return null;
        }

        return
            Parsed(parts[1]) is { } digests
            && Array.TrueForAll(images, image => digests.GetValueOrDefault(image.Sha256) is { IsWellFormed: true })
            ? digests
            : null;
    }

    private static string? TextOrNull(string file)
    {
        try
        {
            return RegularFile.Text(file);
        }
        catch (IOException)
        {
            // Longer than any file of digests.
            return null;
        }
    }

    private static Dictionary<string, PictureDigest>? Parsed(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, PictureDigest>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
