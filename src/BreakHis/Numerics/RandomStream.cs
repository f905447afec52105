using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace BreakHis.Numerics;

/// <summary>
/// A stream of random numbers that depends only on its key: (seed, purpose, epoch, item). Threads that share work in
/// any order draw the same numbers, and no purpose affects the draws of any other.
/// </summary>
/// <remarks>
/// xoshiro256** 1.0 of Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
/// Mathematical Software 47(4), 2021. The initial state is the SHA-256 of the key. Every draw is bit-identical on every
/// platform. An instance is not thread-safe: each thread derives its own.
/// </remarks>
internal sealed class RandomStream
{
    // Throws on an unpaired surrogate, so that no two keys have the same bytes.
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>Returns the stream of a key, at its start.</summary>
    /// <param name="seed">The seed of the run or of the data.</param>
    /// <param name="purpose">The purpose of the draws, such as <c>"shuffle"</c> or <c>"dropout"</c>.</param>
    /// <param name="item">The item, such as an image's path, if any.</param>
    /// <exception cref="ArgumentException">A string is not valid UTF-16.</exception>
    public static RandomStream From(long seed, string purpose, int epoch = 0, string item = "")
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ArgumentNullException.ThrowIfNull(item);
        byte[] purposeBytes = StrictUtf8.GetBytes(purpose);
        byte[] itemBytes = StrictUtf8.GetBytes(item);
        byte[] key = new byte[8 + 4 + purposeBytes.Length + 4 + 4 + itemBytes.Length];

        // Each string follows its length, so that ("ab", "c") and ("a", "bc") are different keys.
        Span<byte> rest = key.AsSpan();
        BinaryPrimitives.WriteInt64LittleEndian(rest, seed);
        BinaryPrimitives.WriteInt32LittleEndian(rest[8..], purposeBytes.Length);
        purposeBytes.CopyTo(rest[12..]);
        rest = rest[(12 + purposeBytes.Length)..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, epoch);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], itemBytes.Length);
        itemBytes.CopyTo(rest[8..]);

        Span<byte> hash = SHA256.HashData(key).AsSpan();
        return new RandomStream(Word(hash, 0), Word(hash, 1), Word(hash, 2), Word(hash, 3));
    }

    /// <summary>Returns the next 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Returns a number from [0, 1), a multiple of 2^-53.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Returns a uniformly distributed number between two bounds.</summary>
    /// <param name="low">The lower bound, inclusive.</param>
    /// <param name="high">The upper bound, reached only by rounding.</param>
    public double Uniform(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>Returns an integer from [0, n), each with the same probability.</summary>
    /// <param name="n">The number of possible values, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is below 1.</exception>
    /// <remarks>Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.</remarks>
    public int Below(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ulong range = (ulong)n;
        ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
        if (low < range)
        {
            ulong threshold = (0 - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (int)high;
    }

    /// <summary>
    /// Returns a number from the standard normal distribution (Box and Muller, 1958), using two draws.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Normal()
    {
        double radius = Math.Sqrt(-2 * PortableMath.Log(1 - NextDouble()));
        return radius * PortableMath.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>
    /// Returns the numbers 0 to n - 1 in random order, each order with the same probability (Fisher and Yates).
    /// </summary>
    /// <param name="n">The number of elements, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    public int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            int j = Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    private static ulong Word(ReadOnlySpan<byte> hash, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(hash[(8 * index)..]);
}
