using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// A result follows from its plan. What computes plan, result or report reads neither machine nor clock, and remembers
/// nothing from one call to the next.
/// </summary>
public sealed class MachineReadsTests
{
    /// <summary>The rooms that may read the machine: they are about it, or record it. All others are pure.</summary>
    private static readonly Dictionary<string, string[]> OfTheMachine = new(StringComparer.Ordinal)
    {
        ["BreakHis"] = ["Files", "Processes", "Provenance", "Ledger", "Audit"],
        ["BreakHis.Training"] = ["Determinism", "Libtorch"],
    };

    /// <summary>Reads of machine or clock in the other rooms, with the reason why no result depends on them.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["BreakHis/Data/Pictures/Tiff/Libvips.cs: BreakHis.Processes"] = "removes the variables that libvips reads",
        ["BreakHis/Data/Pictures/Tiff/Libvips.cs: System.Environment.GetEnvironmentVariable"] =
            "removes the variables that libvips reads",
        ["BreakHis/Runs/CacheFolder.cs: System.IO.FileSystemInfo.CreationTimeUtc"] = "'cache list' shows it",
        ["BreakHis/Runs/CacheFolder.cs: System.IO.FileSystemInfo.LastWriteTimeUtc"] = "'cache list' shows it",
        ["BreakHis/Runs/DigestCache.cs: System.DateTime.UtcNow"] =
            "when a cached result was last used; 'cache' reads it",
        ["BreakHis/Specs/Reading/SpecOverride.cs: System.Environment.CurrentDirectory"] =
            "where relative paths of --set begin; contents are hashed, not paths",
        ["BreakHis/Specs/Reading/SpecReader.cs: System.Environment.GetEnvironmentVariable"] =
            "paths of a spec may name variables; the spec has the values",
        ["BreakHis.Training/Features/FeatureCache.cs: System.DateTime.UtcNow"] =
            "when a cached result was last used; 'cache' reads it",
        ["BreakHis.Training/Loop/LoopCheckpoints.cs: System.Diagnostics.Stopwatch"] =
            "when to write a checkpoint, after which a resumed run repeats the same bits",
        ["BreakHis.Training/Loop/StepWatch.cs: System.TimeProvider"] = "warns of slow steps",
        ["BreakHis.Training/Loop/TrainingLoop.cs: System.Diagnostics.Stopwatch"] = "images per second",
        ["BreakHis.Training/Loop/TrainingLoop.cs: System.Environment.CpuUsage"] = "the other clock of StepWatch",
        ["BreakHis.Training/Loop/TrainingLoop.cs: System.TimeProvider"] = "the clock of StepWatch",
        ["BreakHis.Training/Weights/Known/KnownWeights.cs: System.AppContext.BaseDirectory"] =
            "where the shipped weights are; the plan has their hash",
        ["BreakHis.Training/Weights/Known/Leftovers.cs: System.Guid"] = "the name of a temporary folder",
    };

    /// <summary>Static state that changes, with the reason why no result depends on it.</summary>
    private static readonly Dictionary<string, string> AllowedState = new(StringComparer.Ordinal)
    {
        ["BreakHis.Training.Libtorch.InstalledPyTorch.IsLoaded"] =
            "which libraries the process has, once loaded; the plan has their hashes",
        ["BreakHis.Reports.Templates.ReportTemplate.Parsed"] = "the templates of this program, parsed once",
        ["BreakHis.Training.Libtorch.OpenMpTeam._members"] = "counts threads for a check before a run",
    };

    private const string HashCodeOf = "." + nameof(GetHashCode);

    public static TheoryData<string> Projects => ["BreakHis", "BreakHis.Training"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Machine_and_clock_are_read_only_in_the_rooms_for_it(string project)
    {
        SourceUse[] uses = [.. SourceUses.Of(project).Where(use => Read(use.Target) is not null)];
        Assert.All(OfTheMachine[project], room => Assert.Contains(uses, use => RoomOf(use.File) == room));

        Assert.Equal(
            Of(Allowed, project + "/"),
            uses.Where(use => !OfTheMachine[project].Contains(RoomOf(use.File), StringComparer.Ordinal))
                .Select(use => $"{project}/{use.File}: {Read(use.Target)}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>A hash code may differ between two processes, also in the rooms that may read the machine.</summary>
    [Theory]
    [InlineData("BreakHis")]
    [InlineData("BreakHis.Training")]
    [InlineData("BreakHis.Tool")]
    public void No_hash_code_is_read(string project) =>
        Assert.Equal(
            [],
            SourceUses
                .Of(project)
                .Where(use => use.Target.EndsWith(HashCodeOf, StringComparison.Ordinal))
                .Select(use => $"{use.File}: {use.Target}")
        );

    [Theory]
    [InlineData("(1, \"a\").GetHashCode()")]
    [InlineData("System.StringComparer.Ordinal.GetHashCode(\"a\")")]
    [InlineData("\"a\".GetHashCode()")]
    [InlineData("new object().GetHashCode()")]
    [InlineData("new R(\"a\").GetHashCode()")]
    [InlineData("((R?)null)?.GetHashCode()")]
    [InlineData("System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(\"a\")")]
    [InlineData("(System.Func<int>)\"a\".GetHashCode")]
    [InlineData("GetHashCode()")]
    public void A_hash_code_is_seen(string expression) =>
        Assert.Contains(
            SourceUses.Of([("c.cs", $"record R(string S); class C {{ object? M() => {expression}; }}")], "Tool", []),
            use => Read(use.Target)?.EndsWith(HashCodeOf, StringComparison.Ordinal) == true
        );

    [Theory]
    [InlineData("System.Environment.ProcessorCount")]
    [InlineData("System.Environment.GetEnvironmentVariable")]
    [InlineData("System.DateTime.Now")]
    [InlineData("System.DateTimeOffset.UtcNow")]
    [InlineData("System.Guid.NewGuid")]
    [InlineData("System.Random.Shared")]
    [InlineData("System.Random")]
    [InlineData("System.Environment.CurrentDirectory")]
    [InlineData("System.HashCode.Combine")]
    [InlineData("System.GC.GetGCMemoryInfo")]
    [InlineData("System.AppContext.TryGetSwitch")]
    [InlineData("System.IO.File.GetLastWriteTimeUtc")]
    [InlineData("System.IO.FileSystemInfo.LastWriteTimeUtc")]
    [InlineData("System.Runtime.Intrinsics.X86.Avx2.IsSupported")]
    [InlineData("System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated")]
    [InlineData("BreakHis.Processes.ExternalProgram.Run")]
    [InlineData("BreakHis.Provenance.Processor")]
    public void Such_reads_are_seen(string target) => Assert.NotNull(Read(target));

    [Theory]
    [InlineData("System.DateTimeOffset")]
    [InlineData("System.Guid")]
    [InlineData("System.Environment.NewLine")]
    [InlineData("System.Runtime.Intrinsics.X86.Avx2.Add")]
    public void Other_uses_of_the_same_types_are_not(string target) => Assert.Null(Read(target));

    /// <summary>A stage that remembered something could give another result the second time.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Nothing_static_changes(string project)
    {
        CSharpCompilation code = SourceCode.Of(project);
        string[] rooms =
            project == "BreakHis"
                ? ["Json", "Numerics", "Specs", "Data", "Plans", "Runs", "Statistics", "Comparisons", "Reports"]
                : [];
        IEnumerable<string> changing = code
            .SyntaxTrees.Where(tree =>
                rooms.Length == 0 || rooms.Contains(RoomOf(tree.FilePath), StringComparer.Ordinal)
            )
            .SelectMany(tree => Changing(tree, code.GetSemanticModel(tree)));

        Assert.Equal(
            Of(AllowedState, project + "."),
            changing.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("static int s;")]
    [InlineData("static int S { get; set; }")]
    [InlineData("[System.ThreadStatic] static int s;")]
    [InlineData("static readonly int[] s = new int[3]; void M() { s[0] = 1; }")]
    [InlineData("static readonly List<int> s = new(); void M() { s.Add(1); }")]
    [InlineData("static readonly Dictionary<int, int> s = new(); void M() { s[0] = 1; }")]
    [InlineData("static readonly Dictionary<int, int> s = new(); void M() { C.s.TryAdd(0, 1); }")]
    [InlineData("static readonly Dictionary<int, int> s = new(); void M() { s[0]++; }")]
    [InlineData("static Dictionary<int, int> s { get; } = new(); void M() { s[0] = 1; }")]
    [InlineData("static readonly HashSet<int> s = new(); void M() { s.UnionWith(s); }")]
    [InlineData("static readonly HashSet<int> s = new(); void M() { s?.Clear(); }")]
    [InlineData("static readonly int[] s = new int[3]; void M() { System.Array.Fill(s, 1); }")]
    [InlineData("class D { public int I; } static readonly D s = new(); void M() { s.I = 1; }")]
    [InlineData("class D { public int I; } static readonly D s = new(); void M() { ++C.s.I; }")]
    [InlineData("static readonly System.Collections.Concurrent.ConcurrentBag<int> s = new();")]
    [InlineData("static readonly System.Threading.AsyncLocal<int> s = new();")]
    public void State_is_seen(string members) => Assert.Single(ChangingIn(members));

    [Theory]
    [InlineData("const int S = 1; static readonly int T = 2; static int U { get; } = 3; static int V => 4;")]
    [InlineData("static readonly Dictionary<int, int> s = new() { [0] = 1 }; int M() => s[0];")]
    [InlineData("int i; int P { get; set; } void M() { i = P; }")]
    public void Constants_are_no_state(string members) => Assert.Empty(ChangingIn(members));

    private static string[] ChangingIn(string members)
    {
        CSharpCompilation code = SourceCode.Of(
            [("c.cs", $"using System.Collections.Generic; class C {{ {members} }}")],
            "Tool",
            []
        );
        SyntaxTree tree = Assert.Single(code.SyntaxTrees);
        return [.. Changing(tree, code.GetSemanticModel(tree)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The static members in a file that can be set, and those whose contents the file changes.</summary>
    private static IEnumerable<string> Changing(SyntaxTree tree, SemanticModel model) =>
        tree.GetRoot()
            .DescendantNodes()
            .Select(node =>
                node switch
                {
                    VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } or PropertyDeclarationSyntax =>
                        Settable(model.GetDeclaredSymbol(node)),
                    SimpleNameSyntax name => Filled(name, model),
                    _ => null,
                }
            )
            .OfType<ISymbol>()
            .Select(SourceUses.NameOf);

    private static ISymbol? Settable(ISymbol? declared) =>
        declared switch
        {
            IFieldSymbol { IsStatic: true, IsConst: false, IsReadOnly: false } => declared,
            IFieldSymbol { IsStatic: true, Type: INamedTypeSymbol type } when IsForChanges(type) => declared,
            IPropertySymbol { IsStatic: true, SetMethod: not null } => declared,
            _ => null,
        };

    private static bool IsForChanges(INamedTypeSymbol type) =>
        type.ContainingNamespace.ToDisplayString() == "System.Collections.Concurrent"
        || type.Name is "AsyncLocal" or "ThreadLocal" or "ConditionalWeakTable" or "StringBuilder" or "StrongBox";

    /// <summary>
    /// A static field or property that is named as the target of a change: of an element or member, or by a method for
    /// changes.
    /// </summary>
    private static ISymbol? Filled(SimpleNameSyntax name, SemanticModel model)
    {
        SyntaxNode whole = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        bool changes = whole.Parent switch
        {
            ElementAccessExpressionSyntax element => IsChanged(element),
            MemberAccessExpressionSyntax { Parent: not InvocationExpressionSyntax } member
                when member.Expression == whole => IsChanged(member),
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } call when call.Expression == whole =>
                call.Name.Identifier.Text
                    is "Add"
                        or "AddRange"
                        or "AddFirst"
                        or "AddLast"
                        or "AddOrUpdate"
                        or "Append"
                        or "Clear"
                        or "Dequeue"
                        or "Enqueue"
                        or "ExceptWith"
                        or "GetOrAdd"
                        or "Insert"
                        or "InsertRange"
                        or "IntersectWith"
                        or "Increment"
                        or "Pop"
                        or "Push"
                        or "Remove"
                        or "RemoveAll"
                        or "RemoveAt"
                        or "RemoveRange"
                        or "SetValue"
                        or "Sort"
                        or "SymmetricExceptWith"
                        or "TryAdd"
                        or "UnionWith",
            ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax } => true,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } => call.ToString()
                .Contains("Array.Fill(", StringComparison.Ordinal),
            _ => false,
        };
        return
            changes
            && SourceUses.Bound(model.GetSymbolInfo(name))
                is { IsStatic: true, Kind: SymbolKind.Field or SymbolKind.Property } filled
            ? filled
            : null;
    }

    private static bool IsChanged(ExpressionSyntax element) =>
        element.Parent is PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax
            ? element.Parent.Kind()
                is SyntaxKind.PreIncrementExpression
                    or SyntaxKind.PreDecrementExpression
                    or SyntaxKind.PostIncrementExpression
                    or SyntaxKind.PostDecrementExpression
            : element.Parent is AssignmentExpressionSyntax assignment && assignment.Left == element;

    /// <summary>What a use reads of machine, clock or chance; null if nothing.</summary>
    private static string? Read(string target) =>
        target switch
        {
            "System.Environment.NewLine" or "System.Environment" => null,
            _ when target.StartsWith("System.Environment.ProcessCpuUsage", StringComparison.Ordinal) => null,
            "System.DateTime.Now"
            or "System.DateTime.Today"
            or "System.DateTime.UtcNow"
            or "System.DateTimeOffset.Now"
            or "System.DateTimeOffset.UtcNow"
            or "System.AppContext.BaseDirectory"
            or "System.AppContext.GetData"
            or "System.AppContext.TryGetSwitch"
            or "System.GC.GetGCMemoryInfo"
            or "System.GC.GetTotalMemory"
            or "System.Threading.Thread.CurrentThread"
            or "System.TimeZoneInfo.Local"
            or "System.Globalization.CultureInfo.CurrentCulture"
            or "System.Globalization.CultureInfo.CurrentUICulture"
            or "System.IO.Path.GetTempPath"
            or "System.IO.Path.GetTempFileName"
            or "System.IO.Path.GetRandomFileName"
            or "TorchSharp.torch.get_num_threads"
            or "TorchSharp.torch.cuda.device_count"
            or "TorchSharp.torch.cuda.is_available" => target,
            "System.Guid.NewGuid" or "System.Guid.CreateVersion7" => "System.Guid",
            _ when target.StartsWith("System.Environment.GetEnvironmentVariable", StringComparison.Ordinal) =>
                "System.Environment.GetEnvironmentVariable",
            _ when target.StartsWith("System.Environment.", StringComparison.Ordinal) => target,
            _ when target.StartsWith("System.IO.", StringComparison.Ordinal) && IsTimeOfFile(target) => target,
            _ when Intrinsic(target) => target,
            // Of most texts and records, each process has another one.
            _ when target.EndsWith(HashCodeOf, StringComparison.Ordinal) => target,
            // What our own rooms read for others.
            _ when target.StartsWith("BreakHis.Processes.", StringComparison.Ordinal) => "BreakHis.Processes",
            _ when target.StartsWith("BreakHis.Files.FileStamp", StringComparison.Ordinal) =>
                "BreakHis.Files.FileStamp",
            "BreakHis.Provenance.MachineProvenance" or "BreakHis.Provenance.Processor" => target,
            _ => Array.Find(
                [
                    "System.Diagnostics.Process",
                    "System.Diagnostics.Stopwatch",
                    "System.HashCode",
                    "System.Random",
                    "System.Runtime.InteropServices.RuntimeInformation",
                    "System.Security.Cryptography.RandomNumberGenerator",
                    "System.TimeProvider",
                ],
                type => target == type || target.StartsWith(type + ".", StringComparison.Ordinal)
            ),
        };

    private static bool IsTimeOfFile(string target) =>
        ((string[])["LastWriteTime", "LastAccessTime", "CreationTime"]).Any(time =>
            target.EndsWith("." + time, StringComparison.Ordinal)
            || target.EndsWith($".{time}Utc", StringComparison.Ordinal)
            || target.EndsWith(".Get" + time, StringComparison.Ordinal)
            || target.EndsWith($".Get{time}Utc", StringComparison.Ordinal)
        );

    private static bool Intrinsic(string target) =>
        target.StartsWith("System.Runtime.Intrinsics.", StringComparison.Ordinal)
            && (
                target.EndsWith(".IsSupported", StringComparison.Ordinal)
                || target.EndsWith(".IsHardwareAccelerated", StringComparison.Ordinal)
            )
        || target is "System.Numerics.Vector.IsHardwareAccelerated" or "System.Numerics.Vector<T>.Count";

    private static IEnumerable<string> Of(Dictionary<string, string> reasons, string project) =>
        reasons
            .Keys.Where(key => key.StartsWith(project, StringComparison.Ordinal))
            .Where(key => project != "BreakHis." || !key.StartsWith("BreakHis.Training.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string RoomOf(string file) => file.Split('/') is [var room, _, ..] ? room : "";
}
