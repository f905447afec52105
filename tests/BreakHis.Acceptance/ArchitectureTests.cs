using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using BreakHis.Testing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// Checks docs/architecture.md against assemblies and source: each room uses only rooms before it, and only Training
/// uses torch.
/// </summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Rooms in the same array do not use each other.</summary>
    private static readonly string[][] LibraryRooms =
    [
        ["Wording", "SecretSearch"],
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
        ["Comparisons"],
        ["Audit", "Reports"],
    ];

    private static readonly string[][] TrainingRooms =
    [
        [""],
        ["Libtorch"],
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

    private static readonly Dictionary<string, IReadOnlyList<SourceUse>> Sources = (
        (string[])["BreakHis", "BreakHis.Training", "BreakHis.Tool"]
    ).ToDictionary(assembly => assembly, SourceUses.Of, StringComparer.Ordinal);

    /// <summary>The members of the records of plans.</summary>
    private static readonly HashSet<string> MembersOfPlans =
    [
        .. from type in SourceCode
            .Of("BreakHis")
            .GetSymbolsWithName(_ => true, SymbolFilter.Type)
            .OfType<INamedTypeSymbol>()
        where type.IsRecord && type.ContainingNamespace.ToDisplayString() == "BreakHis.Plans"
        from member in type.GetMembers().OfType<IPropertySymbol>()
        select SourceUses.NameOf(member),
    ];

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
        IEnumerable<(string? From, string? To, string What)> compiled =
            from type in Built.Types
            from use in type.Dependencies
            select (
                From: RoomOf(use.Origin.Namespace.FullName, assembly),
                To: RoomOf(use.Target.Namespace?.FullName ?? "", assembly),
                What: $"{use.Origin.FullName} uses {use.Target.FullName}"
            );
        IEnumerable<(string? From, string? To, string What)> written =
            from use in Sources[assembly]
            where use.Assembly == AssemblyOf(assembly) && use.Target != assembly && RoomOfFile(use.File) != "obj"
            select (
                From: (string?)RoomOfFile(use.File),
                To: RoomBelow(use.Namespace, assembly),
                What: $"{use.File} uses {use.Target}"
            );

        string[] wrong =
        [
            .. compiled
                .Concat(written)
                .Where(use => use.From is not null && use.To is not null && use.From != use.To)
                .Where(use => PlaceIn(rooms, use.To!) < 0 || PlaceIn(rooms, use.To!) >= PlaceIn(rooms, use.From!))
                .Select(use => use.What)
                .Distinct(StringComparer.Ordinal),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.Contains(compiled, use => use.From is not null && use.To is not null && use.From != use.To);
        Assert.Contains(written, use => use.To is not null && use.From != use.To);
    }

    /// <summary>A type in a namespace of another room would be counted as part of that room.</summary>
    [Theory]
    [InlineData("BreakHis")]
    [InlineData("BreakHis.Training")]
    [InlineData("BreakHis.Tool")]
    public void Namespaces_follow_folders(string assembly)
    {
        string folder = SharedFolder.InRepository($"src/{assembly}");
        string[] files = FilesOf(assembly);

        Assert.NotEmpty(files);
        Assert.All(
            files,
            file =>
            {
                string expected = string.Join('.', [assembly, .. file.Split('/')[..^1]]);
                Match space = Assert.Single(Namespace().Matches(File.ReadAllText(Path.Combine(folder, file))));
                Assert.Equal(expected, space.Groups["name"].Value);
            }
        );
    }

    /// <summary>The tables of docs/architecture.md list the rooms in the same order.</summary>
    [Theory]
    [InlineData("BreakHis")]
    [InlineData("BreakHis.Training")]
    public void The_documentation_lists_the_rooms_in_order(string assembly)
    {
        string page = File.ReadAllText(SharedFolder.InRepository("docs/architecture.md"));
        string section = page.Split($"\n## src/{assembly}:")[1].Split("\n## ")[0];
        string[] listed = [.. RoomInTable().Matches(section).Skip(1).Select(row => row.Groups["room"].Value)];
        string[][] rooms = assembly == "BreakHis" ? LibraryRooms : TrainingRooms;

        Assert.Equal(
            rooms.SelectMany(beside => beside.Order(StringComparer.Ordinal)),
            listed
                .Select(room => room == "(root)" ? "" : room)
                .OrderBy(room => PlaceIn(rooms, room))
                .ThenBy(room => room, StringComparer.Ordinal)
        );
        int[] places = [.. listed.Select(room => PlaceIn(rooms, room == "(root)" ? "" : room))];
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_room_has_its_place(string assembly, string[][] rooms) =>
        Assert.Equal(
            rooms.SelectMany(beside => beside).Order(StringComparer.Ordinal),
            FilesOf(assembly).Select(RoomOfFile).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Only_Training_uses_torch() =>
        AssertUsedOnlyBy("BreakHis.Training", use => use.Assembly is "TorchSharp" or "TorchVision");

    [Fact]
    public void Only_ledger_and_record_audit_use_SQLite() =>
        // That command passes a function that takes a connection.
        Assert.All(
            Sources
                .SelectMany(source => source.Value)
                .Where(use =>
                    use.Assembly == "Microsoft.Data.Sqlite"
                    && (use.File, use.Target) != ("Commands/ImportCommand.cs", "Microsoft.Data.Sqlite.SqliteConnection")
                ),
            use =>
                Assert.True(
                    use.File.StartsWith("Ledger/", StringComparison.Ordinal)
                        || use.File.StartsWith("Audit/Record/", StringComparison.Ordinal),
                    $"{use.File} uses {use.Target}"
                )
        );

    [Fact]
    public void Only_Training_loads_native_libraries() =>
        AssertUsedOnlyBy(
            "BreakHis.Training",
            use => use.Target.StartsWith("System.Runtime.InteropServices.NativeLibrary", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("BreakHis")]
    [InlineData("dotnet-breakhis")]
    public void Only_Training_calls_native_libraries_other_than_the_system_s(string assembly)
    {
        using FileStream stream = File.OpenRead(Path.Combine(Workplace.BuiltTool, assembly + ".dll"));
        using var file = new PEReader(stream);
        MetadataReader metadata = file.GetMetadataReader();

        Assert.All(
            Enumerable
                .Range(1, metadata.GetTableRowCount(TableIndex.ModuleRef))
                .Select(row => metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)).Name),
            name => Assert.Equal("libc", metadata.GetString(name))
        );
    }

    /// <summary>The texts of exceptions are for people, and differ between versions of libraries.</summary>
    [Fact]
    public void Messages_of_exceptions_are_passed_on_and_not_read()
    {
        Dictionary<string, string> allowed = new(StringComparer.Ordinal)
        {
            ["BreakHis.Provenance.Git.GitRepositories.Reason"] =
                "shortens hashes, which would be taken for secrets; nothing depends on what it finds",
        };
        MessageRead[] reads = [.. Sources.Keys.SelectMany(MessageReads.Of)];

        string[] wrong = [.. reads.Where(read => !allowed.ContainsKey(read.Member)).Select(read => read.Code)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.Equal(allowed.Keys, reads.Select(read => read.Member).Distinct(StringComparer.Ordinal));
        Assert.All(
            Directory.GetFiles(SharedFolder.InRepository("build"), "*.cs"),
            file => Assert.DoesNotContain(".Message", File.ReadAllText(file), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Only_the_tool_uses_the_console() =>
        AssertUsedOnlyBy(
            "BreakHis.Tool",
            use => use.Assembly.StartsWith("Spectre.", StringComparison.Ordinal) || use.Target == "System.Console"
        );

    /// <summary>The streams of the terminal escape control characters.</summary>
    [Fact]
    public void The_console_is_opened_in_one_file() =>
        Assert.Equal(
            ["Terminal/StandardStreams.cs"],
            Sources["BreakHis.Tool"]
                .Where(use =>
                    WithItsTypes(use.Target).Any(name => name is "System.Console" or "Spectre.Console.AnsiConsole")
                )
                .Select(use => use.File)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    /// <summary>Training reports events; what is done with them is none of its business.</summary>
    [Theory]
    [InlineData("Ledger")]
    [InlineData("Audit")]
    [InlineData("Reports")]
    public void Training_does_not_use_what_comes_after_the_events(string room)
    {
        bool IsUse(SourceUse use) => use.Assembly == "BreakHis" && RoomBelow(use.Namespace, "BreakHis") == room;

        Assert.Contains(Sources["BreakHis.Tool"], IsUse);
        Assert.All(Sources["BreakHis.Training"], use => Assert.False(IsUse(use), $"{use.File} uses {use.Target}"));
    }

    /// <summary>
    /// What a stage reads may change its result, so it must be hashed. Therefore the training project names no record of a
    /// spec, except to read weights or as part of a plan, and no member of a plan that the fingerprint leaves out, except
    /// those listed here.
    /// </summary>
    [Fact]
    public void No_stage_reads_the_spec()
    {
        string[] planned = ["AugmentationSpec", "PreprocessingSpec", "OptimizerSpec"];
        string[] specs =
        [
            .. SourceCode
                .Of("BreakHis")
                .GetSymbolsWithName(
                    name => name.EndsWith("Spec", StringComparison.Ordinal),
                    SymbolFilter.Type,
                    TestContext.Current.CancellationToken
                )
                .Where(type => type.ContainingNamespace.ToDisplayString() == "BreakHis.Specs")
                .OfType<INamedTypeSymbol>()
                .Where(type => !((string?[])[type.Name, type.BaseType?.Name]).Intersect(planned).Any())
                .Select(SourceUses.NameOf),
        ];
        Assert.Contains("BreakHis.Specs.ExperimentSpec", specs);
        SourceUse[] looks =
        [
            .. Sources["BreakHis.Training"]
                .Where(use => WithItsTypes(use.Target).Any(name => specs.Contains(name, StringComparer.Ordinal))),
        ];
        Assert.All(looks, look => Assert.Equal("Weights", RoomOfFile(look.File)));
        Assert.Equal(
            ["BreakHis.Specs.ModelSpec"],
            looks
                .Select(look => look.Target)
                .Where(name => specs.Contains(name, StringComparer.Ordinal))
                .Distinct(StringComparer.Ordinal)
        );

        Dictionary<string, string> allowed = new(StringComparer.Ordinal)
        {
            ["BreakHis.Plans.BottleneckPlan.Features"] = "all of it is in the rest of the plan too",
            ["BreakHis.Plans.DataPlan.Classes"] = "ContentHash covers each image's label",
            ["BreakHis.Plans.DataPlan.Images"] = "ContentHash and SplitHash cover them",
            ["BreakHis.Plans.FeaturesPlan.Images"] = "the key covers their contents",
            ["BreakHis.Plans.FeaturesPlan.Key"] = "the name of the cached features, which it covers",
            ["BreakHis.Plans.WeightsPlan.File"] = "weights are refused unless they have the hash of the plan",
        };
        string[] notHashed =
        [
            .. from type in SourceCode
                .Of("BreakHis")
                .GetSymbolsWithName(_ => true, SymbolFilter.Type, TestContext.Current.CancellationToken)
            where type.ContainingNamespace.ToDisplayString() == "BreakHis.Plans"
            from member in ((INamedTypeSymbol)type).GetMembers().OfType<IPropertySymbol>()
            where member.GetAttributes().Any(a => a.AttributeClass?.Name == "DeterminesNothingAttribute")
            select SourceUses.NameOf(member),
        ];
        Assert.Contains("BreakHis.Plans.Plan.Spec", notHashed);
        Assert.Equal(
            allowed.Keys.Order(StringComparer.Ordinal),
            Sources["BreakHis.Training"]
                .Where(use =>
                    use.File != "Weights/PlannedWeights.cs"
                    // It resolves this part of the plan.
                    || !use.Target.StartsWith("BreakHis.Plans.WeightsPlan.", StringComparison.Ordinal)
                )
                .Select(use => use.Target)
                .Intersect(notHashed, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The hash of these settings names the cached features, so no others may count.</summary>
    [Fact]
    public void Feature_extraction_names_the_settings_of_FeaturesPlan_and_no_others()
    {
        string[] others =
        [
            .. Sources["BreakHis.Training"]
                .Where(use => RoomOfFile(use.File) == "Features")
                .Where(use => use.Namespace is "BreakHis.Plans" or "BreakHis.Specs" && use.Target != use.Namespace)
                .Select(use => use.Target)
                .Where(name => !name.StartsWith("BreakHis.Plans.FeaturesPlan", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(
            [
                "BreakHis.Plans.PlannedImage",
                "BreakHis.Plans.WeightsPlan",
                "BreakHis.Specs.BackboneFacts",
                "BreakHis.Specs.BackboneFacts.Features",
                "BreakHis.Specs.BackboneFacts.Find",
                "BreakHis.Specs.ResizeFilter",
                "BreakHis.Specs.StageNames",
                "BreakHis.Specs.StageNames.Bottleneck",
            ],
            others
        );
    }

    /// <summary>
    /// What feature extraction shares with training could read what only the fingerprint covers, not the key of the
    /// features.
    /// </summary>
    [Fact]
    public void What_feature_extraction_uses_names_few_members_of_plans()
    {
        string[] after = ["Augmentation", "Optimizers", "Features", "Loop", "Stages"];
        const string Hashed = "hashed in the key";
        const string OfMachine = "makes the facts about the machine, from which a plan is resolved";
        Dictionary<string, string> allowed = new(StringComparer.Ordinal)
        {
            ["Determinism/ComputeFacts.cs: BreakHis.Plans.MachineFacts.RemovedVariables"] = OfMachine,
            ["Determinism/ComputeFacts.cs: BreakHis.Plans.MachineFacts.Software"] = OfMachine,
            ["Inputs/ImageTensors.cs: BreakHis.Plans.PlannedImage.Path"] = "the place of contents that are hashed",
            ["Weights/Layouts/WeightsMetadata.cs: BreakHis.Plans.WeightsHead.Classes"] = "of a file, not of a plan",
            ["Weights/LoadedBackbone.cs: BreakHis.Plans.WeightsPlan.File"] =
                "weights are refused unless they have the hash of the plan",
            ["Weights/LoadedBackbone.cs: BreakHis.Plans.WeightsPlan.Given"] = Hashed,
            ["Weights/LoadedBackbone.cs: BreakHis.Plans.WeightsPlan.Sha256"] = Hashed,
        };

        Assert.Equal(
            allowed.Keys.Order(StringComparer.Ordinal),
            Sources["BreakHis.Training"]
                .Where(use => !after.Contains(RoomOfFile(use.File), StringComparer.Ordinal))
                // That file resolves this part of the plan.
                .Where(use => use.File != "Weights/PlannedWeights.cs" && MembersOfPlans.Contains(use.Target))
                .Select(use => $"{use.File}: {use.Target}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>A plan follows from its arguments, and a comparison from the runs.</summary>
    [Theory]
    [InlineData("Plans")]
    [InlineData("Statistics")]
    [InlineData("Comparisons")]
    public void Computations_read_no_files(string room)
    {
        string[] files =
        [
            "File",
            "Directory",
            "FileInfo",
            "DirectoryInfo",
            "FileStream",
            "Path.Exists",
            "Path.GetFullPath",
        ];

        Assert.Equal(
            // The checks of 'data check' decode images.
            room == "Plans"
                ? ["Plans/Checks/DataReview.cs"]
                : (string[])[],
            Sources["BreakHis"]
                .Where(use => RoomOfFile(use.File) == room)
                .Where(use =>
                    WithItsTypes(use.Target)
                        .Any(name => files.Contains(name.Replace("System.IO.", "", StringComparison.Ordinal)))
                )
                .Select(use => use.File)
                .Distinct(StringComparer.Ordinal)
        );
    }

    /// <summary>What training reads from files must be hashed in the plan, or be the run's own.</summary>
    [Fact]
    public void Training_reads_files_in_few_places()
    {
        Dictionary<string, string> allowed = new(StringComparer.Ordinal)
        {
            ["Checkpoints/CheckpointFiles.cs"] = "files of the run",
            ["Checkpoints/StageFiles.cs"] = "files of the run",
            ["Determinism/ComputeFacts.cs"] = "the plan has the hashes",
            ["Features/FeatureCache.cs"] = "cached features, which have the name of their key and their own hash",
            ["Libtorch/CudaLibraries.cs"] = "the plan has the hashes of the libraries",
            ["Libtorch/InstalledPyTorch.cs"] = "finds the libraries of which the plan has the hashes",
            ["Loop/StepTrace.cs"] = "keeps the lines of the steps before; nothing else reads a trace",
            ["Weights/Formats"] = "reads the file or folder that it is given",
            ["Weights/Known"] = "the plan has the hash of the weights",
            ["Weights/LoadedBackbone.cs"] = "weights are refused unless they have the hash of the plan",
            ["Weights/PlannedWeights.cs"] = "puts the hash of the weights into the plan",
            ["Weights/WeightsReader.cs"] = "the plan has the hash of the weights",
        };

        Assert.Equal(
            allowed.Keys.Order(StringComparer.Ordinal),
            Sources["BreakHis.Training"]
                .Where(use => WithItsTypes(use.Target).Any(IsOfFiles))
                .Select(use =>
                    FolderOf(use.File) is "Weights/Formats" or "Weights/Known" ? FolderOf(use.File) : use.File
                )
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    private static string FolderOf(string file) => Path.GetDirectoryName(file)!;

    private static bool IsOfFiles(string name) =>
        name
            is "System.IO.Directory"
                or "System.IO.DirectoryInfo"
                or "System.IO.File"
                or "System.IO.FileInfo"
                or "System.IO.FileStream"
                or "System.IO.FileSystemInfo"
                or "System.IO.MemoryMappedFiles"
                or "System.IO.Path.Exists"
                or "System.IO.RandomAccess"
                or "System.IO.StreamReader"
                or "System.IO.Compression.ZipFile"
                or "PureHDF.H5File"
                or "TorchSharp.torch.jit.load"
                or "TorchSharp.torch.load"
                or "TorchSharp.torch.nn.Module.load"
                or "BreakHis.Data.Pictures.Picture.Decode"
                or "BreakHis.Files.FolderTree"
                or "BreakHis.Files.FolderWalk"
                or "BreakHis.Files.RegularFile"
                or "BreakHis.Files.RememberedHashes"
                or "BreakHis.Files.Sha256Hex.OfFile"
                or "BreakHis.Provenance.ProgramFiles"
                or "BreakHis.Training.Weights.Formats.SafeTensors.Read"
                or "BreakHis.Training.Weights.Formats.SafeTensors.ReadInScope"
                or "BreakHis.Training.Weights.WeightsReader.Read";

    /// <summary>Only a check knows its level and name.</summary>
    [Fact]
    public void Entries_of_an_audit_are_made_in_one_file() =>
        Assert.Equal(
            ["Audit/CheckResult.cs"],
            Sources
                .Values.SelectMany(uses => uses)
                .Where(use =>
                    use.Target
                        is "BreakHis.Audit.AuditEntry" + SourceUses.Constructor
                            or "BreakHis.Audit.AuditEntry" + SourceUses.Copy
                )
                .Select(use => use.File)
                .Distinct(StringComparer.Ordinal)
        );

    /// <summary>A stage gets this besides the plan. None of it is hashed.</summary>
    [Fact]
    public void What_a_stage_gets_besides_the_plan_is_listed()
    {
        const string Own = "a checkpoint of the run itself";
        const string Resumed = "a resumed run repeats the bits of an uninterrupted one";
        Dictionary<string, string> reasons = new(StringComparer.Ordinal)
        {
            ["Checkpoint.Best: HashedFile?"] = Own,
            ["Checkpoint.Epoch: int"] = Own,
            ["Checkpoint.Stage: string"] = Own,
            ["Checkpoint.State: HashedFile"] = Own,
            ["Checkpoint.Step: int"] = Own,
            ["CheckpointInterval.Epochs: int?"] = Resumed,
            ["CheckpointInterval.Time: TimeSpan?"] = Resumed,
            ["Execute.Invoke: CancellationToken cancellation"] = "stops the run between two steps",
            ["Execute.Invoke: Plan plan"] = "hashed",
            ["Execute.Invoke: ResumePoint? from"] = Own,
            ["Execution.In: RunContext context"] = "its members are listed here",
            ["HashedFile.Bytes: long"] = Own,
            ["HashedFile.Path: string"] = Own,
            ["HashedFile.Sha256: string"] = Own,
            ["HomeFolder.Path: string"] = "a place",
            ["PictureSource.Invoke: string path"] = "the plan has the paths",
            ["ResumePoint.Checkpoint: Checkpoint?"] = Own,
            ["ResumePoint.Epochs: IReadOnlyList<EpochEnded>"] = "recorded by the run, and compared with its files",
            ["ResumePoint.Stage: string?"] = Own,
            ["RunContext.CheckpointInterval: CheckpointInterval"] = Resumed,
            ["RunContext.Home: HomeFolder"] = "a place: cached features have the name of their key",
            ["RunContext.Pictures: PictureSource"] =
                "refuses files that have changed since they were hashed; synthetic images are drawn again",
            ["RunContext.RecordedFeatures: Func<string, string?>"] =
                "a hash that cached features must have; others are computed again",
            ["RunContext.Run: RunFolder"] = "a place, which the run begins empty or with its own checkpoints",
            ["RunContext.Traced: bool"] = "a trace is only written",
            ["RunContext.Warn: Action<string>"] = "a message to the user, without an answer",
            ["RunFolder.Path: string"] = "a place",
        };
        HashSet<ITypeSymbol> seen = new(SymbolEqualityComparer.Default);

        Assert.Equal(
            reasons.Keys.Order(StringComparer.Ordinal),
            SourceCode
                .Of("BreakHis.Training")
                .GetTypeByMetadataName("BreakHis.Training.Stages.Execution")!
                .GetMembers()
                .OfType<IMethodSymbol>()
                .Where(method => method.DeclaredAccessibility != Accessibility.Private)
                .SelectMany(method => Given(method, seen).Concat(HeldBy(method.ReturnType, seen)))
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The parameters of a method, and what objects of their types have.</summary>
    private static IEnumerable<string> Given(IMethodSymbol method, HashSet<ITypeSymbol> seen) =>
        method.Parameters.SelectMany(parameter =>
            HeldBy(parameter.Type, seen)
                .Prepend($"{method.ContainingType.Name}.{method.Name}: {Shown(parameter.Type)} {parameter.Name}")
        );

    /// <summary>
    /// The fields of one of our types and of the types of these fields, and what a delegate gets; nothing of types of
    /// .NET, of a plan and of events.
    /// </summary>
    private static IEnumerable<string> HeldBy(ITypeSymbol type, HashSet<ITypeSymbol> seen) =>
        SourceUses
            .TypesIn(type)
            .Where(part => part.ContainingAssembly.Name.StartsWith("BreakHis", StringComparison.Ordinal))
            .Where(part => part.Name is not ("Plan" or "RunEvent") && part.BaseType?.Name != "RunEvent")
            .Where(seen.Add)
            .SelectMany(part =>
                part.DelegateInvokeMethod is { } call
                    ? Given(call, seen)
                    : part.GetMembers()
                        .OfType<IFieldSymbol>()
                        .Where(field => !field.IsStatic)
                        .SelectMany(field =>
                            HeldBy(field.Type, seen)
                                .Prepend($"{part.Name}.{NameOfProperty(field)}: {Shown(field.Type)}")
                        )
            );

    private static string NameOfProperty(IFieldSymbol field) => field.Name.TrimStart('<').Split('>')[0];

    private static string Shown(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>Code that only a test uses is not part of the tool.</summary>
    [Fact]
    public void Everything_that_is_declared_is_used()
    {
        Dictionary<string, string> notNamed = new(StringComparer.Ordinal)
        {
            ["BreakHis.Ledger.LedgerCopy.FileState.WrittenAt"] = "compared with the rest of its record",
            ["BreakHis.Plans.FeaturesPlan.Contents"] = "hashed",
            ["BreakHis.Plans.FeaturesPlan.Determinism"] = "hashed",
            ["BreakHis.Plans.FeaturesPlan.Precision"] = "hashed",
            ["BreakHis.Plans.FeaturesPlan.Software"] = "hashed",
            ["BreakHis.Plans.FeaturesPlan.Threads"] = "hashed",
            ["BreakHis.Specs.ExperimentSpec.About"] = "a text for people, recorded with the spec",
            ["BreakHis.Specs.ExperimentSpec.Margin"] = "recorded with the spec, and read from the record",
            ["BreakHis.Specs.Shapes.DeterminesNothingAttribute.Reason"] = "a reason for people",
        };
        IReadOnlyList<string> unused = UnusedCode.In([.. Sources.Keys.Select(SourceCode.Of)]);

        string[] dead = [.. unused.Except(notNamed.Keys, StringComparer.Ordinal)];
        Assert.True(dead.Length == 0, string.Join('\n', dead));
        Assert.Equal([], notNamed.Keys.Except(unused, StringComparer.Ordinal));
    }

    private static IEnumerable<string> WithItsTypes(string member)
    {
        for (int end = member.Length; end > 0; end = member.LastIndexOf('.', end - 1))
        {
            yield return member[..end];
        }
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

    [GeneratedRegex(
        @"^namespace\s+(?<name>[\w.]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^\| `?(?<room>\w+|\(root\))`? \|",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex RoomInTable();

    private static void AssertUsedOnlyBy(string user, Func<SourceUse, bool> isUse)
    {
        Assert.Contains(Sources[user], use => isUse(use));
        Assert.All(
            Sources.Where(source => source.Key != user).SelectMany(source => source.Value),
            use => Assert.False(isUse(use), $"{use.File} uses {use.Target}")
        );
    }

    private static int PlaceIn(string[][] rooms, string room) =>
        Array.FindIndex(rooms, beside => beside.Contains(room, StringComparer.Ordinal));

    private static string AssemblyOf(string project) => project == "BreakHis.Tool" ? "dotnet-breakhis" : project;

    /// <summary>The source files of an assembly, relative to its folder.</summary>
    private static string[] FilesOf(string assembly)
    {
        string folder = SharedFolder.InRepository($"src/{assembly}");
        return
        [
            .. Directory
                .GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file))
                .Where(file => file.Split('/')[0] is not ("bin" or "obj")),
        ];
    }

    private static string RoomOfFile(string file) => file.Split('/') is [var room, _, ..] ? room : "";

    /// <summary>
    /// The first part of a namespace below its assembly's; "" for the assembly's own, null for others. The namespaces of
    /// the other assemblies are below that of BreakHis.
    /// </summary>
    private static string? RoomOf(string name, string assembly) =>
        assembly == "BreakHis" && name.Split('.') is [_, "Training" or "Tool", ..] ? null : RoomBelow(name, assembly);

    private static string? RoomBelow(string name, string assembly) =>
        name == assembly ? ""
        : name.StartsWith(assembly + ".", StringComparison.Ordinal) ? name[(assembly.Length + 1)..].Split('.')[0]
        : null;

    private static IEnumerable<string> LinksOf(string text) =>
        text.Split("](")
            .Skip(1)
            .Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)].Split('#')[0])
            .Where(link => link.Length > 0 && !link.Contains("://", StringComparison.Ordinal));
}
