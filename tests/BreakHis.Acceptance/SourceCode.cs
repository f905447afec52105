using System.Collections.Concurrent;
using System.Collections.Immutable;
using BreakHis.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BreakHis.Acceptance;

/// <summary>Source code, bound as the compiler binds it.</summary>
internal static class SourceCode
{
    /// <summary>
    /// Errors of code whose other half a generator writes: partial methods, and serialization contexts.
    /// </summary>
    private static readonly ImmutableHashSet<string> OfGenerators = ["CS8795", "CS0534", "CS0117", "CS7036", "CS9248"];

    private static readonly ConcurrentDictionary<string, CSharpCompilation> Compilations = new(StringComparer.Ordinal);

    /// <summary>All files of an assembly in src, including global usings of the project file.</summary>
    public static CSharpCompilation Of(string assembly) => Compilations.GetOrAdd(assembly, Compiled);

    /// <summary>Some source code.</summary>
    /// <param name="references">Assemblies that the code uses, besides those of .NET.</param>
    public static CSharpCompilation Of(
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
        return Of(
            [.. files.Select(file => (Path.GetRelativePath(folder, file), File.ReadAllText(file)))],
            assembly,
            [
                .. Directory
                    .GetFiles(Workplace.BuiltTool, "*.dll")
                    .Where(file => IsManaged(file) && Path.GetFileNameWithoutExtension(file) != NameOf(assembly)),
            ]
        );
    }

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
