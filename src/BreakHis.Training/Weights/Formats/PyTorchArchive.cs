using System.IO.Compression;
using BreakHis.Wording;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// Reads the format of torch.save since PyTorch 1.6: a zip archive with a pickle (<c>data.pkl</c>) and one uncompressed
/// entry per storage (<c>data/0</c> ...).
/// </summary>
internal static class PyTorchArchive
{
    private const string PickleEntry = "/data.pkl";
    private const int LongestQuoted = 60;

    /// <summary>Reads the state dictionary, in the current dispose scope.</summary>
    public static PyTorchContent Read(FileStream file)
    {
        using ZipArchive archive = Open(file);
        ZipArchiveEntry pickle =
            archive.Entries.FirstOrDefault(e => e.FullName.EndsWith(PickleEntry, StringComparison.Ordinal))
            ?? throw new FormatException(
                $"the archive contains {Listing.Words([.. archive.Entries.Select(e => Clipped.To(LongestQuoted, e.FullName))], shown: 3)}, but no data.pkl, as torch.save writes it"
            );
        string folder = pickle.FullName[..^PickleEntry.Length];
        CheckByteOrder(archive, folder);
        if (pickle.Length != pickle.CompressedLength || pickle.Length > PyTorchFile.LongestPickle)
        {
            throw new FormatException("data.pkl is compressed or too long");
        }

        byte[] program = new byte[pickle.Length];
        BoundedZip.Read(pickle, program);
        // Entries may overlap, so the total of all storages is limited to the length of the file.
        long left = file.Length;
        return PyTorchFile.Views(
            PickledState.In(Pickle.Load(program)),
            storage =>
            {
                ZipArchiveEntry entry = Entry(archive, folder, storage);
                left -= entry.Length;
                return left >= 0 ? ReadStorage(entry, storage) : throw new FormatException("its storages overlap");
            }
        );
    }

    private static ZipArchive Open(FileStream file)
    {
        try
        {
            return BoundedZip.Open(file);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException($"the end of the archive is missing, so it may be truncated ({e.Message})", e);
        }
    }

    private static void CheckByteOrder(ZipArchive archive, string folder)
    {
        if (archive.GetEntry($"{folder}/byteorder") is { Length: > 0 and < 100 } entry)
        {
            byte[] order = new byte[entry.Length];
            BoundedZip.Read(entry, order);
            if (!order.AsSpan().SequenceEqual("little"u8))
            {
                throw new FormatException("its numbers are not little-endian");
            }
        }
    }

    private static ZipArchiveEntry Entry(ZipArchive archive, string folder, PickledStorage storage)
    {
        string name = $"{folder}/data/{storage.Key}";
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new FormatException($"the archive has no {name}");
        int width = PyTorchFile.StorageTypes[storage.Type].Width;
        // torch writes entries uncompressed, so no valid entry is larger than the file.
        return
            entry.Length == entry.CompressedLength && entry.Length % width == 0 && entry.Length / width == storage.Count
            ? entry
            : throw new FormatException(
                $"{name} has {Plural.Of(entry.Length, "byte")}, expected {Plural.Of(storage.Count, "number")} of {Plural.Of(width, "byte")}"
            );
    }

    private static Tensor ReadStorage(ZipArchiveEntry entry, PickledStorage storage)
    {
        Tensor flat = empty([storage.Count], PyTorchFile.StorageTypes[storage.Type].Type);
        BoundedZip.Read(entry, storage.Count > 0 ? flat.bytes : []);
        return flat;
    }
}
