namespace BreakHis.Data.Synthetic;

/// <summary>Paints everything except nuclei: collagen, cytoplasm, lumens, mucin, fat.</summary>
internal sealed class Ground
{
    private readonly Scene _scene;
    private readonly FieldMap _map;
    private readonly uint _seed;
    private readonly float _pixel;
    private readonly bool _isFine;

    private Ground(Scene scene, float pixel, uint seed)
    {
        (_scene, _pixel, _seed) = (scene, pixel, seed);
        _isFine = Fade(2.5f) > 0;
        _map = scene.Map;
    }

    internal static void Paint(Canvas canvas, Scene scene, uint seed)
    {
        var ground = new Ground(scene, canvas.Pixel, seed);
        for (int row = 0; row < canvas.Height; row++)
        {
            for (int column = 0; column < canvas.Width; column++)
            {
                int index = row * canvas.Width + column;
                (float h, float e) = ground.At((column + 0.5f) * canvas.Pixel, (row + 0.5f) * canvas.Pixel);
                (canvas.Haematoxylin[index], canvas.Eosin[index]) = (h, e);
            }
        }
    }

    private (float H, float E) At(float x, float y)
    {
        FieldMap.Place place = _map.Locate(x, y);
        float depth = place.Of(_map.Depth);
        float edge = 0.5f + 0.5f * _pixel;
        float inside = Noise.Step(-edge, edge, depth);
        (float h, float e) = (0f, 0f);
        if (inside < 1)
        {
            (float stromaH, float stromaE) = Outside(place, x, y, depth);
            (h, e) = ((1 - inside) * stromaH, (1 - inside) * stromaE);
        }

        if (inside > 0)
        {
            (float epitheliumH, float epitheliumE) = Inside(x, y, depth);
            (h, e) = (h + inside * epitheliumH, e + inside * epitheliumE);
        }

        return (h, e);
    }

    private (float H, float E) Outside(FieldMap.Place place, float x, float y, float depth)
    {
        float zone = _scene.Zone.Mucin
            ? Noise.Step(-1, 1, place.Of(_map.Zone))
            : Noise.Step(-14, 6, place.Of(_map.Zone));
        (float h, float e) =
            zone < 1 || !_scene.Zone.Mucin ? Collagen(place, x, y, _scene.Zone.Mucin ? 0 : zone) : (0, 0);
        if (zone > 0 && _scene.Zone.Mucin)
        {
            (float mucinH, float mucinE) = Mucin(x, y);
            (h, e) = (h + zone * (mucinH - h), e + zone * (mucinE - e));
        }

        float fat = Noise.Step(-0.3f - 0.3f * _pixel, 0.6f + 0.3f * _pixel, place.Of(_map.Clear));
        float cleft = _scene.Epithelium.Retraction > 0 ? Cleft(x, y, depth) : 0;
        float clear = (1 - fat) * (1 - cleft);
        return (h * clear, e * clear);
    }

    /// <summary>Returns the empty space that surrounds shrunken epithelium in some places.</summary>
    private float Cleft(float x, float y, float depth)
    {
        float gap = (float)_scene.Epithelium.Retraction * (0.25f + 1.6f * Noise.Two(x * 0.02f, y * 0.02f, _seed + 9));
        return gap > 0 ? Noise.Step(-gap - 0.6f, -gap + 0.6f, depth) : 0;
    }

    /// <summary>
    /// Paints bundles of fibres with clefts between them; <paramref name="zone"/> blends the two stromas.
    /// </summary>
    private (float H, float E) Collagen(FieldMap.Place place, float x, float y, float zone)
    {
        (float along, float across) = (place.Of(_map.Along), place.Of(_map.Across));
        float width = Mix(_scene.Stroma.BundleWidth, _scene.Zone.BundleWidth, zone);
        float region = Noise.At(x * 0.016f, y * 0.016f, _seed + 14);
        float bundle = Noise.Two(along * 0.025f, across / width, _seed + 1);
        float tear = Noise.Two(along * 0.04f, across / (0.65f * width), _seed + 4) - 0.25f * bundle - 0.35f * region;
        float threshold = 0.75f - 0.95f * Mix(_scene.Stroma.Openness, _scene.Zone.Openness, zone);
        float clear = Noise.Step(threshold - 0.2f, threshold + 0.25f, tear);
        float fine = _isFine
            ? Fibrils(along, across) + 0.22f * Fade(2.5f) * Noise.At(x * 0.5f, y * 0.5f, _seed + 3)
            : 0;
        float solid = 0.75f + 0.3f * bundle + fine + 0.3f * region;
        float density = Math.Max(0.1f, solid) * (1 - 0.93f * clear);
        return (
            density * (1 - 0.7f * region) * Mix(_scene.Stroma.Haematoxylin, _scene.Zone.Haematoxylin, zone),
            density * Mix(_scene.Stroma.Eosin, _scene.Zone.Eosin, zone)
        );
    }

    private float Fibrils(float along, float across)
    {
        float thin = Noise.At(along * 0.07f, across * 0.5f, _seed + 2);
        float dark = Math.Max(0, 1 - 5 * Math.Abs(Noise.At(along * 0.05f, across * 0.28f, _seed + 17)));
        return 0.22f * Fade(1.8f) * thin + 0.25f * Fade(2) * dark;
    }

    private (float H, float E) Inside(float x, float y, float depth)
    {
        Epithelium tissue = _scene.Epithelium;
        float rough = Noise.Two(x * 0.16f, y * 0.16f, _seed + 5);
        float thickness = (float)tissue.Thickness + 1.6f * rough;
        float edge = 0.5f + 0.5f * _pixel;
        float lumen = Noise.Step(thickness - edge, thickness + edge, depth);
        float density = 0.85f + 0.35f * rough + 0.3f * Fade(2.2f) * Noise.At(x * 0.45f, y * 0.45f, _seed + 6);
        if (tissue.Gaps > 0)
        {
            float gap = Noise.Two(x * 0.085f, y * 0.085f, _seed + 7);
            density *= 1 - Noise.Step(0.75f - (float)tissue.Gaps, 0.95f - (float)tissue.Gaps, gap);
        }

        float secretion = lumen > 0 ? Secretion(x, y) : 0;
        float h = density * (1 - lumen) * (float)tissue.Haematoxylin;
        return (h + 0.3f * lumen * secretion, density * (1 - lumen) * (float)tissue.Eosin + lumen * secretion);
    }

    private float Secretion(float x, float y)
    {
        float level = (float)_scene.Epithelium.Secretion;
        float cloud = Noise.Two(x * 0.025f, y * 0.025f, _seed + 10) + 0.3f * Noise.At(x * 0.3f, y * 0.3f, _seed + 11);
        return (0.2f + 0.35f * level) * Noise.Step(0.8f - level, 1.2f - level, cloud);
    }

    private (float H, float E) Mucin(float x, float y)
    {
        float cloud = Noise.Two(x * 0.012f, y * 0.012f, _seed + 12);
        float bend = Noise.At(x * 0.02f, y * 0.02f, _seed + 15);
        float strand = 1 - Math.Abs(Noise.Two(x * 0.02f + 2 * bend, y * 0.05f + 2 * cloud, _seed + 13)) * 4;
        float fine = 0.75f + 0.25f * Noise.At(x * 0.2f, y * 0.2f, _seed + 16);
        float amount = fine * (Math.Max(0, 0.5f + 0.6f * cloud) + 0.8f * Math.Max(0, strand));
        return ((float)_scene.Zone.Haematoxylin * amount, (float)_scene.Zone.Eosin * amount);
    }

    private static float Mix(double first, double second, float share) =>
        (float)first + share * ((float)second - (float)first);

    /// <summary>Fades out detail finer than two pixels.</summary>
    private float Fade(float length) => Math.Clamp(length / _pixel - 1, 0, 1);
}
