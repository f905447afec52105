using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BreakHis.Numerics;

/// <summary>
/// Functions of <see cref="PortableMath"/> for four numbers at once, with the same bits: each number takes the same
/// operations in the same order. Instead of a branch, both results are computed and one is selected.
/// </summary>
internal static class PortableVectors
{
    // A small integer below this bit pattern is this power of two plus the integer.
    private const double TwoTo52 = 1L << 52;

    /// <summary>Returns the natural logarithms.</summary>
    /// <param name="x">Positive numbers, neither subnormal nor infinite.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        Vector256<long> bits = x.AsInt64();
        Vector256<long> biased = Vector256.ShiftRightLogical(bits, 52) | Vector256.Create(TwoTo52).AsInt64();
        Vector256<double> exponent = biased.AsDouble() - Vector256.Create(TwoTo52 + 1023);
        Vector256<double> mantissa = (
            (bits & Vector256.Create(0x000F_FFFF_FFFF_FFFF)) | Vector256.Create(1023L << 52)
        ).AsDouble();
        var isLarge = Vector256.GreaterThan(mantissa, Vector256.Create(1.41421356237309504880));
        mantissa = Vector256.ConditionalSelect(isLarge, mantissa * 0.5, mantissa);
        exponent = Vector256.ConditionalSelect(isLarge, exponent + Vector256<double>.One, exponent);

        Vector256<double> f = mantissa - Vector256<double>.One;
        Vector256<double> s = f / (Vector256.Create(2.0) + f);
        Vector256<double> z = s * s;
        Vector256<double> w = z * z;
        Vector256<double> even = Polynomial(
            w,
            3.999999999940941908e-01,
            2.222219843214978396e-01,
            1.531383769920937332e-01
        );
        Vector256<double> odd = Polynomial(
            w,
            6.666666666666735130e-01,
            2.857142874366239149e-01,
            1.818357216161805012e-01,
            1.479819860511658591e-01
        );
        Vector256<double> half = 0.5 * f * f;
        return exponent * 6.93147180369123816490e-01
            - (half - (s * (half + w * even + z * odd) + exponent * 1.90821492927058770002e-10) - f);
    }

    /// <summary>Returns the cosines.</summary>
    /// <param name="x">Radians, at most <see cref="PortableMath.LargestAngle"/> in magnitude; no NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Cos(Vector256<double> x)
    {
        var n = Vector256.Floor(x * 6.36619772367581382433e-01 + Vector256.Create(0.5));
        Vector256<double> first = x - n * 1.57079632673412561417e+00;
        (Vector256<double> second, Vector256<double> secondError) = Subtract(first, n * 6.07710050630396597660e-11);
        (Vector256<double> third, Vector256<double> thirdError) = Subtract(second, n * 2.02226624871116645580e-21);
        Vector256<double> tail = secondError + thirdError - n * 8.47842766036889956997e-32;
        Vector256<double> high = third + tail;
        Vector256<double> low = third - high + tail;

        // The quadrant is in the last two bits; an odd one takes the sine, and the second and third change the sign.
        Vector256<long> quadrant = (n + Vector256.Create(1.5 * TwoTo52)).AsInt64();
        Vector256<double> isOdd = Vector256.Equals(quadrant & Vector256<long>.One, Vector256<long>.One).AsDouble();
        var value = Vector256.ConditionalSelect(isOdd, SinKernel(high, low), CosKernel(high, low));
        var sign = Vector256.ShiftLeft((quadrant + Vector256<long>.One) & Vector256.Create(2L), 62);
        return (value.AsInt64() ^ sign).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> Difference, Vector256<double> Error) Subtract(
        Vector256<double> a,
        Vector256<double> b
    )
    {
        Vector256<double> difference = a - b;
        Vector256<double> part = difference - a;
        return (difference, a - (difference - part) - (b + part));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> SinKernel(Vector256<double> x, Vector256<double> tail)
    {
        Vector256<double> z = x * x;
        Vector256<double> v = z * x;
        Vector256<double> r = Polynomial(
            z,
            8.33333333332248946124e-03,
            -1.98412698298579493134e-04,
            2.75573137070700676789e-06,
            -2.50507602534068634195e-08,
            1.58969099521155010221e-10
        );
        return x - (z * (0.5 * tail - v * r) - tail - v * -1.66666666666666324348e-01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> CosKernel(Vector256<double> x, Vector256<double> tail)
    {
        Vector256<double> z = x * x;
        Vector256<double> r =
            z
            * Polynomial(
                z,
                4.16666666666666019037e-02,
                -1.38888888888741095749e-03,
                2.48015872894767294178e-05,
                -2.75573143513906633035e-07,
                2.08757232129817482790e-09,
                -1.13596475577881948265e-11
            );
        Vector256<double> half = 0.5 * z;
        Vector256<double> w = Vector256<double>.One - half;
        return w + (Vector256<double>.One - w - half + (z * r - x * tail));
    }

    /// <summary>Returns the polynomial with these coefficients, lowest first, from the highest downwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Polynomial(Vector256<double> x, params ReadOnlySpan<double> coefficients)
    {
        var sum = Vector256.Create(coefficients[^1]);
        for (int i = coefficients.Length - 2; i >= 0; i--)
        {
            sum = Vector256.Create(coefficients[i]) + x * sum;
        }

        return sum;
    }
}
