namespace BreakHis.Data.Synthetic;

/// <summary>The architecture of the four malignant subtypes.</summary>
internal static class MalignantScenes
{
    /// <summary>Ductal carcinoma: irregular nests and sheets of large cells in desmoplastic stroma.</summary>
    internal static Scene Ductal(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(9, 38);
        var distance = 115 + 60 * patient.Habit;
        foreach (var (x, y) in site.Centres(distance, 40, 80))
        {
            var pieces = 1 + draws.Below(3);
            for (var i = 0; i < pieces; i++)
            {
                var (nx, ny) = (x + 0.3 * distance * draws.Normal(), y + 0.3 * distance * draws.Normal());
                var radius = patient.Size * draws.Uniform(0.1, 0.34) * distance;
                map.Grow(map.Depth, Shapes.Oval(draws, nx, ny, radius, draws.Uniform(0, 1.8) * radius));
            }
        }

        Fibres.Lay(map, draws, 40, 1);
        var epithelium = Epithelia.Malignant(patient) with { Retraction = 2.5 * patient.Openness, Gaps = 0.2 };
        return new Scene(map, epithelium, Stromas.Fibrous(patient) with { Cellularity = 2 }, []);
    }

    /// <summary>Lobular carcinoma: small even cells that lie apart, in single files between the fibres.</summary>
    internal static Scene Lobular(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(4, 30);
        Fibres.Lay(map, draws, 35, 1);
        var cells = new List<Nucleus>();
        var taken = new Spacing(map, 7);
        foreach (var (x, y) in site.Centres(38 + 18 * patient.Habit, 15, 60))
        {
            File(map, patient, draws, ((float)x, (float)y), (taken, cells));
        }

        return new Scene(map, Epithelia.Glandular(patient), Stromas.Fibrous(patient), cells);
    }

    /// <summary>Mucinous carcinoma: islands of cells afloat in pools of mucin between thin septa.</summary>
    internal static Scene Mucinous(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(6, 30);
        var seed = (uint)draws.NextUInt64();
        var size = (float)(280 * patient.Size);
        map.Fill(map.Pool, (x, y, _) => Pool(x, y, size, seed));
        foreach (var (x, y) in site.Centres(125 + 50 * patient.Habit, 40, 60))
        {
            var radius = patient.Size * draws.Uniform(14, 38);
            for (var i = 0; i < 2; i++)
            {
                var (nx, ny) = (x + radius * 0.7 * draws.Normal(), y + radius * 0.7 * draws.Normal());
                map.Grow(map.Depth, Shapes.Oval(draws, nx, ny, radius * draws.Uniform(0.6, 1), draws.Uniform(0, 40)));
            }
        }

        Fibres.Lay(map, draws, 30, 0.6);
        var epithelium = Epithelia.Malignant(patient) with
        {
            NucleusLength = 8,
            NucleusWidth = 6.8,
            Spacing = 7.8,
            Pleomorphism = 0.12,
            Gaps = 0.25,
        };
        return new Scene(map, epithelium, Stromas.Fibrous(patient), []);
    }

    /// <summary>Papillary carcinoma: branching fronds, a thin core of vessels and fibres each, lined by columnar cells.</summary>
    internal static Scene Papillary(Site site)
    {
        var (patient, draws) = (site.Patient, site.Draws);
        var map = site.NewMap(4, 30);
        map.Fill(map.Depth, (_, _, _) => FieldMap.Reach);
        foreach (var (x, y) in site.Centres(250 * patient.Size, 60, 200))
        {
            var angle = draws.Uniform(0, 2 * Math.PI);
            Frond(map, draws, (x, y), angle, 210 * patient.Size, 9);
            Frond(map, draws, (x, y), angle + Math.PI, 100 * patient.Size, 9);
        }

        Fibres.Lay(map, draws, 20, 1.2);
        var epithelium = Epithelia.Malignant(patient) with
        {
            Thickness = 17 + 5 * patient.Grade,
            Rows = 2,
            NucleusLength = 9.5,
            NucleusWidth = 6,
            Spacing = 5.4,
        };
        return new Scene(map, epithelium, Stromas.Loose(patient), []);
    }

    private static void Frond(
        FieldMap map,
        Draws draws,
        (double X, double Y) root,
        double angle,
        double length,
        double radius
    )
    {
        var trunk = Shapes.Strand(draws, root, angle, 0, length, (radius, 0.5 * radius));
        trunk.ForEach(piece => map.Carve(map.Depth, piece));
        if (length < 45)
        {
            return;
        }

        for (var i = 1; i < trunk.Count; i += 2)
        {
            var side = (i & 2) == 0 ? 1 : -1;
            var turn = side * draws.Uniform(0.7, 1.2);
            var piece = trunk[i];
            Frond(map, draws, (piece.X0, piece.Y0), angle + turn, length * draws.Uniform(0.25, 0.55), 0.55 * radius);
        }
    }

    private static float Pool(float x, float y, float size, uint seed)
    {
        var wander = 0.12f * size;
        var u = x + wander * Noise.Two(x * 4 / size, y * 4 / size, seed + 1);
        var v = y + wander * Noise.Two(x * 4 / size, y * 4 / size, seed + 2);
        var septum = 4 + 5 * Noise.Two(x * 0.02f, y * 0.02f, seed + 3);
        return size * Noise.Wall(u / size, v / size, seed) - septum;
    }

    private static void File(
        FieldMap map,
        Patient patient,
        Draws draws,
        (float X, float Y) start,
        (Spacing Taken, List<Nucleus> Cells) result
    )
    {
        var (x, y) = start;
        var count = 2 + draws.Below(10);
        for (var i = 0; i < count; i++)
        {
            var axis = Fibres.Direction(map, x, y);
            var size = (float)(patient.NucleusSize * draws.Uniform(0.88, 1.12));
            if (map.At(map.Depth, x, y) < -6 && result.Taken.Take(x, y))
            {
                result.Cells.Add(
                    new Nucleus
                    {
                        X = x,
                        Y = y,
                        Long = 3.7f * size,
                        Wide = 3.2f * size,
                        Axis = axis,
                        Darkness = (float)(1.3 * patient.Hyperchromasia * draws.Uniform(0.8, 1.2)),
                        Irregularity = 0.1f,
                        Halo = 1.6f,
                    }
                );
            }

            var step = (float)draws.Uniform(8.5, 12);
            x += step * axis.X + (float)draws.Normal();
            y += step * axis.Y + (float)draws.Normal();
        }
    }
}
