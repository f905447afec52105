using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>The architecture of the four benign subtypes.</summary>
internal static class BenignScenes
{
    /// <summary>Adenosis: lobules crowded with small round glands that keep their lumens, in collagen.</summary>
    internal static Scene Adenosis(Site site)
    {
        var (patient, random) = (site.Patient, site.Random);
        var map = site.NewMap(3.5, 22);
        foreach (var (x, y) in site.Centres(350 - 80 * patient.Grade, 90, 200))
        {
            var lobule = random.Uniform(80, 130) + 60 * patient.Grade;
            if (!map.Holds(x, y, lobule))
            {
                continue;
            }

            map.Grow(map.Zone, Capsule.Circle(x, y, lobule));
            foreach (var (gx, gy, radius, length) in Lobule(site, x, y, lobule))
            {
                map.Grow(map.Depth, Shapes.Oval(random, gx, gy, radius, length));
            }
        }

        var cells = Surroundings.Add(site, map, fat: 0.3, inflammation: 0.15);
        Fibres.Lay(map, random, 34, 0.9);
        var epithelium = Epithelia.Glandular(patient) with { Thickness = 10 * patient.NucleusSize };
        return new Scene(map, epithelium, Stromas.Fibrous(patient), Stromas.Loose(patient), cells);
    }

    /// <summary>Fibroadenoma: ducts drawn out to curved slits around nodules of abundant pale stroma.</summary>
    internal static Scene Fibroadenoma(Site site)
    {
        var (patient, random) = (site.Patient, site.Random);
        var map = site.NewMap(9, 50);
        foreach (var (x, y) in site.Centres(190 * patient.Size, 60, 160))
        {
            Duct(site, map, x, y);
        }

        var cells = Surroundings.Add(site, map, fat: 0, inflammation: 0.1);
        Fibres.Lay(map, random, 55, 1.3);
        var stroma = Stromas.Loose(patient) with { Cellularity = 1.6 + 2.2 * patient.Grade };
        return new Scene(map, Epithelia.Glandular(patient) with { Thickness = 10.8 }, stroma, stroma, cells);
    }

    /// <summary>Phyllodes tumour: broad leaves of cellular stroma, parted by wide clefts.</summary>
    internal static Scene Phyllodes(Site site)
    {
        var (patient, random) = (site.Patient, site.Random);
        var map = site.NewMap(6, 60);
        var seed = (uint)random.NextUInt64();
        var angle = random.Uniform(0, 2 * Math.PI);
        var (cos, sin) = ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
        var size = (float)(230 * patient.Size);
        var spread = 8 + 20 * (float)patient.Habit;
        var (shiftX, shiftY) = ((float)random.Uniform(0, 5), (float)random.Uniform(0, 5));
        map.Fill(
            map.Depth,
            (x, y, _) =>
            {
                var (u, v) = ((cos * x + sin * y) / (1.9f * size), (cos * y - sin * x) / size);
                var bend = 0.22f * Noise.Two(x * 1.7f / size, y * 1.7f / size, seed + 1);
                var width = 9 + spread * Noise.Two(x * 0.9f / size, y * 0.9f / size, seed + 2);
                var wall = 1.2f * size * Noise.Cell(u + shiftX + 0.6f * bend, v + shiftY + bend, seed).Wall;
                return Math.Max(width + 6 - wall, -FieldMap.Reach);
            }
        );
        var cells = Surroundings.Add(site, map, fat: 0, inflammation: 0.1);
        Fibres.Lay(map, random, 60, 0.8);
        var stroma = Stromas.Loose(patient) with
        {
            Cellularity = 3.2 + 3 * patient.Grade,
            NucleusLength = 12,
            NucleusWidth = 3.8,
        };
        return new Scene(map, Epithelia.Glandular(patient) with { Thickness = 12 }, stroma, stroma, cells);
    }

    /// <summary>Tubular adenoma: uniform round tubules back to back, with hardly any stroma.</summary>
    internal static Scene TubularAdenoma(Site site)
    {
        var (patient, random) = (site.Patient, site.Random);
        var map = site.NewMap(2.2, 25);
        var radius = 15.5 * patient.Size;
        var tubules = new Spacing(map, 2 * radius - 7 + 13 * patient.Habit * patient.Habit);
        for (var attempt = 0; attempt < 9 * map.Width * map.Height / (radius * radius); attempt++)
        {
            var x = random.Uniform(-FieldMap.Margin, site.Width + FieldMap.Margin);
            var y = random.Uniform(-FieldMap.Margin, site.Height + FieldMap.Margin);
            if (tubules.Take((float)x, (float)y))
            {
                map.Grow(
                    map.Depth,
                    Shapes.Oval(random, x, y, radius * random.Uniform(0.87, 1.07), random.Uniform(0, 9))
                );
            }
        }

        var cells = Surroundings.Add(site, map, fat: 0.1, inflammation: 0.2);
        Fibres.Lay(map, random, 20, 1.2);
        var stroma = Stromas.Loose(patient) with { Cellularity = 2.5 };
        var epithelium = Epithelia.Glandular(patient) with { Thickness = 10 * patient.NucleusSize };
        return new Scene(map, epithelium, stroma, stroma, cells);
    }

    /// <summary>A duct pressed flat around a nodule of stroma, with side branches, or one cut across.</summary>
    private static void Duct(Site site, FieldMap map, double x, double y)
    {
        var (patient, random) = (site.Patient, site.Random);
        var nodule = patient.Size * random.Uniform(55, 100);
        var angle = random.Uniform(0, 2 * Math.PI);
        var start = (x + nodule * PortableMath.Sin(angle), y - nodule * PortableMath.Cos(angle));
        var width = 11.3 + patient.Size * random.Uniform(0.5, 2.5);
        var isCutAcross = random.NextDouble() < 0.25 + 0.4 * patient.Habit;
        var length = isCutAcross ? random.Uniform(0, 30) : nodule * random.Uniform(1.6, 5);
        var duct = Shapes.Strand(random, start, angle, 1 / nodule, length, (width, 0.8 * width));
        duct.ForEach(piece => map.Grow(map.Depth, piece));
        for (var i = 3; i < duct.Count - 1; i += 3 + random.Below(4))
        {
            var (turn, side) = (angle + i * 18 / nodule, random.Below(2) * 2 - 1);
            var (reach, end) = (nodule * random.Uniform(0.2, 1.1), width * random.Uniform(0.6, 1.3));
            var fork = (duct[i].X0, duct[i].Y0);
            var branch = Shapes.Strand(random, fork, turn + side * random.Uniform(0.7, 1.8), 0.01, reach, (width, end));
            branch.ForEach(piece => map.Grow(map.Depth, piece));
        }
    }

    /// <summary>Glands that fit into a lobule without touching.</summary>
    private static List<(double X, double Y, double Radius, double Length)> Lobule(
        Site site,
        double x,
        double y,
        double lobule
    )
    {
        var (patient, random) = (site.Patient, site.Random);
        var glands = new List<(double X, double Y, double Radius, double Length)>();
        for (var attempt = 0; attempt < 330; attempt++)
        {
            var (gx, gy) = (x + lobule * random.Uniform(-1, 1), y + lobule * random.Uniform(-1, 1));
            var radius = patient.Size * random.Uniform(11.5, 18) * (random.NextDouble() < 0.05 ? 1.9 : 1);
            var length = random.NextDouble() < 0.5 ? radius * random.Uniform(0, 1.3) : 0;
            var outer = radius + length / 3 - 1.2 + patient.Habit;
            var isInside = (gx - x) * (gx - x) + (gy - y) * (gy - y) < lobule * lobule;
            if (isInside && IsFree(glands, gx, gy, outer))
            {
                glands.Add((gx, gy, radius, length));
            }
        }

        return glands;
    }

    private static bool IsFree(
        List<(double X, double Y, double Radius, double Length)> glands,
        double x,
        double y,
        double radius
    )
    {
        foreach (var other in glands)
        {
            var (dx, dy, distance) = (other.X - x, other.Y - y, other.Radius + other.Length / 3 + radius);
            if (dx * dx + dy * dy < distance * distance)
            {
                return false;
            }
        }

        return true;
    }
}
