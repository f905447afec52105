using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>Places the nuclei of epithelium and stroma in a scene.</summary>
internal static class Cells
{
    /// <summary>How far outside the image nuclei are placed, in micrometres.</summary>
    private const double Outside = FieldMap.Margin - 2;

    /// <summary>Returns all nuclei of the scene, in painting order.</summary>
    internal static List<Nucleus> Place(Scene scene, Patient patient, RandomStream random)
    {
        var cells = new List<Nucleus>(scene.Cells);
        PlaceStroma(scene, patient, random, cells);
        if (scene.Epithelium.Myoepithelium)
        {
            PlaceMyoepithelium(scene, patient, random, cells);
        }

        PlaceEpithelium(scene, patient, random, cells);
        return cells;
    }

    private static void PlaceEpithelium(Scene scene, Patient patient, RandomStream random, List<Nucleus> cells)
    {
        (FieldMap map, Epithelium tissue) = (scene.Map, scene.Epithelium);
        double spacing = tissue.Spacing * patient.NucleusSize;
        var taken = new Spacing(map, spacing);
        foreach ((float x, float y) in NearEpithelium(map, spacing * 0.55, random))
        {
            float depth = map.At(map.Depth, x, y);
            if (depth < 1 || !IsInRow(tissue, depth, patient.NucleusSize) || !taken.Take(x, y))
            {
                continue;
            }

            (float X, float Y) axis = Jittered(
                Across(map, x, y, random, tissue.Rows > 0),
                tissue.Rows > 0 ? 0.2 : 1,
                random
            );
            double size = Math.Clamp(1 + tissue.Pleomorphism * random.Normal(), 0.55, 2.2) * patient.NucleusSize;
            double shape = 1 + 0.12 * random.Normal();
            cells.Add(
                new Nucleus
                {
                    X = x,
                    Y = y,
                    Long = (float)(tissue.NucleusLength / 2 * size * shape),
                    Wide = (float)(tissue.NucleusWidth / 2 * size / shape),
                    Axis = axis,
                    Darkness = (float)(tissue.Darkness * patient.Hyperchromasia * random.Uniform(0.75, 1.25)),
                    Irregularity = (float)tissue.Irregularity,
                    Nucleolus = (float)(tissue.Nucleolus * random.Uniform(0, 2)),
                    Vesicle = (float)(patient.Vesicularity * random.Uniform(0.5, 1.2)),
                    Eosin = 0.25f,
                    Body = tissue.Rows == 0 ? (float)(0.32 * spacing) : 0,
                }
            );
        }
    }

    private static void PlaceStroma(Scene scene, Patient patient, RandomStream random, List<Nucleus> cells)
    {
        FieldMap map = scene.Map;
        double most = Math.Max(scene.Stroma.Cellularity, scene.Zone.Cellularity);
        foreach ((float x, float y) in Everywhere(map, Math.Sqrt(1000 / (most * patient.Cellularity)), random))
        {
            float depth = map.At(map.Depth, x, y);
            Stroma tissue = map.At(map.Zone, x, y) > 0 ? scene.Zone : scene.Stroma;
            bool keep = random.NextDouble() < 0.85 * tissue.Cellularity / most;
            if (!keep || depth > -1.5f || map.At(map.Clear, x, y) > -0.5f)
            {
                continue;
            }

            double size = patient.NucleusSize * random.Uniform(0.6, 1.25);
            cells.Add(
                new Nucleus
                {
                    X = x,
                    Y = y,
                    Long = (float)(tissue.NucleusLength / 2 * size),
                    Wide = (float)(tissue.NucleusWidth / 2 * size * random.Uniform(0.6, 1.8)),
                    Axis = Jittered(Fibres.Direction(map, x, y), 0.2, random),
                    Darkness = (float)(tissue.Darkness * patient.Hyperchromasia * random.Uniform(0.6, 1.2)),
                    Irregularity = 0.25f,
                    Eosin = 0.25f,
                }
            );
        }
    }

    private static void PlaceMyoepithelium(Scene scene, Patient patient, RandomStream random, List<Nucleus> cells)
    {
        FieldMap map = scene.Map;
        var taken = new Spacing(map, 9);
        foreach ((float x, float y) in NearEpithelium(map, 4, random))
        {
            if (Math.Abs(map.At(map.Depth, x, y) - 0.6f) > 0.9f || !taken.Take(x, y))
            {
                continue;
            }

            (float ax, float ay) = Across(map, x, y, random, ordered: true);
            cells.Add(
                new Nucleus
                {
                    X = x,
                    Y = y,
                    Long = (float)(3.6 * patient.NucleusSize * random.Uniform(0.7, 1.2)),
                    Wide = 1.3f,
                    Axis = (-ay, ax),
                    Darkness = (float)(1.2 * patient.Hyperchromasia * random.Uniform(0.7, 1.2)),
                    Irregularity = 0.2f,
                    Eosin = 0.25f,
                }
            );
        }
    }

    /// <summary>Returns one jittered point in each cell of a grid over the map, in a fixed order.</summary>
    private static IEnumerable<(float X, float Y)> Everywhere(FieldMap map, double cell, RandomStream random)
    {
        for (double y = -Outside; y < map.Height + Outside; y += cell)
        {
            for (double x = -Outside; x < map.Width + Outside; x += cell)
            {
                yield return ((float)(x + cell * random.NextDouble()), (float)(y + cell * random.NextDouble()));
            }
        }
    }

    /// <summary>Like <see cref="Everywhere"/>, but only in blocks of the map that epithelium may reach.</summary>
    private static IEnumerable<(float X, float Y)> NearEpithelium(FieldMap map, double cell, RandomStream random)
    {
        const double Block = 22;
        int cells = (int)(Block / cell) + 1;
        for (double top = -Outside; top < map.Height + Outside; top += Block)
        {
            for (double left = -Outside; left < map.Width + Outside; left += Block)
            {
                if (map.At(map.Depth, (float)(left + Block / 2), (float)(top + Block / 2)) < -Block)
                {
                    continue;
                }

                for (int i = 0; i < cells * cells; i++)
                {
                    double x = left + Block / cells * (i % cells + random.NextDouble());
                    double y = top + Block / cells * (i / cells + random.NextDouble());
                    yield return ((float)x, (float)y);
                }
            }
        }
    }

    private static bool IsInRow(Epithelium tissue, float depth, double size)
    {
        if (tissue.Rows == 0)
        {
            return depth > 0.45 * tissue.NucleusWidth && depth < tissue.Thickness - 0.4 * tissue.NucleusWidth;
        }

        double first = 1 + 0.5 * tissue.NucleusLength * size;
        double row = Math.Floor((depth - first) / (0.8 * tissue.NucleusLength) + 0.5);
        double middle = first + Math.Clamp(row, 0, tissue.Rows - 1) * 0.8 * tissue.NucleusLength;
        return Math.Abs(depth - middle) < 1.3;
    }

    private static (float X, float Y) Across(FieldMap map, float x, float y, RandomStream random, bool ordered)
    {
        (float gx, float gy) = ordered ? map.Slope(map.Depth, x, y) : (0, 0);
        float length = MathF.Sqrt(gx * gx + gy * gy);
        if (length > 0.2f)
        {
            return (gx / length, gy / length);
        }

        double angle = random.Uniform(0, 2 * Math.PI);
        return ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
    }

    private static (float X, float Y) Jittered((float X, float Y) axis, double deviation, RandomStream random)
    {
        double angle = deviation * random.Uniform(-1.7, 1.7);
        (float cos, float sin) = ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
        return (axis.X * cos - axis.Y * sin, axis.X * sin + axis.Y * cos);
    }
}
