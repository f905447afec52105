using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>Sets the nuclei of epithelium and stroma into a scene.</summary>
internal static class Cells
{
    /// <summary>How far outside the picture nuclei are placed, in micrometres.</summary>
    private const double Outside = FieldMap.Margin - 2;

    /// <summary>All nuclei of the scene, in the order in which they are painted.</summary>
    internal static List<Nucleus> Place(Scene scene, Patient patient, Draws draws)
    {
        var cells = new List<Nucleus>(scene.Cells);
        PlaceStroma(scene, patient, draws, cells);
        if (scene.Epithelium.Myoepithelium)
        {
            PlaceMyoepithelium(scene, patient, draws, cells);
        }

        PlaceEpithelium(scene, patient, draws, cells);
        return cells;
    }

    private static void PlaceEpithelium(Scene scene, Patient patient, Draws draws, List<Nucleus> cells)
    {
        var (map, tissue) = (scene.Map, scene.Epithelium);
        var spacing = tissue.Spacing * patient.NucleusSize;
        var taken = new Spacing(map, spacing);
        foreach (var (x, y) in NearEpithelium(map, spacing * 0.55, draws))
        {
            var depth = map.At(map.Depth, x, y);
            if (depth < 1 || !IsInRow(tissue, depth, patient.NucleusSize) || !taken.Take(x, y))
            {
                continue;
            }

            var axis = Jittered(Across(map, x, y, draws, tissue.Rows > 0), tissue.Rows > 0 ? 0.2 : 1, draws);
            var size = Math.Clamp(1 + tissue.Pleomorphism * draws.Normal(), 0.55, 2.2) * patient.NucleusSize;
            var shape = 1 + 0.12 * draws.Normal();
            cells.Add(
                new Nucleus
                {
                    X = x,
                    Y = y,
                    Long = (float)(tissue.NucleusLength / 2 * size * shape),
                    Wide = (float)(tissue.NucleusWidth / 2 * size / shape),
                    Axis = axis,
                    Darkness = (float)(tissue.Darkness * patient.Hyperchromasia * draws.Uniform(0.75, 1.25)),
                    Irregularity = (float)tissue.Irregularity,
                    Nucleolus = (float)(tissue.Nucleolus * draws.Uniform(0, 2)),
                    Vesicle = (float)(patient.Vesicularity * draws.Uniform(0.5, 1.2)),
                    Eosin = 0.25f,
                    Body = tissue.Rows == 0 ? (float)(0.32 * spacing) : 0,
                }
            );
        }
    }

    private static void PlaceStroma(Scene scene, Patient patient, Draws draws, List<Nucleus> cells)
    {
        var map = scene.Map;
        var most = Math.Max(scene.Stroma.Cellularity, scene.Zone.Cellularity);
        foreach (var (x, y) in Everywhere(map, Math.Sqrt(1000 / (most * patient.Cellularity)), draws))
        {
            var depth = map.At(map.Depth, x, y);
            var tissue = map.At(map.Zone, x, y) > 0 ? scene.Zone : scene.Stroma;
            var keep = draws.NextDouble() < 0.85 * tissue.Cellularity / most;
            if (!keep || depth > -1.5f || map.At(map.Clear, x, y) > -0.5f)
            {
                continue;
            }

            var size = patient.NucleusSize * draws.Uniform(0.6, 1.25);
            cells.Add(
                new Nucleus
                {
                    X = x,
                    Y = y,
                    Long = (float)(tissue.NucleusLength / 2 * size),
                    Wide = (float)(tissue.NucleusWidth / 2 * size * draws.Uniform(0.6, 1.8)),
                    Axis = Jittered(Fibres.Direction(map, x, y), 0.2, draws),
                    Darkness = (float)(tissue.Darkness * patient.Hyperchromasia * draws.Uniform(0.6, 1.2)),
                    Irregularity = 0.25f,
                    Eosin = 0.25f,
                }
            );
        }
    }

    private static void PlaceMyoepithelium(Scene scene, Patient patient, Draws draws, List<Nucleus> cells)
    {
        var map = scene.Map;
        var taken = new Spacing(map, 9);
        foreach (var (x, y) in NearEpithelium(map, 4, draws))
        {
            if (Math.Abs(map.At(map.Depth, x, y) - 0.6f) > 0.9f || !taken.Take(x, y))
            {
                continue;
            }

            var (ax, ay) = Across(map, x, y, draws, ordered: true);
            cells.Add(
                new Nucleus
                {
                    X = x,
                    Y = y,
                    Long = (float)(3.6 * patient.NucleusSize * draws.Uniform(0.7, 1.2)),
                    Wide = 1.3f,
                    Axis = (-ay, ax),
                    Darkness = (float)(1.2 * patient.Hyperchromasia * draws.Uniform(0.7, 1.2)),
                    Irregularity = 0.2f,
                    Eosin = 0.25f,
                }
            );
        }
    }

    /// <summary>One jittered point in each cell of a grid over the map, in a fixed order.</summary>
    private static IEnumerable<(float X, float Y)> Everywhere(FieldMap map, double cell, Draws draws)
    {
        for (var y = -Outside; y < map.Height + Outside; y += cell)
        {
            for (var x = -Outside; x < map.Width + Outside; x += cell)
            {
                yield return ((float)(x + cell * draws.NextDouble()), (float)(y + cell * draws.NextDouble()));
            }
        }
    }

    /// <summary>The same, but only in those blocks of the map that epithelium may reach into.</summary>
    private static IEnumerable<(float X, float Y)> NearEpithelium(FieldMap map, double cell, Draws draws)
    {
        const double Block = 22;
        var cells = (int)(Block / cell) + 1;
        for (var top = -Outside; top < map.Height + Outside; top += Block)
        {
            for (var left = -Outside; left < map.Width + Outside; left += Block)
            {
                if (map.At(map.Depth, (float)(left + Block / 2), (float)(top + Block / 2)) < -Block)
                {
                    continue;
                }

                for (var i = 0; i < cells * cells; i++)
                {
                    var x = left + Block / cells * (i % cells + draws.NextDouble());
                    var y = top + Block / cells * (i / cells + draws.NextDouble());
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

        var first = 1 + 0.5 * tissue.NucleusLength * size;
        var row = Math.Floor((depth - first) / (0.8 * tissue.NucleusLength) + 0.5);
        var middle = first + Math.Clamp(row, 0, tissue.Rows - 1) * 0.8 * tissue.NucleusLength;
        return Math.Abs(depth - middle) < 1.3;
    }

    private static (float X, float Y) Across(FieldMap map, float x, float y, Draws draws, bool ordered)
    {
        var (gx, gy) = ordered ? map.Slope(map.Depth, x, y) : (0, 0);
        var length = MathF.Sqrt(gx * gx + gy * gy);
        if (length > 0.2f)
        {
            return (gx / length, gy / length);
        }

        var angle = draws.Uniform(0, 2 * Math.PI);
        return ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
    }

    private static (float X, float Y) Jittered((float X, float Y) axis, double deviation, Draws draws)
    {
        var angle = deviation * draws.Uniform(-1.7, 1.7);
        var (cos, sin) = ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
        return (axis.X * cos - axis.Y * sin, axis.X * sin + axis.Y * cos);
    }
}
