using System.Collections.Immutable;
using BreakHis.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BreakHis.Acceptance;

/// <summary>One place in the source that uses something by name.</summary>
/// <param name="File">The file with the place.</param>
/// <param name="Assembly">The assembly of what is used.</param>
/// <param name="Namespace">The namespace of what is used.</param>
/// <param name="Target">What is used: a namespace, a type, or a member with its type.</param>
/// <param name="User">The type or member that uses it, with its type; "" outside types.</param>
internal sealed record SourceUse(string File, string Assembly, string Namespace, string Target, string User);

/// <summary>
/// What source code uses, as the compiler binds it. So constants, nameof, aliases, global usings and the arguments of
/// attributes and generic types count, which leave no trace, or an indirect one, in an assembly.
/// </summary>
internal static class SourceUses
{
    /// <summary>
    /// Errors of code whose other half a generator writes: partial methods, and serialization contexts.
    /// </summary>
    private static readonly ImmutableHashSet<string> OfGenerators = ["CS8795", "CS0534", "CS0117", "CS7036", "CS9248"];

    /// <summary>The uses in all files of an assembly in src, including global usings of the project file.</summary>
    public static IReadOnlyList<SourceUse> Of(string assembly) => In(Compiled(assembly));

    /// <summary>
    /// The types, methods, properties and fields that an assembly in src declares, without those that .NET or an
    /// attribute finds, each as in <see cref="SourceUse.Target"/>.
    /// </summary>
    public static IReadOnlyList<string> Declared(string assembly)
    {
        CSharpCompilation compilation = Compiled(assembly);
        return
        [
            .. from tree in compilation.SyntaxTrees
            let model = compilation.GetSemanticModel(tree)
            from node in tree.GetRoot().DescendantNodes()
            where
                node
                    is MethodDeclarationSyntax
                        or PropertyDeclarationSyntax
                        or BaseTypeDeclarationSyntax
                        or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax }
            let member = model.GetDeclaredSymbol(node)
            where !IsForced(member)
            select NameOf(member),
        ];
    }

    /// <summary>
    /// The places in an assembly in src that do anything else with the message of an exception than pass it on: as an
    /// argument, as part of a text, or as a result. Methods that search or split texts do not pass an argument on.
    /// </summary>
    public static IReadOnlyList<string> ReadMessages(string assembly) => ReadMessages(Compiled(assembly));

    /// <summary>Such places in some source code.</summary>
    public static IReadOnlyList<string> ReadMessages(string file, string code) =>
        ReadMessages(Compiled([(file, code)], "Tool", []));

    private static IReadOnlyList<string> ReadMessages(CSharpCompilation compilation) =>
        [
            .. from tree in compilation.SyntaxTrees
            let model = compilation.GetSemanticModel(tree)
            from name in tree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>()
            where name.Identifier.Text == nameof(Exception.Message) && IsMessage(model.GetSymbolInfo(name).Symbol)
            let access = Access(name)
            where !IsPassedOn(access, model)
            select $"{tree.FilePath}: {access.Parent}",
        ];

    /// <summary>Also the message of an exception that overrides it.</summary>
    private static bool IsMessage(ISymbol? symbol)
    {
        var property = symbol as IPropertySymbol;
        while (property?.OverriddenProperty is { } overridden)
        {
            property = overridden;
        }

        return property?.OriginalDefinition.ToDisplayString() == "System.Exception.Message";
    }

    /// <summary>The expression that ends with a name: e.Message, of which ?.Message is a part, or Message alone.</summary>
    private static ExpressionSyntax Access(IdentifierNameSyntax name) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access,
            MemberBindingExpressionSyntax binding => binding,
            _ => name,
        };

    private static bool IsPassedOn(ExpressionSyntax access, SemanticModel model) =>
        access.Parent switch
        {
            ArgumentSyntax argument => !IsSearched(argument, model),
            InterpolationSyntax
            or ArrowExpressionClauseSyntax
            or ReturnStatementSyntax
            or ConditionalExpressionSyntax
            or AssignmentExpressionSyntax
            or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } => true,
            _ => false,
        };

    private static bool IsSearched(ArgumentSyntax argument, SemanticModel model) =>
        argument.Parent?.Parent is ExpressionSyntax call
        && Bound(model.GetSymbolInfo(call))?.ContainingType?.ToDisplayString()
            is "string"
                or "System.MemoryExtensions"
                or "System.Text.RegularExpressions.Regex";

    private static CSharpCompilation Compiled(string assembly)
    {
        string folder = SharedFolder.InRepository($"src/{assembly}");
        string[] files =
        [
            .. Directory
                .GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(file => !InFolder(file, folder, "bin") && !InFolder(file, folder, "obj")),
            .. Directory
                .GetFiles(
                    Path.Combine(folder, "obj", "Release"),
                    $"{assembly}.GlobalUsings.g.cs",
                    SearchOption.AllDirectories
                )
                .Take(1),
        ];
        return Compiled(
            [.. files.Select(file => (Path.GetRelativePath(folder, file), File.ReadAllText(file)))],
            assembly,
            [
                .. Directory
                    .GetFiles(Workplace.BuiltTool, "*.dll")
                    .Where(file => IsManaged(file) && Path.GetFileNameWithoutExtension(file) != NameOf(assembly)),
            ]
        );
    }

    /// <summary>An override or the implementation of an interface, or a member with an attribute.</summary>
    private static bool IsForced(ISymbol member) =>
        member.IsOverride
        || member.GetAttributes().Length > 0
        || member.Name is "Main" or "Program"
        || member.ContainingType?.AllInterfaces.Any(type =>
            type.GetMembers()
                .Any(of =>
                    SymbolEqualityComparer.Default.Equals(
                        member.ContainingType.FindImplementationForInterfaceMember(of),
                        member
                    )
                )
        ) == true;

    /// <summary>The uses in some source code.</summary>
    /// <param name="references">Assemblies that the code uses, besides those of .NET.</param>
    public static IReadOnlyList<SourceUse> Of(
        IReadOnlyList<(string File, string Code)> sources,
        string assembly,
        IReadOnlyList<string> references
    ) => In(Compiled(sources, assembly, references));

    private static IReadOnlyList<SourceUse> In(CSharpCompilation compilation) =>
        [.. compilation.SyntaxTrees.AsParallel().SelectMany(tree => In(tree, compilation.GetSemanticModel(tree)))];

    private static CSharpCompilation Compiled(
        IReadOnlyList<(string File, string Code)> sources,
        string assembly,
        IReadOnlyList<string> references
    )
    {
        var compilation = CSharpCompilation.Create(
            NameOf(assembly),
            [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Code, path: source.File))],
            [.. Platform().Concat(references).Select(file => MetadataReference.CreateFromFile(file))],
            new CSharpCompilationOptions(
                assembly == "BreakHis.Tool" ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                metadataImportOptions: MetadataImportOptions.All
            )
        );
        SyntaxTree? conditional = compilation.SyntaxTrees.FirstOrDefault(tree =>
            tree.GetRoot().DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.IfDirectiveTrivia))
        );
        if (conditional is not null)
        {
            throw new InvalidOperationException($"{conditional.FilePath}: code after #if cannot be checked");
        }

        Diagnostic? wrong = compilation
            .GetDeclarationDiagnostics()
            .FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error && !OfGenerators.Contains(d.Id));
        return wrong is null
            ? compilation
            : throw new InvalidOperationException($"the source of {assembly} cannot be bound: {wrong}");
    }

    private static IEnumerable<SourceUse> In(SyntaxTree tree, SemanticModel model) =>
        from named in Named(tree.GetRoot()).GroupBy(UserOf)
        let user = named.Key is null ? "" : NameOf(model.GetDeclaredSymbol(named.Key)!)
        from used in named
            .Select(node => Bound(model.GetSymbolInfo(node)))
            .OfType<ISymbol>()
            .Distinct<ISymbol>(SymbolEqualityComparer.Default)
            .SelectMany(Parts)
            .Distinct<ISymbol>(SymbolEqualityComparer.Default)
        let place = used as INamespaceSymbol ?? used.ContainingNamespace
        where used.ContainingAssembly is not null && place is not null
        select new SourceUse(tree.FilePath, used.ContainingAssembly.Name, place.ToDisplayString(), NameOf(used), user);

    /// <summary>The declaration of the type or member around a place, or null outside types.</summary>
    private static SyntaxNode? UserOf(SyntaxNode node) =>
        node.Ancestors()
            .FirstOrDefault(around =>
                around
                    is MemberDeclarationSyntax
                        and not (BaseNamespaceDeclarationSyntax or GlobalStatementSyntax or BaseFieldDeclarationSyntax)
                        or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax }
            );

    private static string NameOf(ISymbol symbol) =>
        symbol.ContainingType is null
            ? symbol.OriginalDefinition.ToDisplayString()
            : $"{symbol.ContainingType.OriginalDefinition}.{symbol.Name}";

    private static IEnumerable<SyntaxNode> Named(SyntaxNode root) =>
        root.DescendantNodes(node => node is not BaseNamespaceDeclarationSyntax)
            .Concat(root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().SelectMany(Inside))
            .Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax);

    /// <summary>The nodes of a namespace, without its own name.</summary>
    private static IEnumerable<SyntaxNode> Inside(BaseNamespaceDeclarationSyntax space) =>
        space
            .ChildNodes()
            .Where(child => child != space.Name)
            .SelectMany(child => child.DescendantNodesAndSelf(node => node is not BaseNamespaceDeclarationSyntax));

    private static ISymbol? Bound(SymbolInfo info) => info.Symbol ?? info.CandidateSymbols.FirstOrDefault();

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

    private static IEnumerable<ISymbol> TypesIn(ITypeSymbol type) =>
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

    private static IEnumerable<string> Platform() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == Path.GetDirectoryName(typeof(object).Assembly.Location));

    private static string NameOf(string assembly) => assembly == "BreakHis.Tool" ? "dotnet-breakhis" : assembly;

    private static bool InFolder(string file, string folder, string name) =>
        Path.GetRelativePath(folder, file).Split('/')[0] == name;

    private static bool IsManaged(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using var reader = new System.Reflection.PortableExecutable.PEReader(stream);
        return reader.HasMetadata;
    }
}
