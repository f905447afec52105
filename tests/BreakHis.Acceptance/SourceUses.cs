using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace BreakHis.Acceptance;

/// <summary>A file that uses something by name.</summary>
/// <param name="Assembly">The assembly of what is used.</param>
/// <param name="Namespace">The namespace of what is used.</param>
/// <param name="Target">What is used: a namespace, a type, or a member with its type.</param>
internal sealed record SourceUse(string File, string Assembly, string Namespace, string Target);

/// <summary>
/// What source code uses, as the compiler binds it. So constants, nameof, aliases, global usings and the arguments of
/// attributes and generic types count, which leave no trace, or an indirect one, in an assembly.
/// </summary>
internal static class SourceUses
{
    /// <summary>The end of the name of a constructor.</summary>
    public const string Constructor = "..ctor";

    /// <summary>The end of the name of the method by which <c>with</c> copies a record.</summary>
    public const string Copy = ".<Clone>$";

    /// <summary>The uses in all files of an assembly in src, including global usings of the project file.</summary>
    public static IReadOnlyList<SourceUse> Of(string assembly) => In(SourceCode.Of(assembly));

    /// <summary>The uses in some source code.</summary>
    /// <param name="references">Assemblies that the code uses, besides those of .NET.</param>
    public static IReadOnlyList<SourceUse> Of(
        IReadOnlyList<(string File, string Code)> sources,
        string assembly,
        IReadOnlyList<string> references
    ) => In(SourceCode.Of(sources, assembly, references));

    private static IReadOnlyList<SourceUse> In(CSharpCompilation compilation) =>
        [.. compilation.SyntaxTrees.AsParallel().SelectMany(tree => In(tree, compilation.GetSemanticModel(tree)))];

    private static IEnumerable<SourceUse> In(SyntaxTree tree, SemanticModel model) =>
        from used in Named(tree.GetRoot())
            .Select(node => Meant(node, model))
            .OfType<ISymbol>()
            .Distinct<ISymbol>(SymbolEqualityComparer.Default)
            .SelectMany(Parts)
            .Distinct<ISymbol>(SymbolEqualityComparer.Default)
        let place = used as INamespaceSymbol ?? used.ContainingNamespace
        where used.ContainingAssembly is not null && place is not null
        select new SourceUse(tree.FilePath, used.ContainingAssembly.Name, place.ToDisplayString(), NameOf(used));

    /// <summary>The declaration of the type or member around a place, or null outside types.</summary>
    public static SyntaxNode? UserOf(SyntaxNode node) =>
        node.Ancestors()
            .FirstOrDefault(around =>
                around
                    is MemberDeclarationSyntax
                        and not (BaseNamespaceDeclarationSyntax or GlobalStatementSyntax or BaseFieldDeclarationSyntax)
                        or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax }
            );

    /// <summary>The full name of a symbol, without type arguments and parameters.</summary>
    public static string NameOf(ISymbol symbol) =>
        symbol.ContainingType is null
            ? symbol.OriginalDefinition.ToDisplayString()
            : $"{symbol.ContainingType.OriginalDefinition}.{symbol.Name}";

    private static IEnumerable<SyntaxNode> Named(SyntaxNode root) =>
        root.DescendantNodes(node => node is not BaseNamespaceDeclarationSyntax)
            .Concat(root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().SelectMany(Inside))
            .Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax or WithExpressionSyntax);

    /// <summary>The nodes of a namespace, without its own name.</summary>
    private static IEnumerable<SyntaxNode> Inside(BaseNamespaceDeclarationSyntax space) =>
        space
            .ChildNodes()
            .Where(child => child != space.Name)
            .SelectMany(child => child.DescendantNodesAndSelf(node => node is not BaseNamespaceDeclarationSyntax));

    /// <summary>What a name means, a constructor, or the method by which <c>with</c> copies a record.</summary>
    private static ISymbol? Meant(SyntaxNode node, SemanticModel model) =>
        node is WithExpressionSyntax
            ? (model.GetOperation(node) as IWithOperation)?.CloneMethod
            : Bound(model.GetSymbolInfo(node));

    /// <summary>What a name means: the first candidate if the code that a generator writes is missing.</summary>
    public static ISymbol? Bound(SymbolInfo info) => info.Symbol ?? info.CandidateSymbols.FirstOrDefault();

    /// <summary>What is named, and the types of its value and parameters.</summary>
    private static IEnumerable<ISymbol> Parts(ISymbol symbol) =>
        symbol switch
        {
            ITypeSymbol type => TypesIn(type),
            IMethodSymbol method =>
            [
                method,
                .. TypesIn(method.ReturnType),
                .. method.Parameters.SelectMany(parameter => TypesIn(parameter.Type)),
            ],
            IPropertySymbol property => [property, .. TypesIn(property.Type)],
            IFieldSymbol field => [field, .. TypesIn(field.Type)],
            IEventSymbol @event => [@event, .. TypesIn(@event.Type)],
            ILocalSymbol local => TypesIn(local.Type),
            IParameterSymbol parameter => TypesIn(parameter.Type),
            INamespaceSymbol { IsGlobalNamespace: false } space => [space],
            _ => [],
        };

    /// <summary>A type with its type arguments, or the types of which an array or pointer consists.</summary>
    public static IEnumerable<INamedTypeSymbol> TypesIn(ITypeSymbol type) =>
        type switch
        {
            IArrayTypeSymbol array => TypesIn(array.ElementType),
            IPointerTypeSymbol pointer => TypesIn(pointer.PointedAtType),
            IFunctionPointerTypeSymbol function =>
            [
                .. TypesIn(function.Signature.ReturnType),
                .. function.Signature.Parameters.SelectMany(parameter => TypesIn(parameter.Type)),
            ],
            INamedTypeSymbol named => [named, .. named.TypeArguments.SelectMany(TypesIn)],
            _ => [],
        };
}
