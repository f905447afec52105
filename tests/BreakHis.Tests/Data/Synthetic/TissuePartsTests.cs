using BreakHis.Data.Synthetic;
using BreakHis.Numerics;
using Xunit;

namespace BreakHis.Tests.Data.Synthetic;

public sealed class TissuePartsTests
{
    private static readonly TissueSpec Spec = new(1, 1, 1, 1, [100], 1);

    [Fact]
    public void Noise_is_bounded_and_continuous()
    {
        for (int i = 0; i < 20_000; i++)
        {
            (float x, float y) = (i * 0.37f - 3000, i * 0.11f - 900);
            float value = Noise.Two(x, y, 7);
            Assert.InRange(value, -1, 1);
            Assert.Equal(value, Noise.Two(x + 0.001f, y, 7), 0.03f);
        }
    }

    [Fact]
    public void Cell_walls_lie_between_centres()
    {
        for (int i = 0; i < 5000; i++)
        {
            (float wall, float x, float y) = Noise.Cell(i * 0.173f, i * 0.071f, 3);
            Assert.InRange(wall, 0, 1);
            Assert.True(Noise.Cell(x, y, 3).Wall > 0.04f);
        }
    }

    [Fact]
    public void Spacing_keeps_points_apart()
    {
        var map = new FieldMap(100, 80, 0, 1, 0);
        var spacing = new Spacing(map, 6);
        var random = RandomStream.From(1, "spacing");
        var taken = new List<(float X, float Y)>();
        for (int i = 0; i < 5000; i++)
        {
            (float x, float y) = ((float)random.Uniform(-10, 110), (float)random.Uniform(-10, 90));
            if (spacing.Take(x, y))
            {
                taken.Add((x, y));
            }
        }

        Assert.InRange(taken.Count, 200, 400);
        Assert.All(
            taken,
            one => Assert.All(taken, other => Assert.True(one == other || Distance(one, other) >= 5.999))
        );
    }

    [Fact]
    public void Depth_is_the_distance_from_the_border()
    {
        var map = new FieldMap(100, 80, 0, 1, 0);
        map.Grow(map.Depth, Capsule.Circle(50, 40, 20));
        map.Carve(map.Depth, Capsule.Circle(90, 40, 25));
        Assert.Equal(10, map.At(map.Depth, 50, 30), 0.2);
        Assert.Equal(-10, map.At(map.Depth, 20, 40), 0.2);
        Assert.Equal(-20, map.At(map.Depth, 85, 40), 5.1);
        Assert.Equal(0, map.At(map.Depth, 65, 40), 0.2);
    }

    [Fact]
    public void Malignant_nuclei_are_larger_and_less_uniform()
    {
        Patient[] patients = Enumerable.Range(0, 20).Select(i => Patient.Of(Spec, $"{i}")).ToArray();
        Epithelium[] benign = patients.Select(Epithelia.Glandular).ToArray();
        Epithelium[] malignant = patients.Select(Epithelia.Malignant).ToArray();
        Assert.True(malignant.Min(NuclearArea) > 1.2 * benign.Max(NuclearArea));
        Assert.True(malignant.Min(tissue => tissue.Pleomorphism) > benign.Max(tissue => tissue.Pleomorphism));
    }

    [Fact]
    public void Phyllodes_stroma_has_more_cells_than_fibroadenoma_stroma()
    {
        var patient = Patient.Of(Spec, "1");
        Scene phyllodes = BenignScenes.Phyllodes(NewSite(patient));
        Scene fibroadenoma = BenignScenes.Fibroadenoma(NewSite(patient));
        Assert.True(phyllodes.Stroma.Cellularity > 1.4 * fibroadenoma.Stroma.Cellularity);
    }

    [Fact]
    public void Lobular_carcinoma_has_files_of_cells_along_the_fibres()
    {
        Scene scene = MalignantScenes.Lobular(NewSite(Patient.Of(Spec, "1") with { Grade = 0 }));
        Nucleus[] files = scene.Cells.Where(cell => cell.Body > 0).ToArray();
        Assert.True(files.Length > 100);
        int followed = files.Zip(files.Skip(1)).Count(pair => FollowsFibres(scene.Map, pair.First, pair.Second));
        Assert.True(followed > 0.5 * files.Length, $"{followed} of {files.Length}");
    }

    private static Site NewSite(Patient patient) => new(392, 258, patient, RandomStream.From(1, "site"));

    private static double NuclearArea(Epithelium tissue) => tissue.NucleusLength * tissue.NucleusWidth;

    private static bool FollowsFibres(FieldMap map, Nucleus one, Nucleus next)
    {
        (float dx, float dy) = (next.X - one.X, next.Y - one.Y);
        (float fx, float fy) = Fibres.Direction(map, one.X, one.Y);
        return Math.Sqrt(dx * dx + dy * dy) < 20 && Math.Abs(dx * fy - dy * fx) < 6;
    }

    private static double Distance((float X, float Y) one, (float X, float Y) other) =>
        Math.Sqrt((one.X - other.X) * (one.X - other.X) + (one.Y - other.Y) * (one.Y - other.Y));
}
