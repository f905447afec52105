using BreakHis.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// Public are the spec, the plan and the run events, what tests have in public signatures, as xUnit requires, and the types
/// in the public signatures of all these. Everything else is internal.
/// </summary>
public sealed class PublicTypesTests
{
    private static readonly string[] Roots =
    [
        "BreakHis.Plans.Plan",
        "BreakHis.Runs.RunEvent",
        "BreakHis.Specs.ExperimentSpec",
    ];

    private static readonly Dictionary<string, INamedTypeSymbol> Types = (
        (string[])["BreakHis", "BreakHis.Training", "BreakHis.Tool"]
    )
        .SelectMany(assembly => Below(SourceCode.Of(assembly).Assembly.GlobalNamespace))
        .GroupBy(type => type.ToDisplayString(), StringComparer.Ordinal)
        .ToDictionary(types => types.Key, types => types.First(), StringComparer.Ordinal);

    [Fact]
    public void Only_what_must_be_public_is_public()
    {
        HashSet<string> inTests = [.. NamesInTests()];
        HashSet<string> needed = new(StringComparer.Ordinal);
        Queue<string> next = new([
            .. Roots,
            .. Types.Where(type => inTests.Contains(type.Value.Name)).Select(type => type.Key),
        ]);
        while (next.TryDequeue(out string? name))
        {
            if (Types.TryGetValue(name, out INamedTypeSymbol? type) && IsPublic(type) && needed.Add(name))
            {
                foreach (INamedTypeSymbol used in InSignatures(type).Concat(Derived(type)))
                {
                    next.Enqueue(used.OriginalDefinition.ToDisplayString());
                }
            }
        }

        Assert.Superset(new HashSet<string>(Roots, StringComparer.Ordinal), needed);
        string[] surplus =
        [
            .. Types
                .Where(type => IsPublic(type.Value) && !needed.Contains(type.Key))
                .Select(type => type.Key)
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(surplus.Length == 0, string.Join('\n', surplus));
    }

    private static IEnumerable<INamedTypeSymbol> Below(INamespaceOrTypeSymbol place) =>
        place
            .GetMembers()
            .OfType<INamespaceOrTypeSymbol>()
            .SelectMany(member => member is INamedTypeSymbol type ? Below(type).Prepend(type) : Below(member));

    private static bool IsPublic(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public
        && (type.ContainingType is null || IsPublic(type.ContainingType));

    /// <summary>The cases of a closed hierarchy are part of it.</summary>
    private static IEnumerable<INamedTypeSymbol> Derived(INamedTypeSymbol type) =>
        type.IsAbstract ? Types.Values.Where(other => other.BaseType?.ToDisplayString() == type.ToDisplayString()) : [];

    private static IEnumerable<INamedTypeSymbol> InSignatures(INamedTypeSymbol type) =>
        type.GetMembers()
            .Where(member => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected)
            .SelectMany(member =>
                member switch
                {
                    IMethodSymbol method =>
                    [
                        .. SourceUses.TypesIn(method.ReturnType),
                        .. method.Parameters.SelectMany(parameter => SourceUses.TypesIn(parameter.Type)),
                        .. method.TypeParameters.SelectMany(InConstraints),
                    ],
                    IPropertySymbol property => SourceUses.TypesIn(property.Type),
                    IFieldSymbol field => SourceUses.TypesIn(field.Type),
                    _ => [],
                }
            )
            .Concat(type.AllInterfaces.SelectMany(SourceUses.TypesIn))
            .Concat(type.BaseType is null ? [] : SourceUses.TypesIn(type.BaseType))
            .Concat(type.ContainingType is null ? [] : [type.ContainingType])
            .Concat(type.TypeParameters.SelectMany(InConstraints));

    private static IEnumerable<INamedTypeSymbol> InConstraints(ITypeParameterSymbol parameter) =>
        parameter.ConstraintTypes.SelectMany(SourceUses.TypesIn);

    /// <summary>The names in public signatures of the tests.</summary>
    private static IEnumerable<string> NamesInTests() =>
        from file in Directory.EnumerateFiles(SharedFolder.InRepository("tests"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal)
        from member in CSharpSyntaxTree
            .ParseText(File.ReadAllText(file))
            .GetRoot()
            .DescendantNodes()
            .OfType<MemberDeclarationSyntax>()
        where IsPublic(member)
        from part in Signature(member)
        from name in part.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
        select name.Identifier.Text;

    private static bool IsPublic(MemberDeclarationSyntax member) =>
        member
            .AncestorsAndSelf()
            .OfType<MemberDeclarationSyntax>()
            .All(around => around is BaseNamespaceDeclarationSyntax || around.Modifiers.Any(SyntaxKind.PublicKeyword));

    private static IEnumerable<SyntaxNode> Signature(MemberDeclarationSyntax member) =>
        member switch
        {
            TypeDeclarationSyntax type => ((SyntaxNode?[])[type.ParameterList, type.BaseList]).OfType<SyntaxNode>(),
            MethodDeclarationSyntax method => [method.ReturnType, .. method.ParameterList.Parameters],
            ConstructorDeclarationSyntax constructor => constructor.ParameterList.Parameters,
            PropertyDeclarationSyntax property => [property.Type],
            _ => [],
        };
}
