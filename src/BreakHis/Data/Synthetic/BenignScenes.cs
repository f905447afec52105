namespace BreakHis.Data.Synthetic;

/// <summary>The architecture of the four benign subtypes.</summary>
internal static class BenignScenes
{
    /// <summary>Adenosis: lobules crowded with small round glands that keep their lumens, in collagen.</summary>
    internal static Scene Adenosis(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(3.5, 22);
        foreach (var (x, y) in site.Centres(350, 90, 150))
        {
            var lobule = draws.Uniform(110, 175);
            var glands = new List<(double X, double Y, double R)>();
            for (var attempt = 0; attempt < 260; attempt++)
            {
                var (gx, gy) = (x + lobule * draws.Uniform(-1, 1), y + lobule * draws.Uniform(-1, 1));
                var radius = patient.Size * draws.Uniform(13, 21) * (draws.NextDouble() < 0.06 ? 1.8 : 1);
                var length = draws.NextDouble() < 0.5 ? radius * draws.Uniform(0, 1.3) : 0;
                var outer = radius + length / 2 + 1.5 + 2 * patient.Habit;
                var fits = (gx - x) * (gx - x) + (gy - y) * (gy - y) < lobule * lobule;
                if (fits && glands.TrueForAll(other => IsApart(other, gx, gy, outer)))
                {
                    glands.Add((gx, gy, outer));
                    map.Grow(map.Depth, Shapes.Oval(draws, gx, gy, radius, length));
                }
            }
        }

        Fibres.Lay(map, draws, 30, 0.9);
        var stroma = Stromas.Fibrous(patient);
        return new Scene(map, Epithelia.Glandular(patient) with { Thickness = 10.5 * patient.NucleusSize }, stroma, []);
    }

    /// <summary>Fibroadenoma: ducts drawn out to curved slits around nodules of abundant pale stroma.</summary>
    internal static Scene Fibroadenoma(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(5, 45);
        foreach (var (x, y) in site.Centres(230 * patient.Size, 60, 130))
        {
            var nodule = patient.Size * draws.Uniform(60, 105);
            var angle = draws.Uniform(0, 2 * Math.PI);
            var start = (x + nodule * PortableMath.Sin(angle), y - nodule * PortableMath.Cos(angle));
            var width = patient.Size * draws.Uniform(11.5, 15);
            var length = nodule * draws.Uniform(1.2, 3.6);
            var strand = Shapes.Strand(draws, start, angle, 1 / nodule, length, (width, width * 0.9));
            strand.ForEach(piece => map.Grow(map.Depth, piece));
        }

        Fibres.Lay(map, draws, 55, 1.3);
        var stroma = Stromas.Loose(patient) with { Cellularity = 2.3 };
        return new Scene(map, Epithelia.Glandular(patient) with { Thickness = 11.5 }, stroma, []);
    }

    /// <summary>Phyllodes tumour: leaves of cellular stroma that bulge into clefts.</summary>
    internal static Scene Phyllodes(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(6, 60);
        foreach (var (x, y) in site.Centres(430 * patient.Size, 70, 260))
        {
            var angle = draws.Uniform(0, 2 * Math.PI);
            var (cos, sin) = (PortableMath.Cos(angle), PortableMath.Sin(angle));
            var space = patient.Size * draws.Uniform(75, 110);
            var start = (x - 170 * cos, y - 170 * sin);
            var strand = Shapes.Strand(draws, start, angle, draws.Uniform(-0.002, 0.002), 340, (space * 0.6, space));
            strand.ForEach(piece => map.Grow(map.Depth, piece));
            for (var i = 0; i < strand.Count; i += 4)
            {
                var side = (i & 4) == 0 ? 1 : -1;
                var leaf = patient.Size * draws.Uniform(38, 58);
                var (rootX, rootY) = (strand[i].X0 - side * 1.5 * space * sin, strand[i].Y0 + side * 1.5 * space * cos);
                var (tipX, tipY) = (strand[i].X0 + side * 0.05 * space * sin, strand[i].Y0 - side * 0.05 * space * cos);
                map.Carve(
                    map.Depth,
                    new Capsule((float)rootX, (float)rootY, (float)leaf * 0.7f, (float)tipX, (float)tipY, (float)leaf)
                );
            }
        }

        Fibres.Lay(map, draws, 60, 0.8);
        var stroma = Stromas.Loose(patient) with { Cellularity = 5.5, NucleusLength = 12, NucleusWidth = 3.8 };
        return new Scene(map, Epithelia.Glandular(patient) with { Thickness = 12 }, stroma, []);
    }

    /// <summary>Tubular adenoma: uniform round tubules back to back, with hardly any stroma.</summary>
    internal static Scene TubularAdenoma(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(2.2, 25);
        var radius = 16 * patient.Size;
        var tubules = new Spacing(map, 2 * radius + 0.5 + 2 * patient.Habit);
        for (var attempt = 0; attempt < 20 * map.Width * map.Height / (radius * radius); attempt++)
        {
            var x = draws.Uniform(-FieldMap.Margin, site.Width + FieldMap.Margin);
            var y = draws.Uniform(-FieldMap.Margin, site.Height + FieldMap.Margin);
            if (tubules.Take((float)x, (float)y))
            {
                map.Grow(map.Depth, Shapes.Oval(draws, x, y, radius * draws.Uniform(0.92, 1.06), draws.Uniform(0, 8)));
            }
        }

        Fibres.Lay(map, draws, 20, 1.2);
        var stroma = Stromas.Loose(patient) with { Cellularity = 2.5 };
        return new Scene(map, Epithelia.Glandular(patient) with { Thickness = 10.5 * patient.NucleusSize }, stroma, []);
    }

    private static bool IsApart((double X, double Y, double R) other, double x, double y, double radius)
    {
        var (dx, dy, distance) = (other.X - x, other.Y - y, other.R + radius);
        return dx * dx + dy * dy > distance * distance;
    }
}
