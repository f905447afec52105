using BreakHis.Data.Sources;
using BreakHis.Testing;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Data.Sources;

public sealed class BreakhisFileNameTests
{
    [Fact]
    public void All_parts_of_a_name_are_read()
    {
        var name = BreakhisFileName.Parse("SOB_B_A-14-22549AB-40-001.png");

        Assert.Equal(new BreakhisFileName(false, "A", "14-22549AB", 40), name);
        Assert.Equal("adenosis", name!.SubtypeName);
    }

    [Theory]
    [InlineData("SOB_M_A-14-22549AB-40-001.png")] // adenosis is benign
    [InlineData("SOB_B_DC-14-2523-40-010.png")]
    [InlineData("SOB_M_DC-14-2523-50-010.png")]
    [InlineData("SOB_M_DC_14-2523-40-010.png")]
    [InlineData("SOB_M_DC-14-2523-40-010.txt")]
    [InlineData("sob_m_dc-14-2523-40-010.png")]
    [InlineData("SOB_M_DC-14-2523-40-010png")]
    [InlineData("SOB_M_DC-14-2523-40-010.png\n")]
    [InlineData("SOB_M_DC-14-2523-40-99999999999.png")]
    [InlineData("SOB_M_DC-14--40-010.png")]
    [InlineData("")]
    public void Other_names_are_rejected(string name) => Assert.Null(BreakhisFileName.Parse(name));

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["SOB_MDC-140. png"], 0, 40])
            .Sample(text => BreakhisFileName.Parse(text), iter: Fuzzing.Iterations(2000), time: Fuzzing.Seconds);

    [Fact]
    public void All_published_paths_are_read_and_counts_match_without_slide_13412()
    {
        string[] paths = File.ReadAllLines(SharedFolder.Get("breakhis/paths.txt"));
        BreakhisFileName[] names = [.. paths.Select(path => BreakhisFileName.Parse(Path.GetFileName(path))!)];

        Assert.Equal(7663, names.Length);
        Assert.All(names, Assert.NotNull);
        Assert.Equal(864 - 32, names.Count(n => n is { Subtype: "DC", Magnification: 40 }));
        Assert.Equal(137 - 26, names.Count(n => n is { Subtype: "LC", Magnification: 400 }));
        Assert.Equal(260, names.Count(n => n is { Subtype: "F", Magnification: 100 }));
        Assert.Equal(80, names.Select(n => n.Patient).Distinct(StringComparer.Ordinal).Count());
    }
}
