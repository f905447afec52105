using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// Checks docs/architecture.md against the assemblies: each room uses only rooms before it, and only Training uses
/// torch.
/// </summary>
public sealed class ArchitectureTests
{
    /// <summary>Rooms in the same array do not use each other.</summary>
    private static readonly string[][] LibraryRooms =
    [
        ["Wording"],
        ["Files"],
        ["Json"],
        ["Numerics"],
        ["Processes"],
        ["Specs"],
        ["Data"],
        ["Plans"],
        ["Runs"],
        ["Provenance"],
        ["Ledger"],
        ["Statistics"],
        ["Audit", "Reports"],
    ];

    private static readonly string[][] TrainingRooms =
    [
        [""],
        ["Determinism"],
        ["Backbones", "Augmentation", "Optimizers"],
        ["Weights"],
        ["Inputs", "Checkpoints"],
        ["Features", "Loop"],
        ["Stages"],
    ];

    private static readonly string[][] ToolRooms =
    [
        ["Terminal"],
        ["Options"],
        ["Commands"],
        [""],
    ];

    private static readonly Architecture Built = new ArchLoader()
        .LoadFilteredDirectory(Workplace.BuiltTool, "BreakHis*.dll")
        .LoadFilteredDirectory(Workplace.BuiltTool, "dotnet-breakhis.dll")
        .Build();

    public static TheoryData<string, string[][]> Assemblies =>
        new()
        {
            { "BreakHis", LibraryRooms },
            { "BreakHis.Training", TrainingRooms },
            { "BreakHis.Tool", ToolRooms },
        };

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_room_uses_only_rooms_before_it(string assembly, string[][] rooms)
    {
        (string From, string To, string What)[] uses =
        [
            .. from use in Uses()
            let origin = RoomOf(use.Origin, assembly)
            let target = RoomOf(use.Target, assembly)
            where origin is not null && target is not null && origin != target
            select (origin, target, $"{use.Origin.FullName} uses {use.Target.FullName}"),
        ];

        Assert.NotEmpty(uses);
        Assert.Empty(
            uses.Where(use => Place(use.To) >= Place(use.From)).Select(use => use.What).Distinct(StringComparer.Ordinal)
        );

        int Place(string room) => Array.FindIndex(rooms, beside => beside.Contains(room, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_room_has_its_place(string assembly, string[][] rooms) =>
        Assert.Equal(
            rooms.SelectMany(beside => beside).Order(StringComparer.Ordinal),
            Built
                .Types.Select(type => RoomOf(type, assembly))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Only_Training_uses_torch()
    {
        string[] users =
        [
            .. Uses()
                .Where(use => use.Target.FullName.StartsWith("TorchSharp", StringComparison.Ordinal))
                .Select(use => use.Origin.Namespace.FullName)
                .Distinct(StringComparer.Ordinal),
        ];

        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.StartsWith("BreakHis.Training", user, StringComparison.Ordinal));
    }

    [Fact]
    public void The_library_does_not_use_the_console()
    {
        string[] users =
        [
            .. Uses()
                .Where(use =>
                    use.Target.FullName.StartsWith("Spectre", StringComparison.Ordinal)
                    || use.Target.FullName == "System.Console"
                )
                .Select(use => use.Origin.Namespace.FullName)
                .Distinct(StringComparer.Ordinal),
        ];

        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.StartsWith("BreakHis.Tool", user, StringComparison.Ordinal));
    }

    /// <summary>
    /// Everything that a stage can see is hashed: it receives only the plan, and the fingerprint covers all plan
    /// members that determine a result.
    /// </summary>
    [Fact]
    public void No_stage_reads_the_spec()
    {
        string[] specs =
        [
            .. ((string[])["Experiment", "Data", "Split", "Synthetic", "Model", "Stages", "Bottleneck", "FineTune"])
                .Concat(["Head", "HeadChange", "EarlyStopping"])
                .Select(name => $"BreakHis.Specs.{name}Spec"),
        ];
        Look[] looks =
        [
            .. Uses()
                .Where(use => specs.Contains(use.Target.FullName, StringComparer.Ordinal))
                .Select(use => new Look(use.Origin.FullName, RoomOf(use.Origin, "BreakHis.Training"))),
        ];

        Assert.NotEmpty(looks);
        Assert.DoesNotContain(
            looks,
            look => look.Room is "Inputs" or "Features" or "Loop" or "Stages" or "Checkpoints" or "Optimizers"
        );
    }

    [Fact]
    public void Links_in_the_documentation_are_not_broken()
    {
        string[] pages =
        [
            .. Directory.GetFiles(SharedFolder.RepositoryRoot, "*.md"),
            .. Directory.GetFiles(SharedFolder.InRepository("docs"), "*.md"),
        ];
        (string Page, string Link)[] links =
        [
            .. pages.SelectMany(page => LinksOf(File.ReadAllText(page)).Select(link => (page, link))),
        ];

        Assert.True(links.Length > 20, $"{links.Length} links were found in {pages.Length} pages");
        Assert.All(
            links,
            link =>
                Assert.True(
                    Path.Exists(Path.Combine(Path.GetDirectoryName(link.Page)!, link.Link)),
                    $"{link.Page} links to {link.Link}, which is not there"
                )
        );
    }

    private static IEnumerable<(IType Origin, IType Target)> Uses() =>
        Built.Types.SelectMany(type => type.Dependencies).Select(use => (use.Origin, use.Target));

    /// <summary>
    /// The first folder of a type's namespace below its assembly's; "" for types without one, null for other
    /// assemblies.
    /// </summary>
    private static string? RoomOf(IType type, string assembly)
    {
        string name = type.Namespace?.FullName ?? "";
        bool isIn =
            name == assembly
            || (
                name.StartsWith(assembly + ".", StringComparison.Ordinal)
                && (assembly != "BreakHis" || name.Split('.')[1] is not ("Training" or "Tool"))
            );
        return !isIn ? null
            : name == assembly ? ""
            : name[(assembly.Length + 1)..].Split('.')[0];
    }

    private static IEnumerable<string> LinksOf(string text) =>
        text.Split("](")
            .Skip(1)
            .Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)].Split('#')[0])
            .Where(link => link.Length > 0 && !link.Contains("://", StringComparison.Ordinal));

    private sealed record Look(string Type, string? Room);
}
