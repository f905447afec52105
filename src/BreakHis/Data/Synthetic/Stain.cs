using System.Runtime.InteropServices;
using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>One value each for red, green and blue.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rgb(float R, float G, float B)
{
    internal static Rgb Of(double r, double g, double b) => new((float)r, (float)g, (float)b);

    /// <summary>Returns a vector with the same direction and the given length.</summary>
    internal static Rgb Vector(double r, double g, double b, double length)
    {
        double scale = length / Math.Sqrt(r * r + g * g + b * b);
        return Of(r * scale, g * scale, b * scale);
    }
}

/// <summary>The colours of one slide: two stains absorb light in turn (Beer and Lambert).</summary>
/// <param name="Haematoxylin">Optical density (natural logarithm) per unit of haematoxylin.</param>
/// <param name="Eosin">Optical density per unit of eosin.</param>
/// <param name="Background">Light intensity without tissue, relative to 1.</param>
/// <param name="Vignette">Share of light lost in the corners.</param>
/// <param name="Grain">Standard deviation of the camera's noise, relative to 1.</param>
/// <param name="Blur">Weight of the neighbours in the optical point spread, 0 to 1.</param>
/// <remarks>
/// The mean stain vectors are from Ruifrok and Johnston, "Quantification of histochemical staining by color
/// deconvolution", Analytical and Quantitative Cytology and Histology 23(4), 2001.
/// </remarks>
internal sealed record Stain(Rgb Haematoxylin, Rgb Eosin, Rgb Background, double Vignette, double Grain, double Blur)
{
    internal static Stain Of(RandomStream random)
    {
        double thickness = random.Uniform(0.85, 1.2);
        var haematoxylin = Rgb.Vector(
            0.65 + 0.04 * random.Normal(),
            0.70 + 0.04 * random.Normal(),
            0.29 + 0.05 * random.Normal(),
            thickness * random.Uniform(0.7, 1.2)
        );
        var eosin = Rgb.Vector(
            random.Uniform(0.03, 0.18),
            0.99,
            random.Uniform(0.12, 0.48),
            thickness * random.Uniform(0.6, 1.35)
        );
        double light = random.Uniform(0.82, 0.96);
        var background = Rgb.Of(
            light + random.Uniform(-0.05, 0.02),
            light + random.Uniform(-0.015, 0.02),
            light + random.Uniform(-0.03, 0.025)
        );
        return new Stain(
            haematoxylin,
            eosin,
            background,
            random.Uniform(0, 0.12),
            random.Uniform(0.003, 0.008),
            random.Uniform(0.35, 0.9)
        );
    }
}
