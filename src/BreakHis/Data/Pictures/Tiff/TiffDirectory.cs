namespace BreakHis.Data.Pictures.Tiff;

/// <summary>One page of a TIFF file: its tags and their values.</summary>
internal sealed class TiffDirectory
{
    private const int Short = 3;
    private const int Long = 4;
    private const int BigLong = 16;

    private readonly TiffBytes _file;
    private readonly Dictionary<int, (int Size, long Count, long At)> _entries = [];

    private TiffDirectory(TiffBytes file) => _file = file;

    /// <summary>The offset of the next page, or 0.</summary>
    public long Next { get; private set; }

    /// <summary>
    /// The first tag of <see cref="TiffTags.Read"/> whose values are not of the types that TIFF 6.0 allows for it, with
    /// its type; or null. Programs read such values differently.
    /// </summary>
    public (int Tag, int Type)? Unusual { get; private set; }

    /// <summary>Returns the offset of the first page.</summary>
    /// <exception cref="DataException">The file is truncated or has no page.</exception>
    public static long First(TiffBytes file)
    {
        long first = file.IsBig ? file.Number(8, 8) : file.Number(4, 4);
        return first == 0 ? throw file.Damaged() : first;
    }

    /// <summary>Reads the page at an offset.</summary>
    /// <exception cref="DataException">A value is outside the file, or a tag occurs twice.</exception>
    public static TiffDirectory At(TiffBytes file, long offset)
    {
        var directory = new TiffDirectory(file);
        int countSize = file.IsBig ? 8 : 2;
        long count = file.Number(offset, countSize);
        int entrySize = 4 + (2 * file.OffsetSize);
        long begin = offset + countSize;
        // A multiplication that overflows would pass the check of the range.
        if (count > ushort.MaxValue)
        {
            throw file.Damaged();
        }

        file.Require(begin, count * entrySize);
        for (long i = 0; i < count; i++)
        {
            directory.Add(begin + (i * entrySize));
        }

        directory.Next = file.Number(begin + (count * entrySize), file.OffsetSize);
        return directory;
    }

    /// <summary>Returns whether the page has a tag whose values are unsigned integers.</summary>
    public bool Has(int tag) => _entries.ContainsKey(tag);

    /// <summary>Returns the number of values of a tag, 0 if it is missing.</summary>
    public long CountOf(int tag) => _entries.TryGetValue(tag, out (int, long Count, long) entry) ? entry.Count : 0;

    /// <summary>Returns one value of a tag.</summary>
    /// <param name="index">Less than <see cref="CountOf"/>.</param>
    public long Value(int tag, long index)
    {
        (int size, _, long at) = _entries[tag];
        return _file.Number(at + (index * size), size);
    }

    /// <summary>Returns the first value of a tag, or a default if it is missing.</summary>
    public long Value(int tag, int index, long otherwise) => CountOf(tag) > index ? Value(tag, index) : otherwise;

    private void Add(long at)
    {
        int tag = (int)_file.Number(at, 2);
        int type = (int)_file.Number(at + 2, 2);
        long count = _file.Number(at + 4, _file.OffsetSize);
        int size = SizeOf(type);
        if (TiffTags.Read.Contains(tag) && type is not (Short or Long or BigLong))
        {
            Unusual ??= (tag, type);
        }

        if (size == 0)
        {
            return;
        }

        long value = at + 4 + _file.OffsetSize;
        if (count > _file.OffsetSize / size)
        {
            value = _file.Number(value, _file.OffsetSize);
            // More values than a file can have; the product would overflow.
            _file.Require(value, Math.Min(count, int.MaxValue) * size);
        }

        if (IsUnsigned(type) && count > 0 && !_entries.TryAdd(tag, (size, count, value)))
        {
            throw _file.Damaged();
        }
    }

    private static bool IsUnsigned(int type) => type is 1 or Short or Long or 13 or BigLong or 18;

    /// <summary>The bytes of one value; 0 for types that the standards do not define, which readers skip.</summary>
    private static int SizeOf(int type) =>
        type switch
        {
            1 or 2 or 6 or 7 => 1,
            Short or 8 => 2,
            Long or 9 or 11 or 13 => 4,
            5 or 10 or 12 or BigLong or 17 or 18 => 8,
            _ => 0,
        };
}
