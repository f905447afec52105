using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>The architecture of the four benign subtypes.</summary>
internal static class BenignScenes
{
    /// <summary>Adenosis: lobules crowded with small round glands with open lumens, in collagen.</summary>
    internal static Scene Adenosis(Site site)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(3.5, 22);
        foreach ((double x, double y) in site.Centres(350 - 80 * patient.Grade, 90, 200))
        {
            double lobule = random.Uniform(80, 130) + 60 * patient.Grade;
            if (!map.Holds(x, y, lobule))
            {
                continue;
            }

            map.Grow(map.Zone, Capsule.Circle(x, y, lobule));
            foreach ((double gx, double gy, double radius, double length) in Lobule(site, x, y, lobule))
            {
                map.Grow(map.Depth, Shapes.Oval(random, gx, gy, radius, length));
            }
        }

        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0.3, inflammation: 0.15);
        Fibres.Lay(map, random, 34, 0.9);
        Epithelium epithelium = Epithelia.Glandular(patient) with { Thickness = 10 * patient.NucleusSize };
        return new Scene(map, epithelium, Stromas.Fibrous(patient), Stromas.Loose(patient), cells);
    }

    /// <summary>Fibroadenoma: ducts stretched to curved slits around nodules of abundant pale stroma.</summary>
    internal static Scene Fibroadenoma(Site site)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(9, 50);
        foreach ((double x, double y) in site.Centres(190 * patient.Size, 60, 160))
        {
            Duct(site, map, x, y);
        }

        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0, inflammation: 0.1);
        Fibres.Lay(map, random, 55, 1.3);
        Stroma stroma = Stromas.Loose(patient) with { Cellularity = 1.6 + 2.2 * patient.Grade };
        return new Scene(map, Epithelia.Glandular(patient) with { Thickness = 10.8 }, stroma, stroma, cells);
    }

    /// <summary>Phyllodes tumour: broad leaves of cellular stroma, separated by wide clefts.</summary>
    internal static Scene Phyllodes(Site site)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(6, 60);
        uint seed = (uint)random.NextUInt64();
        double angle = random.Uniform(0, 2 * Math.PI);
        (float cos, float sin) = ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
        float size = (float)(230 * patient.Size);
        float spread = 8 + 20 * (float)patient.Habit;
        (float shiftX, float shiftY) = ((float)random.Uniform(0, 5), (float)random.Uniform(0, 5));
        map.Fill(
            map.Depth,
            (x, y, _) =>
            {
                (float u, float v) = ((cos * x + sin * y) / (1.9f * size), (cos * y - sin * x) / size);
                float bend = 0.22f * Noise.Two(x * 1.7f / size, y * 1.7f / size, seed + 1);
                float width = 9 + spread * Noise.Two(x * 0.9f / size, y * 0.9f / size, seed + 2);
                float wall = 1.2f * size * Noise.Cell(u + shiftX + 0.6f * bend, v + shiftY + bend, seed).Wall;
                return Math.Max(width + 6 - wall, -FieldMap.Reach);
            }
        );
        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0, inflammation: 0.1);
        Fibres.Lay(map, random, 60, 0.8);
        Stroma stroma = Stromas.Loose(patient) with
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
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(2.2, 25);
        double radius = 15.5 * patient.Size;
        var tubules = new Spacing(map, 2 * radius - 7 + 13 * patient.Habit * patient.Habit);
        for (int attempt = 0; attempt < 9 * map.Width * map.Height / (radius * radius); attempt++)
        {
            double x = random.Uniform(-FieldMap.Margin, site.Width + FieldMap.Margin);
            double y = random.Uniform(-FieldMap.Margin, site.Height + FieldMap.Margin);
            if (tubules.Take((float)x, (float)y))
            {
                map.Grow(
                    map.Depth,
                    Shapes.Oval(random, x, y, radius * random.Uniform(0.87, 1.07), random.Uniform(0, 9))
                );
            }
        }

        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0.1, inflammation: 0.2);
        Fibres.Lay(map, random, 20, 1.2);
        Stroma stroma = Stromas.Loose(patient) with { Cellularity = 2.5 };
        Epithelium epithelium = Epithelia.Glandular(patient) with { Thickness = 10 * patient.NucleusSize };
        return new Scene(map, epithelium, stroma, stroma, cells);
    }

    /// <summary>Adds a duct flattened around a nodule of stroma, with side branches, or cut across.</summary>
    private static void Duct(Site site, FieldMap map, double x, double y)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        double nodule = patient.Size * random.Uniform(55, 100);
        double angle = random.Uniform(0, 2 * Math.PI);
        (double, double) start = (x + nodule * PortableMath.Sin(angle), y - nodule * PortableMath.Cos(angle));
        double width = 11.3 + patient.Size * random.Uniform(0.5, 2.5);
        bool isCutAcross = random.NextDouble() < 0.25 + 0.4 * patient.Habit;
        double length = isCutAcross ? random.Uniform(0, 30) : nodule * random.Uniform(1.6, 5);
        List<Capsule> duct = Shapes.Strand(random, start, angle, 1 / nodule, length, (width, 0.8 * width));
        duct.ForEach(piece => map.Grow(map.Depth, piece));
        for (int i = 3; i < duct.Count - 1; i += 3 + random.Below(4))
        {
            (double turn, int side) = (angle + i * 18 / nodule, random.Below(2) * 2 - 1);
            (double reach, double end) = (nodule * random.Uniform(0.2, 1.1), width * random.Uniform(0.6, 1.3));
            (float X0, float Y0) fork = (duct[i].X0, duct[i].Y0);
            List<Capsule> branch = Shapes.Strand(
                random,
                fork,
                turn + side * random.Uniform(0.7, 1.8),
                0.01,
                reach,
                (width, end)
            );
            branch.ForEach(piece => map.Grow(map.Depth, piece));
        }
    }

    /// <summary>Returns glands that fit into a lobule without touching.</summary>
    private static List<(double X, double Y, double Radius, double Length)> Lobule(
        Site site,
        double x,
        double y,
        double lobule
    )
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        var glands = new List<(double X, double Y, double Radius, double Length)>();
        for (int attempt = 0; attempt < 330; attempt++)
        {
            (double gx, double gy) = (x + lobule * random.Uniform(-1, 1), y + lobule * random.Uniform(-1, 1));
            double radius = patient.Size * random.Uniform(11.5, 18) * (random.NextDouble() < 0.05 ? 1.9 : 1);
            double length = random.NextDouble() < 0.5 ? radius * random.Uniform(0, 1.3) : 0;
            double outer = radius + length / 3 - 1.2 + patient.Habit;
            bool isInside = (gx - x) * (gx - x) + (gy - y) * (gy - y) < lobule * lobule;
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
        foreach ((double X, double Y, double Radius, double Length) other in glands)
        {
            (double dx, double dy, double distance) = (
                other.X - x,
                other.Y - y,
                other.Radius + other.Length / 3 + radius
            );
            if (dx * dx + dy * dy < distance * distance)
            {
                return false;
            }
        }

        return true;
    }
}
