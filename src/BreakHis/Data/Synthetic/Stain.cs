using System.Runtime.InteropServices;

namespace BreakHis.Data.Synthetic;

/// <summary>Three numbers, of the red, green and blue channel.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rgb(double R, double G, double B)
{
    internal Rgb Normalized()
    {
        var length = Math.Sqrt(R * R + G * G + B * B);
        return new Rgb(R / length, G / length, B / length);
    }
}

/// <summary>The colours of one slide: two stains absorb light in turn (Beer and Lambert).</summary>
/// <param name="Haematoxylin">Optical density (natural logarithm) of a unit of haematoxylin.</param>
/// <param name="Eosin">Optical density of a unit of eosin.</param>
/// <param name="Background">The light where no tissue is, of 1.</param>
/// <param name="Vignette">The light lost in the corners.</param>
/// <param name="Grain">The standard deviation of the camera's noise, of 1.</param>
/// <param name="Blur">The weight of the neighbours in the optical point spread, 0 to 1.</param>
/// <remarks>
/// The mean stain vectors are those of Ruifrok and Johnston, "Quantification of histochemical staining by color
/// deconvolution", Analytical and Quantitative Cytology and Histology 23(4), 2001.
/// </remarks>
internal sealed record Stain(Rgb Haematoxylin, Rgb Eosin, Rgb Background, double Vignette, double Grain, double Blur)
{
    internal static Stain Of(Draws draws)
    {
        var haematoxylin = new Rgb(
            0.65 + 0.04 * draws.Normal(),
            0.70 + 0.04 * draws.Normal(),
            0.29 + 0.05 * draws.Normal()
        ).Normalized();
        var eosin = new Rgb(draws.Uniform(0.03, 0.16), 0.99, draws.Uniform(0.12, 0.48)).Normalized();
        var thickness = draws.Uniform(0.85, 1.2);
        var light = draws.Uniform(0.84, 0.97);
        var background = new Rgb(
            light + draws.Uniform(-0.04, 0.02),
            light + draws.Uniform(-0.015, 0.02),
            light + draws.Uniform(-0.03, 0.025)
        );
        return new Stain(
            Scaled(haematoxylin, thickness * draws.Uniform(0.75, 1.25)),
            Scaled(eosin, thickness * draws.Uniform(0.65, 1.35)),
            background,
            draws.Uniform(0, 0.12),
            draws.Uniform(0.003, 0.008),
            draws.Uniform(0.3, 0.9)
        );
    }

    private static Rgb Scaled(Rgb color, double factor) => new(color.R * factor, color.G * factor, color.B * factor);
}
