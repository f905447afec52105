using System.Buffers.Binary;
using System.Numerics;
using BreakHis.Specs;

namespace BreakHis.Data.Pictures;

/// <summary>
/// What an image looks like: whether the detail falls, rises or hardly changes between neighbouring cells of a 33 x 33
/// grid, across and down. Detail is the grey level less the median of the 5 x 5 cells around it, so uneven light,
/// vignetting and the outline of a large shape carry none. This extends the difference hash of N. Krawetz ("Kind of Like
/// That", 2013): steps below two grey levels carry no information and are not compared, so a flat background resembles
/// nothing.
/// </summary>
internal sealed class DifferenceHash
{
    /// <summary>The number of 64-bit words of <see cref="Words"/>: as many for directions as for what counts.</summary>
    public const int WordCount = 2 * Half;

    private const int Grid = 33;
    private const int Across = Grid * (Grid - 1);
    private const int Steps = 2 * Across;
    private const int Half = Steps / 64;
    private const int SmallestStep = 2;
    private const int LeastInformation = 256;
    private const int Around = 2;

    // Measured on real images: see docs/data.md.
    private const double MostDifferent = 0.32;
    private const double EnoughInCommon = 1000;
    private const double LeastOverlap = 0.4;
    private const int FirstWords = 4;
    private const double HopelesslyDifferent = 0.44;

    // Across, row by row, then down, row by row: 1 falls, -1 rises, 0 changes too little.
    private readonly sbyte[] _steps;

    private DifferenceHash(sbyte[] steps) => _steps = steps;

    /// <summary>The number of steps of at least two grey levels, 0 to 2112.</summary>
    public int Information => _steps.Count(step => step != 0);

    /// <summary>Whether so few steps count that unrelated images would agree in them by chance.</summary>
    public bool IsTooFlat => Information < LeastInformation;

    /// <summary>Returns the look of an image.</summary>
    public static DifferenceHash Of(Picture picture)
    {
        byte[] rgb = Resampling.Resize(picture, Grid, Grid, ResizeFilter.Bilinear).Rgb;
        int[] detail = Detail([.. Enumerable.Range(0, Grid * Grid).Select(cell => Grey(rgb, cell))]);
        sbyte[] steps = new sbyte[Steps];
        for (int row = 0; row < Grid; row++)
        {
            for (int column = 0; column < Grid - 1; column++)
            {
                steps[AcrossAt(row, column)] = Step(detail[(row * Grid) + column], detail[(row * Grid) + column + 1]);
                steps[DownAt(column, row)] = Step(detail[(column * Grid) + row], detail[((column + 1) * Grid) + row]);
            }
        }

        return new DifferenceHash(steps);
    }

    /// <summary>Reads a text from <see cref="Text"/>; an empty text is a look without information.</summary>
    public static DifferenceHash Parse(string text)
    {
        byte[] bytes = Convert.FromBase64String(text);
        sbyte[] steps = new sbyte[Steps];
        for (int i = 0; i < Steps && bytes.Length > 0; i++)
        {
            bool counts = Bit(bytes, Steps + i);
            steps[i] = (sbyte)(
                !counts ? 0
                : Bit(bytes, i) ? 1
                : -1
            );
        }

        return new DifferenceHash(steps);
    }

    /// <summary>Returns the look as text, in base 64.</summary>
    public string Text()
    {
        byte[] bytes = new byte[WordCount * sizeof(ulong)];
        foreach ((int i, ulong word) in Words().Index())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), word);
        }

        return Convert.ToBase64String(bytes);
    }

    /// <summary>Returns whether a text is as <see cref="Text"/> writes it.</summary>
    public static bool IsText(string text)
    {
        byte[] bytes = new byte[WordCount * sizeof(ulong)];
        return Convert.TryFromBase64String(text, bytes, out int length) && length == bytes.Length;
    }

    /// <summary>Returns one bit per step, set if the grey level falls, and then one bit per step that counts.</summary>
    public ulong[] Words()
    {
        ulong[] words = new ulong[WordCount];
        for (int i = 0; i < Steps; i++)
        {
            words[i / 64] |= (_steps[i] > 0 ? 1UL : 0) << (i % 64);
            words[Half + (i / 64)] |= (_steps[i] != 0 ? 1UL : 0) << (i % 64);
        }

        return words;
    }

    /// <summary>Returns the looks of the image as it is, turned by quarters, and each of these mirrored.</summary>
    public IReadOnlyList<DifferenceHash> Orientations()
    {
        List<DifferenceHash> looks = [];
        DifferenceHash turned = this;
        for (int quarter = 0; quarter < 4; quarter++)
        {
            looks.Add(turned);
            looks.Add(turned.Mirrored());
            turned = turned.Turned();
        }

        return looks;
    }

    /// <summary>Returns whether two looks are those of nearly the same image.</summary>
    /// <param name="first">The <see cref="Words"/> of one.</param>
    /// <param name="second">The <see cref="Words"/> of the other.</param>
    public static bool IsAlike(ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second)
    {
        (int common, int either, int different) = (0, 0, 0);
        for (int i = 0; i < Half; i++)
        {
            ulong both = first[Half + i] & second[Half + i];
            common += BitOperations.PopCount(both);
            either += BitOperations.PopCount(first[Half + i] | second[Half + i]);
            different += BitOperations.PopCount((first[i] ^ second[i]) & both);
            if (i == FirstWords - 1 && common > 64 && different > HopelesslyDifferent * common)
            {
                return false;
            }
        }

        // The less there is to compare, the more often unrelated images agree in it.
        double share = Math.Min(1, common / EnoughInCommon);
        return common >= LeastOverlap * either && different <= MostDifferent * share * share * common;
    }

    private DifferenceHash Turned()
    {
        sbyte[] steps = new sbyte[Steps];
        for (int row = 0; row < Grid; row++)
        {
            for (int column = 0; column < Grid - 1; column++)
            {
                steps[AcrossAt(row, column)] = _steps[DownAt(column, Grid - 1 - row)];
                steps[DownAt(column, row)] = (sbyte)-_steps[AcrossAt(row, Grid - 2 - column)];
            }
        }

        return new DifferenceHash(steps);
    }

    private DifferenceHash Mirrored()
    {
        sbyte[] steps = new sbyte[Steps];
        for (int row = 0; row < Grid; row++)
        {
            for (int column = 0; column < Grid - 1; column++)
            {
                steps[AcrossAt(row, column)] = (sbyte)-_steps[AcrossAt(row, Grid - 2 - column)];
                steps[DownAt(column, row)] = _steps[DownAt(column, Grid - 1 - row)];
            }
        }

        return new DifferenceHash(steps);
    }

    /// <summary>Returns each cell less the median of the cells around it; beyond the border, the nearest cells count.</summary>
    private static int[] Detail(int[] grey)
    {
        int[] detail = new int[grey.Length];
        Span<int> window = stackalloc int[((2 * Around) + 1) * ((2 * Around) + 1)];
        for (int cell = 0; cell < grey.Length; cell++)
        {
            for (int i = 0; i < window.Length; i++)
            {
                int row = Math.Clamp((cell / Grid) - Around + (i / ((2 * Around) + 1)), 0, Grid - 1);
                int column = Math.Clamp((cell % Grid) - Around + (i % ((2 * Around) + 1)), 0, Grid - 1);
                window[i] = grey[(row * Grid) + column];
            }

            window.Sort();
            detail[cell] = grey[cell] - window[window.Length / 2];
        }

        return detail;
    }

    /// <summary>The step from a cell to the next one in its row.</summary>
    private static int AcrossAt(int row, int column) => (row * (Grid - 1)) + column;

    /// <summary>The step from a cell to the one below it.</summary>
    private static int DownAt(int row, int column) => Across + (row * Grid) + column;

    private static sbyte Step(int from, int to) =>
        (sbyte)(Math.Abs(from - to) < SmallestStep ? 0 : Math.Sign(from - to));

    private static bool Bit(byte[] bytes, int at) => (bytes[at / 8] >> (at % 8) & 1) != 0;

    /// <summary>Returns the luma of ITU-R BT.601, 0 to 255.</summary>
    private static int Grey(byte[] rgb, int cell) =>
        ((299 * rgb[cell * 3]) + (587 * rgb[(cell * 3) + 1]) + (114 * rgb[(cell * 3) + 2]) + 500) / 1000;
}
