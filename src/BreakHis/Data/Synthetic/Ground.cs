namespace BreakHis.Data.Synthetic;

/// <summary>Paints all that is not nuclei: collagen, cytoplasm, lumens, mucin, fat.</summary>
internal sealed class Ground
{
    private readonly Scene scene;
    private readonly FieldMap map;
    private readonly uint seed;
    private readonly float pixel;

    private Ground(Scene scene, float pixel, uint seed)
    {
        (this.scene, this.pixel, this.seed) = (scene, pixel, seed);
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
        var (h, e) = Collagen(place.Of(map.Along), place.Of(map.Across));
        var pool = Noise.Step(-1, 1, place.Of(map.Pool));
        if (pool > 0)
        {
            var (mucinH, mucinE) = Mucin(x, y);
            (h, e) = (h + pool * (mucinH - h), e + pool * (mucinE - e));
        }

        var fat = Noise.Step(-0.3f - 0.3f * pixel, 0.6f + 0.3f * pixel, place.Of(map.Fat));
        var gap = (float)scene.Epithelium.Retraction * (0.6f + Noise.Two(x * 0.02f, y * 0.02f, seed + 9));
        var cleft = gap > 0 ? Noise.Step(-gap - 0.6f, -gap + 0.6f, depth) : 0;
        var clear = (1 - fat) * (1 - cleft);
        return (h * clear, e * clear);
    }

    private (float H, float E) Collagen(float along, float across)
    {
        var stroma = scene.Stroma;
        var width = (float)stroma.BundleWidth;
        var bundle = Noise.Two(along / (13 * width), across / width, seed + 1);
        var fine = Fade(1.8f) * Noise.At(along * 0.03f, across / 1.8f, seed + 2);
        var grain = Fade(2.5f) * Noise.At(along * 0.4f, across * 0.5f, seed + 3);
        var tear = Noise.Two(along / 60, across / (0.8f * width), seed + 4) - 0.25f * bundle;
        var threshold = 0.75f - 0.95f * (float)stroma.Openness;
        var clear = Noise.Step(threshold - 0.1f, threshold + 0.22f, tear);
        var density = Math.Max(0.1f, 0.8f + 0.45f * bundle + 0.3f * fine + 0.12f * grain) * (1 - 0.95f * clear);
        return ((float)stroma.Haematoxylin * density, (float)stroma.Eosin * density);
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
        return 0.3f * Noise.Step(0.8f - level, 1.2f - level, cloud);
    }

    private (float H, float E) Mucin(float x, float y)
    {
        var cloud = Noise.Two(x * 0.012f, y * 0.012f, seed + 12);
        var strand = Noise.Two(x * 0.03f + 1.5f * cloud, y * 0.09f + 2 * cloud, seed + 13);
        var amount = Math.Max(0, 0.55f + 0.5f * cloud) * (0.6f + 0.7f * Math.Abs(strand));
        return (0.17f * amount, 0.1f * amount);
    }

    /// <summary>Detail finer than two pixels is left out.</summary>
    private float Fade(float length) => Math.Clamp(length / pixel - 1, 0, 1);
}
