using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BreakHis.Numerics;

/// <summary>
/// Draws many normal numbers at once, four at a time: the same operations in the same order as
/// <see cref="RandomStream.Normal"/>, and therefore the same bits.
/// </summary>
internal static class NormalNumbers
{
    private const int Lanes = 4;

    /// <summary>Fills a span with what successive calls of <see cref="RandomStream.Normal"/> return.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw(RandomStream random, Span<double> numbers)
    {
        Span<double> radii = stackalloc double[Lanes];
        Span<double> angles = stackalloc double[Lanes];
        int done = 0;
        for (; done + Lanes <= numbers.Length; done += Lanes)
        {
            for (int i = 0; i < Lanes; i++)
            {
                radii[i] = 1 - random.NextDouble();
                angles[i] = 2 * Math.PI * random.NextDouble();
            }

            var radius = Vector256.Sqrt(-2 * PortableVectors.Log(Vector256.Create<double>(radii)));
            (radius * PortableVectors.Cos(Vector256.Create<double>(angles))).CopyTo(numbers[done..]);
        }

        for (; done < numbers.Length; done++)
        {
            numbers[done] = random.Normal();
        }
    }
}
