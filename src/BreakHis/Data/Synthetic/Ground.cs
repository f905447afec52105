namespace BreakHis.Data.Synthetic;

/// <summary>Paints all that is not nuclei: collagen, cytoplasm, lumens, mucin, fat.</summary>
internal sealed class Ground
{
    private readonly Scene scene;
    private readonly FieldMap map;
    private readonly uint seed;
    private readonly float pixel;
    private readonly bool isFine;

    private Ground(Scene scene, float pixel, uint seed)
    {
        (this.scene, this.pixel, this.seed) = (scene, pixel, seed);
        isFine = Fade(2.5f) > 0;
        map = scene.Map;
    }

    internal static void Paint(Canvas canvas, Scene scene, uint seed)
    {
        var ground = new Ground(scene, canvas.Pixel, seed);
        for (var row = 0; row < canvas.Height; row++)
        {
            for (var column = 0; column < canvas.Width; column++)
            {
                var index = row * canvas.Width + column;
                var (h, e) = ground.At((column + 0.5f) * canvas.Pixel, (row + 0.5f) * canvas.Pixel);
                (canvas.Haematoxylin[index], canvas.Eosin[index]) = (h, e);
            }
        }
    }

    private (float H, float E) At(float x, float y)
    {
        var place = map.Locate(x, y);
        var depth = place.Of(map.Depth);
        var edge = 0.5f + 0.5f * pixel;
        var inside = Noise.Step(-edge, edge, depth);
        var (h, e) = (0f, 0f);
        if (inside < 1)
        {
            var (stromaH, stromaE) = Outside(place, x, y, depth);
            (h, e) = ((1 - inside) * stromaH, (1 - inside) * stromaE);
        }

        if (inside > 0)
        {
            var (epitheliumH, epitheliumE) = Inside(x, y, depth);
            (h, e) = (h + inside * epitheliumH, e + inside * epitheliumE);
        }

        return (h, e);
    }

    private (float H, float E) Outside(FieldMap.Place place, float x, float y, float depth)
    {
        var zone = scene.Zone.Mucin ? Noise.Step(-1, 1, place.Of(map.Zone)) : Noise.Step(-14, 6, place.Of(map.Zone));
        var (h, e) = zone < 1 || !scene.Zone.Mucin ? Collagen(place, x, y, scene.Zone.Mucin ? 0 : zone) : (0, 0);
        if (zone > 0 && scene.Zone.Mucin)
        {
            var (mucinH, mucinE) = Mucin(x, y);
            (h, e) = (h + zone * (mucinH - h), e + zone * (mucinE - e));
        }

        var fat = Noise.Step(-0.3f - 0.3f * pixel, 0.6f + 0.3f * pixel, place.Of(map.Clear));
        var cleft = scene.Epithelium.Retraction > 0 ? Cleft(x, y, depth) : 0;
        var clear = (1 - fat) * (1 - cleft);
        return (h * clear, e * clear);
    }

    /// <summary>The clear space, here and there, around an epithelium that shrank.</summary>
    private float Cleft(float x, float y, float depth)
    {
        var gap = (float)scene.Epithelium.Retraction * (0.25f + 1.6f * Noise.Two(x * 0.02f, y * 0.02f, seed + 9));
        return gap > 0 ? Noise.Step(-gap - 0.6f, -gap + 0.6f, depth) : 0;
    }

    /// <summary>Bundles of fibres with clefts between them; <paramref name="zone"/> mixes the two stromas.</summary>
    private (float H, float E) Collagen(FieldMap.Place place, float x, float y, float zone)
    {
        var (along, across) = (place.Of(map.Along), place.Of(map.Across));
        var width = Mix(scene.Stroma.BundleWidth, scene.Zone.BundleWidth, zone);
        var region = Noise.At(x * 0.016f, y * 0.016f, seed + 14);
        var bundle = Noise.Two(along * 0.025f, across / width, seed + 1);
        var tear = Noise.Two(along * 0.04f, across / (0.65f * width), seed + 4) - 0.25f * bundle - 0.35f * region;
        var threshold = 0.75f - 0.95f * Mix(scene.Stroma.Openness, scene.Zone.Openness, zone);
        var clear = Noise.Step(threshold - 0.2f, threshold + 0.25f, tear);
        var fine = isFine ? Fibrils(along, across) + 0.22f * Fade(2.5f) * Noise.At(x * 0.5f, y * 0.5f, seed + 3) : 0;
        var solid = 0.75f + 0.3f * bundle + fine + 0.3f * region;
        var density = Math.Max(0.1f, solid) * (1 - 0.93f * clear);
        return (
            density * (1 - 0.7f * region) * Mix(scene.Stroma.Haematoxylin, scene.Zone.Haematoxylin, zone),
            density * Mix(scene.Stroma.Eosin, scene.Zone.Eosin, zone)
        );
    }

    private float Fibrils(float along, float across)
    {
        var thin = Noise.At(along * 0.07f, across * 0.5f, seed + 2);
        var dark = Math.Max(0, 1 - 5 * Math.Abs(Noise.At(along * 0.05f, across * 0.28f, seed + 17)));
        return 0.22f * Fade(1.8f) * thin + 0.25f * Fade(2) * dark;
    }

    private (float H, float E) Inside(float x, float y, float depth)
    {
        var tissue = scene.Epithelium;
        var rough = Noise.Two(x * 0.16f, y * 0.16f, seed + 5);
        var thickness = (float)tissue.Thickness + 1.6f * rough;
        var edge = 0.5f + 0.5f * pixel;
        var lumen = Noise.Step(thickness - edge, thickness + edge, depth);
        var density = 0.85f + 0.35f * rough + 0.3f * Fade(2.2f) * Noise.At(x * 0.45f, y * 0.45f, seed + 6);
        if (tissue.Gaps > 0)
        {
            var gap = Noise.Two(x * 0.085f, y * 0.085f, seed + 7);
            density *= 1 - Noise.Step(0.75f - (float)tissue.Gaps, 0.95f - (float)tissue.Gaps, gap);
        }

        var secretion = lumen > 0 ? Secretion(x, y) : 0;
        var h = density * (1 - lumen) * (float)tissue.Haematoxylin;
        return (h + 0.3f * lumen * secretion, density * (1 - lumen) * (float)tissue.Eosin + lumen * secretion);
    }

    private float Secretion(float x, float y)
    {
        var level = (float)scene.Epithelium.Secretion;
        var cloud = Noise.Two(x * 0.025f, y * 0.025f, seed + 10) + 0.3f * Noise.At(x * 0.3f, y * 0.3f, seed + 11);
        return (0.2f + 0.35f * level) * Noise.Step(0.8f - level, 1.2f - level, cloud);
    }

    private (float H, float E) Mucin(float x, float y)
    {
        var cloud = Noise.Two(x * 0.012f, y * 0.012f, seed + 12);
        var bend = Noise.At(x * 0.02f, y * 0.02f, seed + 15);
        var strand = 1 - Math.Abs(Noise.Two(x * 0.02f + 2 * bend, y * 0.05f + 2 * cloud, seed + 13)) * 4;
        var fine = 0.75f + 0.25f * Noise.At(x * 0.2f, y * 0.2f, seed + 16);
        var amount = fine * (Math.Max(0, 0.5f + 0.6f * cloud) + 0.8f * Math.Max(0, strand));
        return ((float)scene.Zone.Haematoxylin * amount, (float)scene.Zone.Eosin * amount);
    }

    private static float Mix(double first, double second, float share) =>
        (float)first + share * ((float)second - (float)first);

    /// <summary>Detail finer than two pixels is left out.</summary>
    private float Fade(float length) => Math.Clamp(length / pixel - 1, 0, 1);
}
