using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BreakHis.Acceptance;

/// <summary>
/// The types and members that no use leads to from the entry point: also overloads, members of enums, members that are
/// only written, such as those of a positional record, and members that only use each other. Members that only reflection
/// or the equality of records reads are found too, except those that a serializer reads.
/// </summary>
internal sealed class UnusedCode
{
    private readonly Dictionary<string, HashSet<string>> _uses = new(StringComparer.Ordinal) { [""] = [] };

    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);

    private UnusedCode() { }

    /// <summary>Returns the unused types and members of assemblies, as in documentation IDs without their first letter.</summary>
    public static IReadOnlyList<string> In(IReadOnlyList<CSharpCompilation> assemblies)
    {
        var code = new UnusedCode();
        SemanticModel[] models =
        [
            .. assemblies.SelectMany(all => all.SyntaxTrees.Select(tree => all.GetSemanticModel(tree))),
        ];
        foreach (
            (ISymbol[] declared, (string User, ISymbol Used)[] uses) in models.AsParallel().Select(Of).AsSequential()
        )
        {
            Array.ForEach(declared, code.Declare);
            Array.ForEach(uses, use => code.Use(use.User, use.Used));
        }

        HashSet<string> used = code.Used();
        return
        [
            .. code
                ._declared.Where(name => !used.Contains(name))
                .Select(name => name[2..])
                .Order(StringComparer.Ordinal),
        ];
    }

    private HashSet<string> Used()
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        Queue<string> next = new([""]);
        while (next.TryDequeue(out string? user))
        {
            foreach (string name in _uses.GetValueOrDefault(user) ?? [])
            {
                if (used.Add(name))
                {
                    next.Enqueue(name);
                }
            }
        }

        return used;
    }

    private static (ISymbol[] Declared, (string User, ISymbol Used)[] Uses) Of(SemanticModel model)
    {
        SyntaxNode[] nodes = [.. model.SyntaxTree.GetRoot().DescendantNodes(node => node is not UsingDirectiveSyntax)];
        return (
            [.. nodes.Select(node => Declared(node, model)).OfType<ISymbol>()],
            [.. nodes.SelectMany(node => Used(node, model).Select(symbol => (UserOf(node, model), symbol)))]
        );
    }

    private static string UserOf(SyntaxNode node, SemanticModel model) =>
        SourceUses.UserOf(node) is { } around ? NameOf(model.GetDeclaredSymbol(around)!) : "";

    private void Declare(ISymbol symbol)
    {
        _declared.Add(NameOf(symbol));
        if (symbol.ContainingType is { } type && IsForced(symbol))
        {
            Use(NameOf(type), symbol);
        }

        if (symbol is IMethodSymbol { Name: "Main" })
        {
            Use("", symbol);
        }

        // The constructor that the constructors of a derived type call without naming it.
        if (symbol is INamedTypeSymbol { BaseType: { } parent })
        {
            foreach (IMethodSymbol constructor in parent.InstanceConstructors.Where(c => c.Parameters.Length == 0))
            {
                Use(NameOf(symbol), constructor);
            }
        }
    }

    private void Use(string user, ISymbol symbol)
    {
        if (!_uses.TryGetValue(user, out HashSet<string>? uses))
        {
            _uses[user] = uses = new(StringComparer.Ordinal);
        }

        for (ISymbol? part = symbol; part is not null; part = part.ContainingType)
        {
            uses.Add(NameOf(part));
        }
    }

    /// <summary>The type or member that a node declares, or null. A parameter of a record declares a property.</summary>
    private static ISymbol? Declared(SyntaxNode node, SemanticModel model) =>
        node switch
        {
            MethodDeclarationSyntax
            or BasePropertyDeclarationSyntax
            or ConstructorDeclarationSyntax
            or OperatorDeclarationSyntax
            or ConversionOperatorDeclarationSyntax
            or BaseTypeDeclarationSyntax
            or DelegateDeclarationSyntax
            or EnumMemberDeclarationSyntax
            or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } => model.GetDeclaredSymbol(node),
            ParameterSyntax { Parent.Parent: RecordDeclarationSyntax } parameter => PropertyOf(
                (IParameterSymbol)model.GetDeclaredSymbol(parameter)!
            ),
            _ => null,
        };

    private static IPropertySymbol? PropertyOf(IParameterSymbol parameter) =>
        parameter.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().SingleOrDefault();

    /// <summary>What .NET finds by itself, if its type is used.</summary>
    private static bool IsForced(ISymbol member) =>
        member.IsOverride
        || member
            is IMethodSymbol { MethodKind: MethodKind.StaticConstructor or MethodKind.ExplicitInterfaceImplementation }
        || member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ModuleInitializerAttribute")
        // The layout of a structure of a native library.
        || member is IFieldSymbol { ContainingType: var type }
            && type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "StructLayoutAttribute")
        || member.ContainingType.AllInterfaces.Any(type =>
            type.GetMembers()
                .Any(of =>
                    SymbolEqualityComparer.Default.Equals(
                        member.ContainingType.FindImplementationForInterfaceMember(of),
                        member
                    )
                )
        );

    private static IEnumerable<ISymbol> Used(SyntaxNode node, SemanticModel model) =>
        node is ExpressionSyntax expression && model.GetConversion(expression).MethodSymbol is { } conversion
            ? Named(node, model).Append(conversion)
            : Named(node, model);

    private static IEnumerable<ISymbol> Named(SyntaxNode node, SemanticModel model) =>
        node switch
        {
            SimpleNameSyntax name => IsWritten(name) ? [] : Meant(name, model),
            BaseObjectCreationExpressionSyntax
            or ConstructorInitializerSyntax
            or PrimaryConstructorBaseTypeSyntax
            or ElementAccessExpressionSyntax
            or BinaryExpressionSyntax
            or PrefixUnaryExpressionSyntax
            or CastExpressionSyntax => Bound(model.GetSymbolInfo(node)).Where(symbol => symbol is not ITypeSymbol),
            AttributeSyntax attribute => Bound(model.GetSymbolInfo(node)).Concat(Serialized(attribute, model)),
            AssignmentExpressionSyntax { Left: TupleExpressionSyntax tuple } assignment => Taken(
                model.GetDeconstructionInfo(assignment).Method,
                [.. tuple.Arguments.Select(argument => IsDiscard(argument.Expression))]
            ),
            AssignmentExpressionSyntax
            {
                Left: DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax all }
            } assignment => Taken(model.GetDeconstructionInfo(assignment).Method, Discards(all)),
            ForEachVariableStatementSyntax { Variable: TupleExpressionSyntax tuple } loop => Taken(
                model.GetDeconstructionInfo(loop).Method,
                [.. tuple.Arguments.Select(argument => IsDiscard(argument.Expression))]
            ),
            ForEachVariableStatementSyntax
            {
                Variable: DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax all }
            } loop => Taken(model.GetDeconstructionInfo(loop).Method, Discards(all)),
            RecursivePatternSyntax { PositionalPatternClause: { } positions } pattern => Taken(
                (
                    model.GetOperation(pattern) as Microsoft.CodeAnalysis.Operations.IRecursivePatternOperation
                )?.DeconstructSymbol as IMethodSymbol,
                [.. positions.Subpatterns.Select(part => part.Pattern is DiscardPatternSyntax)]
            ),
            _ => [],
        };

    /// <summary>What a serializer reads of the type that an attribute gives it, and of the types in that type.</summary>
    private static IEnumerable<ISymbol> Serialized(AttributeSyntax attribute, SemanticModel model)
    {
        if (
            model.GetSymbolInfo(attribute).Symbol?.ContainingType.Name != "JsonSerializableAttribute"
            || attribute.ArgumentList?.Arguments is not [{ Expression: TypeOfExpressionSyntax { Type: var root } }, ..]
        )
        {
            return [];
        }

        HashSet<ISymbol> read = new(SymbolEqualityComparer.Default);
        Queue<ITypeSymbol> types = new([model.GetTypeInfo(root).Type!]);
        while (types.TryDequeue(out ITypeSymbol? type))
        {
            foreach (
                IPropertySymbol member in SourceUses
                    .TypesIn(type)
                    .Where(part =>
                        part.ContainingAssembly.Name is "BreakHis" or "BreakHis.Training" or "dotnet-breakhis"
                    )
                    .SelectMany(part => part.GetMembers().OfType<IPropertySymbol>())
                    .Where(member => member.DeclaredAccessibility == Accessibility.Public && !member.IsStatic)
                    .Where(member => member.GetAttributes().All(a => a.AttributeClass?.Name != "JsonIgnoreAttribute"))
            )
            {
                if (read.Add(member))
                {
                    types.Enqueue(member.Type);
                }
            }
        }

        return read;
    }

    private static bool IsDiscard(ExpressionSyntax target) =>
        target
            is IdentifierNameSyntax { Identifier.Text: "_" }
                or DeclarationExpressionSyntax { Designation: DiscardDesignationSyntax };

    private static bool[] Discards(ParenthesizedVariableDesignationSyntax all) =>
        [.. all.Variables.Select(variable => variable is DiscardDesignationSyntax)];

    /// <summary>The members that a deconstruction reads.</summary>
    private static IEnumerable<ISymbol> Taken(IMethodSymbol? deconstruct, bool[] discards) =>
        deconstruct is null ? []
        : !deconstruct.IsImplicitlyDeclared ? [deconstruct]
        : deconstruct.Parameters.Where((_, i) => !discards[i]).Select(PropertyOf).OfType<ISymbol>();

    private static IEnumerable<ISymbol> Meant(SimpleNameSyntax name, SemanticModel model) =>
        Bound(model.GetSymbolInfo(name))
            .Select(symbol =>
                symbol is IParameterSymbol parameter && name.Parent is not NameColonSyntax
                    ? parameter.ContainingType is { IsRecord: true }
                        ? PropertyOf(parameter)
                        : null
                    : symbol
            )
            .OfType<ISymbol>()
            .Where(symbol => symbol is ITypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol)
            .Where(symbol => symbol is not ITypeParameterSymbol);

    /// <summary>A name only at the left of an assignment, also in an initializer, or of an argument of an attribute.</summary>
    private static bool IsWritten(SimpleNameSyntax name)
    {
        ExpressionSyntax target =
            name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return target.Parent switch
        {
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment =>
                assignment.Left == target && assignment.Right is not InitializerExpressionSyntax,
            ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } tuple } =>
                assignment.Left == tuple,
            NameEqualsSyntax => true,
            _ => false,
        };
    }

    private static IEnumerable<ISymbol> Bound(SymbolInfo info) =>
        info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;

    /// <summary>The same name for a symbol in source and in an assembly.</summary>
    private static string NameOf(ISymbol symbol) =>
        (
            symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol
        ).OriginalDefinition.GetDocumentationCommentId() ?? $"?:{symbol}";
}
