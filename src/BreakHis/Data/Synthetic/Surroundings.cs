using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>Structures of any breast tissue around the lesion: its border, tears, fat, vessels, lymphocytes.</summary>
internal static class Surroundings
{
    /// <summary>Adds them to a map whose epithelium is drawn.</summary>
    /// <param name="fat">Probability of fat, 0 to 1.</param>
    /// <param name="inflammation">Probability of lymphocytes at a spot, 0 to 1.</param>
    /// <returns>The cells of these structures.</returns>
    internal static List<Nucleus> Add(Site site, FieldMap map, double fat, double inflammation)
    {
        List<Nucleus> cells = [];
        Limit(site, map);
        uint seed = (uint)site.Random.NextUInt64();
        if (site.Random.NextDouble() < fat)
        {
            AddFat(map, (float)site.Random.Uniform(-0.1, 0.4), seed);
        }

        var taken = new Spacing(map, 5.4);
        foreach ((double x, double y) in site.Centres(210, 100, 30))
        {
            if (site.Random.NextDouble() < 0.5 && IsStroma(map, (float)x, (float)y, 16))
            {
                AddVessel(site.Random, map, (x, y), taken, cells);
            }
        }

        if (site.Random.NextDouble() < 0.2)
        {
            AddTear(site, map);
        }

        foreach ((double x, double y) in site.Centres(170, 85, 60))
        {
            if (site.Random.NextDouble() < inflammation)
            {
                AddLymphocytes(site, map, (x, y), taken, cells);
            }
        }

        return cells;
    }

    /// <summary>Ends the lesion within the field in two of five images.</summary>
    private static void Limit(Site site, FieldMap map)
    {
        RandomStream random = site.Random;
        (float nx, float ny) = Circle(random.Uniform(0, 2 * Math.PI));
        float offset = site.Height * (float)random.Uniform(-0.5, 0.45);
        uint seed = (uint)random.NextUInt64();
        if (random.NextDouble() > 0.4)
        {
            return;
        }

        map.Fill(
            map.Lesion,
            (x, y, _) =>
                offset
                + nx * (x - site.Width / 2)
                + ny * (y - site.Height / 2)
                + 25 * Noise.Two(x * 0.015f, y * 0.015f, seed)
        );
        map.Fill(map.Depth, (x, y, old) => Math.Min(old, map.At(map.Lesion, x, y)));
        map.Fill(map.Zone, (x, y, old) => Math.Min(old, map.At(map.Lesion, x, y)));
    }

    private static void AddTear(Site site, FieldMap map)
    {
        RandomStream random = site.Random;
        (double, double) start = (random.Uniform(0, site.Width), random.Uniform(0, site.Height));
        (double, double) radii = (random.Uniform(1, 6), random.Uniform(1, 12));
        (double angle, double length) = (random.Uniform(0, 2 * Math.PI), random.Uniform(60, 260));
        List<Capsule> tear = Shapes.Strand(random, start, angle, random.Uniform(-0.004, 0.004), length, radii);
        tear.ForEach(piece => map.Grow(map.Clear, piece));
    }

    /// <summary>
    /// Adds fat cells: empty, with thin walls, packed to polygons. A sleeve of stroma remains around ducts.
    /// </summary>
    private static void AddFat(FieldMap map, float threshold, uint seed)
    {
        const float Size = 52;
        const float Sleeve = 30;
        map.Fill(
            map.Clear,
            (x, y, old) =>
            {
                if (Noise.Two(x * 0.006f, y * 0.006f, seed) < threshold - 0.3f)
                {
                    return old;
                }

                (float wall, float cx, float cy) = Noise.Cell(x / Size, y / Size, seed + 1);
                (float centreX, float centreY) = (cx * Size, cy * Size);
                if (
                    Noise.Two(centreX * 0.006f, centreY * 0.006f, seed) < threshold
                    || map.At(map.Depth, centreX, centreY) > 1 - Sleeve
                )
                {
                    return old;
                }

                float far = MathF.Sqrt((centreX - x) * (centreX - x) + (centreY - y) * (centreY - y));
                return Math.Max(old, Math.Min(Size * wall - 0.6f, 0.62f * Size - far));
            }
        );
    }

    private static void AddVessel(
        RandomStream random,
        FieldMap map,
        (double X, double Y) centre,
        Spacing taken,
        List<Nucleus> cells
    )
    {
        (double x, double y) = centre;
        double radius = random.Uniform(4, 13);
        Capsule lumen = Shapes.Oval(random, x, y, radius, random.Uniform(0, 20));
        map.Grow(map.Clear, lumen);
        double filling = random.Uniform(0, 1.1);
        double extent = radius + 12;
        for (int attempt = 0; attempt < 90 * filling; attempt++)
        {
            (float cx, float cy) = (
                (float)(x + extent * random.Uniform(-1, 1)),
                (float)(y + extent * random.Uniform(-1, 1))
            );
            if (map.At(map.Clear, cx, cy) > 2.2f && lumen.Depth(cx, cy) > 1 && taken.Take(cx, cy))
            {
                cells.Add(RedCell(random, cx, cy));
            }
        }

        for (int i = 0; i < 5; i++)
        {
            (float dx, float dy) = Circle(random.Uniform(0, 2 * Math.PI));
            (float wx, float wy) = ((float)(x + dx * (radius + 1.2)), (float)(y + dy * (radius + 1.2)));
            cells.Add(
                new Nucleus
                {
                    X = wx,
                    Y = wy,
                    Long = 4.5f,
                    Wide = 1.4f,
                    Axis = (-dy, dx),
                    Darkness = 1.1f,
                    Irregularity = 0.2f,
                }
            );
        }
    }

    private static void AddLymphocytes(
        Site site,
        FieldMap map,
        (double X, double Y) centre,
        Spacing taken,
        List<Nucleus> cells
    )
    {
        (double x, double y) = centre;
        RandomStream random = site.Random;
        (double spread, int count) = (random.Uniform(15, 40), random.Below(70));
        for (int i = 0; i < count; i++)
        {
            (float cx, float cy) = ((float)(x + spread * random.Normal()), (float)(y + spread * random.Normal()));
            if (IsStroma(map, cx, cy, 3) && taken.Take(cx, cy))
            {
                cells.Add(
                    new Nucleus
                    {
                        X = cx,
                        Y = cy,
                        Long = (float)random.Uniform(2.6, 3.2),
                        Wide = 2.7f,
                        Axis = Circle(random.Uniform(0, 2 * Math.PI)),
                        Darkness = (float)(1.5 * site.Patient.Hyperchromasia),
                        Irregularity = 0.08f,
                    }
                );
            }
        }
    }

    private static bool IsStroma(FieldMap map, float x, float y, float distance) =>
        map.At(map.Depth, x, y) < -distance && map.At(map.Clear, x, y) < -distance && map.At(map.Zone, x, y) < 0;

    private static Nucleus RedCell(RandomStream random, float x, float y) =>
        new()
        {
            X = x,
            Y = y,
            Long = (float)random.Uniform(2.8, 3.4),
            Wide = (float)random.Uniform(2.3, 3.1),
            Axis = Circle(random.Uniform(0, 2 * Math.PI)),
            Darkness = 0.08f,
            Eosin = (float)random.Uniform(0.9, 1.3),
            Irregularity = 0.1f,
        };

    private static (float X, float Y) Circle(double angle) =>
        ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
}
