using System.Runtime.CompilerServices;

namespace BreakHis.Numerics;

/// <summary>
/// Elementary functions with the same bits on every platform. <see cref="Math"/> passes sine, exponential and logarithm
/// to the platform's C library, and these libraries differ in the last bits. This class uses only operations that IEEE
/// 754 defines exactly: +, -, *, /, floor, and bit operations.
/// </summary>
/// <remarks>
/// Reductions, polynomials and constants are from fdlibm 5.3 (Sun Microsystems, 1993; k_sin.c, k_cos.c, e_exp.c,
/// e_log.c), with errors below one unit in the last place. The branches for tiny arguments are omitted.
/// </remarks>
internal static class PortableMath
{
    /// <summary>The largest magnitude, in radians, that <see cref="Sin"/> and <see cref="Cos"/> accept.</summary>
    public const double LargestAngle = 1 << 20;

    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896338700e+00;

    /// <summary>Returns the sine of an angle.</summary>
    /// <param name="x">Radians, at most <see cref="LargestAngle"/> in magnitude.</param>
    /// <returns>The sine, accurate to about one unit in the last place; NaN for NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The angle is too large for the reduction.</exception>
    public static double Sin(double x)
    {
        (int quadrant, double high, double low) = Reduce(x);
        return quadrant switch
        {
            0 => SinKernel(high, low),
            1 => CosKernel(high, low),
            2 => -SinKernel(high, low),
            _ => -CosKernel(high, low),
        };
    }

    /// <summary>Returns the cosine of an angle.</summary>
    /// <param name="x">Radians, at most <see cref="LargestAngle"/> in magnitude.</param>
    /// <returns>The cosine, accurate to about one unit in the last place; NaN for NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The angle is too large for the reduction.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cos(double x)
    {
        (int quadrant, double high, double low) = Reduce(x);
        return quadrant switch
        {
            0 => CosKernel(high, low),
            1 => -SinKernel(high, low),
            2 => -CosKernel(high, low),
            _ => SinKernel(high, low),
        };
    }

    /// <summary>Returns e to the power <paramref name="x"/>.</summary>
    /// <returns>The power: infinity above 709.78, zero below -745.13, NaN for NaN.</returns>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x > 7.09782712893383973096e+02)
        {
            return double.PositiveInfinity;
        }

        if (x < -7.45133219101941108420e+02)
        {
            return 0;
        }

        double k = Math.Floor(x * InverseLn2 + 0.5);
        double high = x - k * Ln2High;
        double low = k * Ln2Low;
        double r = high - low;
        double t = r * r;
        double c =
            r
            - t
                * (
                    1.66666666666666019037e-01
                    + t
                        * (
                            -2.77777777770155933842e-03
                            + t
                                * (
                                    6.61375632143793436117e-05
                                    + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
                                )
                        )
                );
        return Scale(1 - (low - r * c / (2 - c) - high), (int)k);
    }

    /// <summary>Returns the natural logarithm.</summary>
    /// <param name="x">A positive number.</param>
    /// <returns>The logarithm; minus infinity for zero, NaN for negative numbers and NaN.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0 || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x;
        }

        (double mantissa, int exponent) = Split(x);
        double f = mantissa - 1;
        double s = f / (2 + f);
        double z = s * s;
        double w = z * z;
        double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
        double odd =
            z
            * (
                6.666666666666735130e-01
                + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
            );
        double half = 0.5 * f * f;
        return exponent * Ln2High - (half - (s * (half + even + odd) + exponent * Ln2Low) - f);
    }

    /// <summary>Returns x = quadrant * pi/2 + high + low, with pi/2 in three parts of 33 bits and a tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Quadrant, double High, double Low) Reduce(double x)
    {
        if (Math.Abs(x) > LargestAngle)
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "The angle is too large to reduce exactly.");
        }

        if (double.IsNaN(x))
        {
            return (0, x, 0);
        }

        // A number below 2^20 times a 33-bit part is exact, so each subtraction loses only what the next part adds.
        double n = Math.Floor(x * 6.36619772367581382433e-01 + 0.5);
        double first = x - n * 1.57079632673412561417e+00;
        (double second, double secondError) = Subtract(first, n * 6.07710050630396597660e-11);
        (double third, double thirdError) = Subtract(second, n * 2.02226624871116645580e-21);
        double tail = secondError + thirdError - n * 8.47842766036889956997e-32;
        double high = third + tail;
        return ((int)n & 3, high, third - high + tail);
    }

    /// <summary>Returns the rounded difference and its rounding error (Knuth's two-sum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double Difference, double Error) Subtract(double a, double b)
    {
        double difference = a - b;
        double part = difference - a;
        return (difference, a - (difference - part) - (b + part));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SinKernel(double x, double tail)
    {
        double z = x * x;
        double v = z * x;
        double r =
            8.33333333332248946124e-03
            + z
                * (
                    -1.98412698298579493134e-04
                    + z
                        * (
                            2.75573137070700676789e-06
                            + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)
                        )
                );
        return x - (z * (0.5 * tail - v * r) - tail - v * -1.66666666666666324348e-01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double CosKernel(double x, double tail)
    {
        double z = x * x;
        double r =
            z
            * (
                4.16666666666666019037e-02
                + z
                    * (
                        -1.38888888888741095749e-03
                        + z
                            * (
                                2.48015872894767294178e-05
                                + z
                                    * (
                                        -2.75573143513906633035e-07
                                        + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)
                                    )
                            )
                    )
            );
        double half = 0.5 * z;
        double w = 1 - half;
        return w + (1 - w - half + (z * r - x * tail));
    }

    /// <summary>Returns x * 2^k, computed in two steps so that subnormal results are rounded once.</summary>
    private static double Scale(double x, int k) =>
        k < -1000 ? x * PowerOfTwo(k + 1000) * PowerOfTwo(-1000)
        : k > 1000 ? x * PowerOfTwo(k - 1000) * PowerOfTwo(1000)
        : x * PowerOfTwo(k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);

    /// <summary>Returns x = mantissa * 2^exponent, with the mantissa between sqrt(1/2) and sqrt(2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double Mantissa, int Exponent) Split(double x)
    {
        int shift = double.IsSubnormal(x) ? 54 : 0;
        long bits = BitConverter.DoubleToInt64Bits(x * PowerOfTwo(shift));
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | (1023L << 52));
        return mantissa > 1.41421356237309504880 ? (mantissa / 2, exponent + 1 - shift) : (mantissa, exponent - shift);
    }
}
