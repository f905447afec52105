using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using BreakHis.Testing;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// Checks docs/architecture.md against assemblies and source: each room uses only rooms before it, and only Training
/// uses torch. Constants of the tool's Program remain invisible: naming them needs neither import nor qualifier.
/// </summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Rooms in the same array do not use each other.</summary>
    private static readonly string[][] LibraryRooms =
    [
        ["Wording"],
        ["SecretSearch"],
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
            .. from use in Uses().Concat(InCode())
            let origin = RoomOf(use.Origin, assembly)
            let target = RoomOf(use.Target, assembly)
            where origin is not null && target is not null && origin != target
            select (origin, target, $"{use.Origin} uses {use.Target}"),
        ];

        string[] wrong =
        [
            .. uses.Where(use => PlaceIn(rooms, use.To) >= PlaceIn(rooms, use.From))
                .Select(use => use.What)
                .Distinct(StringComparer.Ordinal),
        ];
        Assert.NotEmpty(uses);
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    /// <summary>
    /// The compiler leaves no trace of constants and nameof in an assembly. Their source has to name the room: in an
    /// import or a qualified name.
    /// </summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_file_names_only_rooms_before_its_own(string assembly, string[][] rooms)
    {
        Regex names = NamesOf(assembly, [.. rooms.SelectMany(beside => beside).Where(room => room.Length > 0)]);
        (string File, string From, string To)[] uses =
        [
            .. from source in SourcesOf(assembly)
            from Match name in names.Matches(source.Code)
            select (source.File, source.Room, name.Groups["room"].Value),
        ];

        Assert.NotEmpty(uses);
        Assert.All(
            uses.Where(use => use.From != use.To),
            use => Assert.True(PlaceIn(rooms, use.To) < PlaceIn(rooms, use.From), $"{use}")
        );
    }

    [Theory]
    [InlineData("using BreakHis.Plans;")]
    [InlineData("global using BreakHis.Plans.Checks;")]
    [InlineData("using static BreakHis.Plans.StageNames;")]
    [InlineData("using Names = BreakHis.Plans.StageNames;")]
    [InlineData("using Named = global::BreakHis.Plans;")]
    [InlineData("using Plans;")]
    [InlineData("using static Plans.StageNames;")]
    [InlineData("using Named = Plans;")]
    [InlineData("x = BreakHis.Plans.StageNames.Bottleneck")]
    [InlineData("x = global::BreakHis.Plans.StageNames.Bottleneck")]
    [InlineData("x = Plans.StageNames.Bottleneck")]
    [InlineData("x = (int)Plans\n    .Side.Validation")]
    [InlineData("x = nameof(Plans.Side)")]
    public void Imports_and_qualified_names_are_seen(string code) =>
        Assert.Equal("Plans", Assert.Single(NamesOf("BreakHis", ["Json", "Plans"]).Matches(code)).Groups["room"].Value);

    [Theory]
    [InlineData("using BreakHis.Training.Stages;")]
    [InlineData("x = BreakHis.Training.Stages.Execution.Name")]
    [InlineData("x = Training.Stages.Execution.Name")]
    [InlineData("x = Stages.Execution.Name")]
    public void Names_in_Training_are_seen(string code) =>
        Assert.Equal(
            "Stages",
            Assert.Single(NamesOf("BreakHis.Training", ["Stages"]).Matches(code)).Groups["room"].Value
        );

    [Theory]
    [InlineData("using BreakHis.Specs.Plans;")]
    [InlineData("x = spec.Plans.Count")]
    [InlineData("x = Plans")]
    [InlineData("x = SomePlans.Count")]
    [InlineData("x = Plans2.Count")]
    public void Members_with_the_name_of_a_room_are_not_names_of_it(string code) =>
        Assert.Empty(NamesOf("BreakHis", ["Plans"]).Matches(code));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_room_has_its_place(string assembly, string[][] rooms) =>
        Assert.Equal(
            rooms.SelectMany(beside => beside).Order(StringComparer.Ordinal),
            Built
                .Types.Select(type => RoomOf(type.FullName, assembly))
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
                .Concat(InCode())
                .Where(use => use.Target.StartsWith("TorchSharp.", StringComparison.Ordinal))
                .Select(use => use.Origin)
                .Distinct(StringComparer.Ordinal),
        ];

        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.StartsWith("BreakHis.Training.", user, StringComparison.Ordinal));
    }

    /// <summary>Constants of torch leave no trace in an assembly either.</summary>
    [Fact]
    public void Only_Training_names_torch()
    {
        string[] Users(string assembly) =>
            [.. SourcesOf(assembly).Where(source => Torch().IsMatch(source.Code)).Select(source => source.File)];

        Assert.NotEmpty(Users("BreakHis.Training"));
        Assert.Empty(Users("BreakHis").Concat(Users("BreakHis.Tool")));
    }

    [Fact]
    public void The_library_does_not_use_the_console()
    {
        string[] users =
        [
            .. Uses()
                .Concat(InCode())
                .Where(use =>
                    use.Target.StartsWith("Spectre.", StringComparison.Ordinal) || use.Target == "System.Console"
                )
                .Select(use => use.Origin)
                .Distinct(StringComparer.Ordinal),
        ];

        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.StartsWith("BreakHis.Tool.", user, StringComparison.Ordinal));
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
                .Concat(InCode())
                .Where(use => specs.Contains(use.Target, StringComparer.Ordinal))
                .Select(use => new Look(use.Origin, RoomOf(use.Origin, "BreakHis.Training"))),
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

    /// <summary>
    /// Finds the names of rooms: in imports, after the assembly's namespace, and at the start of a qualified name.
    /// </summary>
    private static Regex NamesOf(string assembly, string[] rooms)
    {
        string full = Regex.Escape(assembly);
        string parent = assembly.Split('.') is [_, var last] ? $@"(?:{last}\s*\.\s*)?" : "";
        string room = $"(?<room>{string.Join('|', rooms)})";
        return new Regex(
            $@"(?<![\w.]){full}\s*\.\s*{room}\b"
                + $@"|\busing\s+(?:static\s+)?(?:\w+\s*=\s*)?{parent}{room}\b"
                + $@"|(?<![\w.]){parent}{room}\s*\.\s*[A-Z]",
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
    }

    [GeneratedRegex(
        @"\busing\s[^;(]*\bTorchSharp\b|(?<![\w.])TorchSharp\s*\.\s*\w",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Torch();

    /// <summary>The source files of an assembly, without comments.</summary>
    private static IEnumerable<(string File, string Room, string Code)> SourcesOf(string assembly)
    {
        string folder = SharedFolder.InRepository($"src/{assembly}");
        return from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(folder, file).Split('/')
            where path[0] is not ("bin" or "obj")
            let lines = File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            select (file, path.Length > 1 ? path[0] : "", string.Join('\n', lines));
    }

    private static int PlaceIn(string[][] rooms, string room) =>
        Array.FindIndex(rooms, beside => beside.Contains(room, StringComparer.Ordinal));

    private static IEnumerable<(string Origin, string Target)> Uses() =>
        Built.Types.SelectMany(type => type.Dependencies).Select(use => (use.Origin.FullName, use.Target.FullName));

    /// <summary>
    /// The types in the code of methods, by outermost type. ArchUnitNET does not read catch clauses, async
    /// iterators and generic arguments of methods.
    /// </summary>
    private static IEnumerable<(string Origin, string Target)> InCode() =>
        from assembly in (string[])["BreakHis", "BreakHis.Training", "dotnet-breakhis"]
        from type in AssemblyDefinition
            .ReadAssembly(Path.Combine(Workplace.BuiltTool, assembly + ".dll"))
            .MainModule.GetTypes()
        from method in type.Methods
        where method.HasBody
        from target in Named(method.Body)
        select (Outermost(type), Outermost(target));

    private static IEnumerable<TypeReference> Named(MethodBody body) =>
        body
            .Instructions.SelectMany(instruction =>
                instruction.Operand switch
                {
                    TypeReference type => [type],
                    MethodReference method => Named(method),
                    FieldReference field => [field.DeclaringType, field.FieldType],
                    _ => (IEnumerable<TypeReference>)[],
                }
            )
            .Concat(body.Variables.Select(variable => variable.VariableType))
            .Concat(body.ExceptionHandlers.Select(handler => handler.CatchType).OfType<TypeReference>())
            .SelectMany(Parts);

    private static IEnumerable<TypeReference> Named(MethodReference method) =>
        [
            method.DeclaringType,
            method.ReturnType,
            .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
        ];

    /// <summary>A type without its generic arguments, and these, such as List and int of a List of int.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type switch
        {
            Mono.Cecil.GenericParameter or Mono.Cecil.FunctionPointerType => [],
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
            TypeSpecification wrapped => Parts(wrapped.ElementType),
            _ => [type],
        };

    private static string Outermost(TypeReference type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type.GetElementType().FullName;

    /// <summary>
    /// The first folder of a type's namespace below its assembly's; "" for types without one, null for other
    /// assemblies.
    /// </summary>
    private static string? RoomOf(string type, string assembly)
    {
        string name =
            type.Split('+', '/')[0] is var outer && outer.LastIndexOf('.') is >= 0 and var dot ? outer[..dot] : "";
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
