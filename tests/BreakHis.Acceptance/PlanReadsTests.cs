using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Who reads a plan: a stage only what the fingerprint covers, and of recorded plans few files.</summary>
public sealed class PlanReadsTests
{
    /// <summary>
    /// Training names no member of a plan that the fingerprint leaves out (ArchitectureTests). It must not get at one
    /// through a method of the library either.
    /// </summary>
    [Fact]
    public void Training_calls_nothing_that_reads_what_the_fingerprint_leaves_out()
    {
        Dictionary<string, HashSet<string>> uses = UsesIn(SourceCode.Of("BreakHis"));
        HashSet<string> notHashed = [.. NotHashed()];
        Assert.Contains("P:BreakHis.Plans.Plan.Spec", notHashed);
        Assert.Contains(uses, use => use.Value.Contains("P:BreakHis.Plans.Plan.Spec"));

        string[] called =
        [
            .. UsesIn(SourceCode.Of("BreakHis.Training"))
                .SelectMany(use => use.Value)
                .Distinct(StringComparer.Ordinal)
                .Where(name => uses.ContainsKey(name) && !notHashed.Contains(name)),
        ];
        Assert.True(called.Length > 50, $"{called.Length} members are called");
        Assert.Equal(
            [],
            called
                .SelectMany(name =>
                    Reached(name, uses)
                        .Intersect(notHashed, StringComparer.Ordinal)
                        .Select(read => $"{name} reads {read}")
                )
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>A fingerprint covers the plan that was resolved, not one that a stage makes from it.</summary>
    [Fact]
    public void Training_makes_no_plan()
    {
        const string OfMachine = "makes the facts about the machine, from which a plan is resolved";
        const string OfWeights = "describes weights, from which a plan is resolved";
        Dictionary<string, string> allowed = new(StringComparer.Ordinal)
        {
            ["Determinism/ComputeFacts.cs: BreakHis.Plans.MachineFacts" + SourceUses.Constructor] = OfMachine,
            ["Determinism/ComputeFacts.cs: BreakHis.Plans.MachineFacts" + SourceUses.Copy] = OfMachine,
            ["Weights/Layouts/HeadState.cs: BreakHis.Plans.WeightsHead" + SourceUses.Constructor] = OfWeights,
            ["Weights/PlannedWeights.cs: BreakHis.Plans.WeightsPlan" + SourceUses.Constructor] = OfWeights,
            ["Weights/PlannedWeights.cs: BreakHis.Plans.WeightsPlan" + SourceUses.Copy] = OfWeights,
        };

        Assert.Equal(
            allowed.Keys.Order(StringComparer.Ordinal),
            SourceUses
                .Of("BreakHis.Training")
                .Where(use => use.Namespace == "BreakHis.Plans")
                .Where(use =>
                    use.Target.EndsWith(SourceUses.Constructor, StringComparison.Ordinal)
                    || use.Target.EndsWith(SourceUses.Copy, StringComparison.Ordinal)
                )
                .Select(use => $"{use.File}: {use.Target}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>To take a record apart, or to print it, reads all of its members without naming them.</summary>
    [Fact]
    public void Training_reads_members_of_plans_only_by_name()
    {
        CSharpCompilation code = SourceCode.Of("BreakHis.Training");

        Assert.Equal([], code.SyntaxTrees.SelectMany(tree => ReadWhole(tree, code.GetSemanticModel(tree))));
    }

    [Theory]
    [InlineData("int M(Plan p) { (int a, _) = p; return a; }")]
    [InlineData("bool M(Plan p) => p is (1, _);")]
    [InlineData("bool M(object p) => p is Plan(_, 2);")]
    [InlineData("string M(Plan p) => p.ToString();")]
    [InlineData("string M(Plan p) => $\"{p}\";")]
    [InlineData("string M(Plan p) => \"\" + p;")]
    [InlineData("string M(Plan p) => string.Format(null, \"{0}\", p);")]
    [InlineData("object M(Plan p) => p;")]
    [InlineData("string? M(Plan? p) => p?.ToString();")]
    [InlineData("void M(Plan p) { ((int a, _), _) = (p, 1); }")]
    [InlineData("void M(Plan p) { p.Deconstruct(out int a, out _); }")]
    [InlineData("void M(Plan[] plans) { foreach ((int a, _) in plans) { } }")]
    [InlineData("void M((int, Plan)[] plans) { foreach ((_, (int a, _)) in plans) { } }")]
    [InlineData("bool M(Plan p, Plan q) => p == q;")]
    [InlineData("bool M(Plan p, Plan q) => p != q;")]
    [InlineData("bool M(Plan p, Plan q) => p.Equals(q);")]
    [InlineData("int M(Plan p) => p.GetHashCode();")]
    public void A_whole_read_is_seen(string member) => Assert.Single(ReadWholeIn(member));

    [Theory]
    [InlineData("int M(Plan p) => p.Seed;")]
    [InlineData("bool M(Plan? p) => p is null || p == null;")]
    [InlineData("bool M(Plan p) => p is { Seed: 1 };")]
    [InlineData("void M((int, Plan)[] plans) { foreach ((int i, Plan p) in plans) { } }")]
    public void A_read_by_name_is_not(string member) => Assert.Empty(ReadWholeIn(member));

    private static string[] ReadWholeIn(string member)
    {
        CSharpCompilation code = SourceCode.Of(
            [
                (
                    "plans.cs",
                    $"namespace BreakHis.Plans {{ public record Plan(int Spec, int Seed); }} namespace Other {{ using BreakHis.Plans; class C {{ {member} }} }}"
                ),
            ],
            "BreakHis",
            []
        );
        SyntaxTree tree = Assert.Single(code.SyntaxTrees);
        return [.. ReadWhole(tree, code.GetSemanticModel(tree))];
    }

    private static IEnumerable<string> ReadWhole(SyntaxTree tree, SemanticModel model) =>
        tree.GetRoot()
            .DescendantNodes()
            .Where(node =>
                node switch
                {
                    AssignmentExpressionSyntax
                    {
                        Left: TupleExpressionSyntax or DeclarationExpressionSyntax
                    } assignment => TakesApart(model.GetDeconstructionInfo(assignment)),
                    ForEachVariableStatementSyntax each => TakesApart(model.GetDeconstructionInfo(each)),
                    RecursivePatternSyntax { PositionalPatternClause: not null } pattern => IsOfPlans(
                        model.GetTypeInfo(pattern).ConvertedType
                    ) || (pattern.Type is { } type && IsOfPlans(model.GetTypeInfo(type).Type)),
                    InterpolationSyntax interpolation => IsOfPlans(model.GetTypeInfo(interpolation.Expression).Type),
                    SimpleNameSyntax { Identifier.Text: "ToString" or "Equals" or "GetHashCode" or "Deconstruct" } =>
                        IsOfPlans(model.GetSymbolInfo(node).Symbol?.ContainingType),
                    BinaryExpressionSyntax
                    {
                        RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression
                    } comparison => IsOfPlans(model.GetTypeInfo(comparison.Left).Type)
                        && IsOfPlans(model.GetTypeInfo(comparison.Right).Type),
                    // What gets an object knows the record only as a whole.
                    ExpressionSyntax => model.GetTypeInfo(node)
                        is { ConvertedType.SpecialType: SpecialType.System_Object } value
                        && IsOfPlans(value.Type),
                    _ => false,
                }
            )
            .Select(node => $"{tree.FilePath}: {node}");

    private static bool TakesApart(DeconstructionInfo info) =>
        IsOfPlans(info.Method?.ContainingType) || info.Nested.Any(TakesApart);

    private static bool IsOfPlans(ITypeSymbol? type) =>
        type is { IsRecord: true } && type.ContainingNamespace.ToDisplayString() == "BreakHis.Plans";

    [Fact]
    public void A_read_is_found_through_other_members()
    {
        CSharpCompilation code = SourceCode.Of(
            [
                (
                    "plans.cs",
                    """
                    public record Plan(int Spec, int Seed);
                    public abstract class Base { public abstract int M(Plan p); }
                    public class Derived : Base { public override int M(Plan p) => Plans.Deep(p); }
                    public static class Plans
                    {
                        public static int Of(Base b, Plan p) => b.M(p);
                        public static int Deep(Plan p) => p.Spec;
                        public static int Seed(Plan p) => p.Seed;
                    }
                    """
                ),
            ],
            "BreakHis",
            []
        );
        Dictionary<string, HashSet<string>> uses = UsesIn(code);

        Assert.Contains("P:Plan.Spec", Reached("M:Plans.Of(Base,Plan)", uses));
        Assert.DoesNotContain("P:Plan.Spec", Reached("M:Plans.Seed(Plan)", uses));
    }

    /// <summary>
    /// The form of a recorded plan is known where it is written and where it is read. Elsewhere, a
    /// <c>RecordedPlan</c> has its values.
    /// </summary>
    [Fact]
    public void Few_files_know_the_keys_of_a_recorded_plan() =>
        Assert.Equal(
            ["Ledger/Reading/RecordedPlan.cs", "Plans/Plan.cs", "Plans/PlanJson.cs"],
            ((string[])["BreakHis", "BreakHis.Training", "BreakHis.Tool"])
                .SelectMany(SourceUses.Of)
                .Where(use => use.Target.StartsWith("BreakHis.Plans.PlanKeys.", StringComparison.Ordinal))
                .Select(use => use.File)
                .Where(file => file != "Plans/PlanKeys.cs")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> NotHashed() =>
        from type in SourceCode
            .Of("BreakHis")
            .GetSymbolsWithName(_ => true, SymbolFilter.Type, TestContext.Current.CancellationToken)
        where type.ContainingNamespace.ToDisplayString() == "BreakHis.Plans"
        from member in ((INamedTypeSymbol)type).GetMembers().OfType<IPropertySymbol>()
        where member.GetAttributes().Any(a => a.AttributeClass?.Name == "DeterminesNothingAttribute")
        select NameOf(member);

    /// <summary>The members that each member names. An overridden member counts as using those that override it.</summary>
    private static Dictionary<string, HashSet<string>> UsesIn(CSharpCompilation code)
    {
        Dictionary<string, HashSet<string>> uses = new(StringComparer.Ordinal);
        IEnumerable<(string User, string Used)> all = code
            .SyntaxTrees.AsParallel()
            .SelectMany(tree => UsesIn(tree, code.GetSemanticModel(tree)));
        foreach ((string user, string used) in all)
        {
            if (!uses.TryGetValue(user, out HashSet<string>? of))
            {
                uses[user] = of = new(StringComparer.Ordinal);
            }

            of.Add(used);
        }

        return uses;
    }

    private static IEnumerable<(string User, string Used)> UsesIn(SyntaxTree tree, SemanticModel model)
    {
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            if (SourceUses.UserOf(node) is not { } around || model.GetDeclaredSymbol(around) is not { } user)
            {
                continue;
            }

            if (node.Parent == around && user is IMethodSymbol { OverriddenMethod: { } overridden })
            {
                yield return (NameOf(overridden), NameOf(user));
            }

            if (
                SourceUses.Bound(model.GetSymbolInfo(node)) is { } used
                && used is IMethodSymbol or IPropertySymbol or IFieldSymbol
            )
            {
                yield return (NameOf(user), NameOf(used));
            }
        }
    }

    private static HashSet<string> Reached(string name, Dictionary<string, HashSet<string>> uses)
    {
        HashSet<string> reached = new(StringComparer.Ordinal) { name };
        Queue<string> next = new([name]);
        while (next.TryDequeue(out string? member))
        {
            foreach (string used in uses.GetValueOrDefault(member) ?? [])
            {
                if (reached.Add(used))
                {
                    next.Enqueue(used);
                }
            }
        }

        return reached;
    }

    /// <summary>The documentation ID, which is the same in the source and in the assembly.</summary>
    private static string NameOf(ISymbol symbol) =>
        (
            symbol is IMethodSymbol { ReducedFrom: { } from } ? from : symbol
        ).OriginalDefinition.GetDocumentationCommentId() ?? symbol.ToDisplayString();
}
