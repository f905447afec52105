using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>The architecture of the four malignant subtypes.</summary>
internal static class MalignantScenes
{
    /// <summary>Ductal carcinoma: irregular nests and sheets of large cells in desmoplastic stroma.</summary>
    internal static Scene Ductal(Site site)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(8, 34);
        (int distance, Action<double, double>? grow) = patient.Habit switch
        {
            < 0.3 => (72, (Action<double, double>)((x, y) => Cord(site, map, x, y))),
            < 0.7 => (150, (x, y) => Nest(site, map, x, y, 150)),
            _ => (230, (x, y) => Nest(site, map, x, y, 210)),
        };
        foreach ((double x, double y) in site.Centres(distance * patient.Size, 40, 110))
        {
            grow(x, y);
        }

        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0.3, inflammation: 0.35);
        Fibres.Lay(map, random, 40, 1);
        Epithelium epithelium = Epithelia.Malignant(patient) with { Retraction = 5 * patient.Openness, Gaps = 0.22 };
        if (patient.Habit >= 0.7)
        {
            // Comedo: the centre of a large nest is necrotic.
            epithelium = epithelium with
            {
                Thickness = 42,
                Secretion = 1,
            };
        }

        Stroma stroma = Stromas.Fibrous(patient) with { Cellularity = 2 };
        return new Scene(map, epithelium, stroma, stroma, cells);
    }

    /// <summary>Lobular carcinoma: small uniform cells that lie apart, in single files between the fibres.</summary>
    internal static Scene Lobular(Site site)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(4, 30);
        if (random.NextDouble() < 0.3)
        {
            map.Grow(
                map.Depth,
                Shapes.Oval(random, random.Uniform(0, site.Width), random.Uniform(0, site.Height), 24, 20)
            );
        }

        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0.4, inflammation: 0.1);
        Fibres.Lay(map, random, 40, 1);
        var taken = new Spacing(map, 6.6);
        uint region = (uint)random.NextUInt64();
        foreach ((double x, double y) in site.Centres(28 + 10 * patient.Habit, 10, 60))
        {
            double share = 0.6 + 0.9 * Noise.Two((float)x * 0.012f, (float)y * 0.012f, region);
            if (random.NextDouble() < share)
            {
                File(map, patient, random, ((float)x, (float)y), (taken, cells));
            }
        }

        Stroma stroma = Stromas.Fibrous(patient);
        return new Scene(map, Epithelia.Glandular(patient), stroma, stroma, cells);
    }

    /// <summary>Mucinous carcinoma: islands of cells floating in pools of mucin between thin septa.</summary>
    internal static Scene Mucinous(Site site)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(6, 30);
        uint seed = (uint)random.NextUInt64();
        float size = (float)((180 + 120 * patient.Grade) * patient.Size);
        map.Fill(map.Zone, (x, y, _) => Pool(x, y, size, seed));
        foreach ((double x, double y) in site.Centres(105 + 60 * patient.Habit, 40, 60))
        {
            double radius = patient.Size * random.Uniform(14, 38);
            for (int i = 0; i < 2; i++)
            {
                (double nx, double ny) = (x + radius * 0.7 * random.Normal(), y + radius * 0.7 * random.Normal());
                map.Grow(
                    map.Depth,
                    Shapes.Oval(random, nx, ny, radius * random.Uniform(0.6, 1), random.Uniform(0, 40))
                );
            }

            for (int holes = random.Below(4); holes > 1; holes--)
            {
                (double hx, double hy) = (x + radius * 0.6 * random.Normal(), y + radius * 0.6 * random.Normal());
                map.Carve(map.Depth, Shapes.Oval(random, hx, hy, random.Uniform(3, 8), random.Uniform(0, 8)));
            }
        }

        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0, inflammation: 0);
        Fibres.Lay(map, random, 30, 0.6);
        Epithelium epithelium = Epithelia.Malignant(patient) with
        {
            NucleusLength = 8,
            NucleusWidth = 6.8,
            Spacing = 7.8,
            Pleomorphism = 0.12,
            Gaps = 0.25,
        };
        var mucin = new Stroma
        {
            Mucin = true,
            Eosin = 0.04 + 0.12 * patient.Collagen,
            Haematoxylin = 0.06 + 0.16 * patient.Openness,
            Cellularity = 0.12,
            NucleusLength = 7,
            NucleusWidth = 5,
        };
        return new Scene(map, epithelium, Stromas.Fibrous(patient) with { Openness = 0.2 }, mucin, cells);
    }

    /// <summary>
    /// Papillary carcinoma: branching fronds, each with a thin core of vessels and fibres, lined by columnar cells.
    /// </summary>
    internal static Scene Papillary(Site site)
    {
        (Patient patient, RandomStream random) = (site.Patient, site.Random);
        FieldMap map = site.NewMap(4, 30);
        map.Fill(map.Depth, (_, _, _) => FieldMap.Reach);
        foreach ((double x, double y) in site.Centres(270 * patient.Size, 70, 250))
        {
            double angle = random.Uniform(0, 2 * Math.PI);
            Frond(map, random, (x, y), angle, 230 * patient.Size, 10);
            Frond(map, random, (x, y), angle + Math.PI, 170 * patient.Size, 10);
        }

        List<Nucleus> cells = Surroundings.Add(site, map, fat: 0, inflammation: 0.1);
        Fibres.Lay(map, random, 20, 1.2);
        Epithelium epithelium = Epithelia.Malignant(patient) with
        {
            Thickness = 19 + 4 * patient.Grade,
            Rows = 2,
            NucleusLength = 9.5,
            NucleusWidth = 5.4,
            Spacing = 6.3,
        };
        Stroma stroma = Stromas.Fibrous(patient) with { Openness = 0.2 };
        return new Scene(map, epithelium, stroma, stroma, cells);
    }

    private static void Cord(Site site, FieldMap map, double x, double y)
    {
        RandomStream random = site.Random;
        (double first, double last) = (random.Uniform(6, 13), random.Uniform(5, 11));
        List<Capsule> strand = Shapes.Strand(
            random,
            (x, y),
            random.Uniform(0, 2 * Math.PI),
            random.Uniform(-0.01, 0.01),
            random.Uniform(10, 120),
            (site.Patient.Size * first, site.Patient.Size * last)
        );
        strand.ForEach(piece => map.Grow(map.Depth, piece));
    }

    private static void Nest(Site site, FieldMap map, double x, double y, double extent)
    {
        RandomStream random = site.Random;
        int pieces = 1 + random.Below(4);
        for (int i = 0; i < pieces; i++)
        {
            (double nx, double ny) = (x + 0.27 * extent * random.Normal(), y + 0.27 * extent * random.Normal());
            double radius = site.Patient.Size * random.Uniform(0.08, 0.33) * extent;
            map.Grow(map.Depth, Shapes.Oval(random, nx, ny, radius, random.Uniform(0, 1.8) * radius));
        }
    }

    private static void Frond(
        FieldMap map,
        RandomStream random,
        (double X, double Y) root,
        double angle,
        double length,
        double radius
    )
    {
        List<Capsule> trunk = Shapes.Strand(random, root, angle, 0, length, (radius, 0.5 * radius));
        trunk.ForEach(piece => map.Carve(map.Depth, piece));
        if (length < 35)
        {
            return;
        }

        for (int i = 2; i < trunk.Count; i += 3)
        {
            int side = i % 2 == 0 ? 1 : -1;
            double turn = side * random.Uniform(0.8, 1.3);
            Capsule piece = trunk[i];
            Frond(map, random, (piece.X0, piece.Y0), angle + turn, length * random.Uniform(0.3, 0.6), 0.55 * radius);
        }
    }

    private static float Pool(float x, float y, float size, uint seed)
    {
        float wander = 0.12f * size;
        float u = x + wander * Noise.Two(x * 4 / size, y * 4 / size, seed + 1);
        float v = y + wander * Noise.Two(x * 4 / size, y * 4 / size, seed + 2);
        float septum = 4 + 5 * Noise.Two(x * 0.02f, y * 0.02f, seed + 3);
        return size * Noise.Cell(u / size, v / size, seed).Wall - septum;
    }

    private static void File(
        FieldMap map,
        Patient patient,
        RandomStream random,
        (float X, float Y) start,
        (Spacing Taken, List<Nucleus> Cells) result
    )
    {
        (float x, float y) = start;
        int count = 1 + random.Below(9);

        // Some tumours lose the single files and grow in loose groups.
        float spread = 1.2f + 5 * (float)(patient.Grade * patient.Grade);
        for (int i = 0; i < count; i++)
        {
            (float X, float Y) axis = Fibres.Direction(map, x, y);
            float size = (float)(patient.NucleusSize * random.Uniform(0.85, 1.15));
            if (
                map.At(map.Depth, x, y) < -6
                && map.At(map.Lesion, x, y) > 0
                && map.At(map.Clear, x, y) < -3
                && result.Taken.Take(x, y)
            )
            {
                result.Cells.Add(
                    new Nucleus
                    {
                        X = x,
                        Y = y,
                        Long = 3.8f * size,
                        Wide = 3.1f * size,
                        Axis = axis,
                        Darkness = (float)(1.2 * patient.Hyperchromasia * random.Uniform(0.75, 1.2)),
                        Irregularity = 0.18f,
                        Eosin = 0.25f,
                        Body = 1.8f,
                        Clearing = Math.Max(0, (float)random.Uniform(-0.6, 1)),
                    }
                );
            }

            float step = (float)random.Uniform(7.5, 13);
            x += step * axis.X + spread * (float)random.Normal();
            y += step * axis.Y + spread * (float)random.Normal();
        }
    }
}
