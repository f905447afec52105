using System.Text.RegularExpressions;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests;

/// <summary>Rules for all source files.</summary>
public sealed partial class SourceTests
{
    private static readonly Lazy<(string Path, string Text)[]> Files = new(Read);

    [Fact]
    public void Stage_names_are_defined_in_one_file()
    {
        Assert.Matches(StageName(), "stage == \"bottleneck\"");
        Assert.Matches(StageName(), "$\"{count} of fine_tune\"");
        // Keys and values of a spec, as users write them.
        Assert.DoesNotMatch(StageName(), "\"--set stages.bottleneck.epochs=5\"");
        Assert.DoesNotMatch(StageName(), "\"start_from: bottleneck\"");
        NoneHas(StageName(), except: "StageNames.cs");
    }

    /// <summary>A query or a template can compare with a name too, and a text of several lines can contain one.</summary>
    [Fact]
    public void Stage_names_are_in_no_query_and_no_template()
    {
        (string File, string Text)[] texts =
        [
            .. Files.Value.SelectMany(file => RawText().Matches(file.Text).Select(text => (file.Path, text.Value))),
            .. OtherFiles("*.scriban").Concat(OtherFiles("*.sql")).Select(file => (file, File.ReadAllText(file))),
        ];
        Assert.True(texts.Length > 30, $"{texts.Length} texts");

        Assert.Matches(StageInText(), "WHERE stage = 'fine_tune'");
        Assert.Matches(StageInText(), "{{ if stage == \"bottleneck\" }}");
        Assert.DoesNotMatch(StageInText(), "breakhis run my.yaml --set stages.bottleneck.epochs=40");
        string[] allowed =
        [
            // An example of a command line.
            "CompareCommand.cs: bottleneck",
            "CompareCommand.cs: fine_tune",
        ];
        Assert.Equal(
            allowed,
            texts
                .SelectMany(text =>
                    StageInText().Matches(text.Text).Select(match => $"{Path.GetFileName(text.File)}: {match.Value}")
                )
                .Distinct(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Plurals_are_formed_in_one_file()
    {
        Assert.Matches(InlinePlural(), "{(count == 1 ? \"\" : \"s\")}");
        Assert.Matches(InlinePlural(), "files.Count != 1 ? \"are\" : \"is\"");
        Assert.Matches(InlinePlural(), "count > 1 ? $\"{count} files\" : \"file\"");
        Assert.Matches(InlinePlural(), "files < 2 ? \"file\" : \"files\"");
        Assert.Matches(InlinePlural(), "count switch { 1 => \"file\", _ => \"files\" }");
        Assert.Matches(InlinePlural(), "(count is 1L) ? \"1 file\" : $\"{count} files\"");
        NoneHas(InlinePlural(), except: "Plural.cs");
    }

    [Theory]
    [InlineData("Sha256Hex.cs", @"SHA256\.HashData\((?!key\))")]
    [InlineData("ShortHash.cs", @"(?i)(hash|sha256|commit|fingerprint)\w*(\[0?\.\.\d+\]|\.Substring\(0)")]
    [InlineData("Listing.cs", @"\} (more|others)\b")]
    [InlineData("PlanKeys.cs", "\"determining\"")]
    [InlineData(
        "RunEvent.cs",
        @"IndexOf\([^()]*\.Max\(\)\)|(?:MaxBy|OrderByDescending)\(\w+ => [\w.]*[pP]robabilities|[pP]robabilities(?:\.Index\(\))?\.(?:MaxBy|OrderByDescending|Max)\("
    )]
    [InlineData("ProvenanceNames.cs", @"ProvenanceGroups\.\w+(\s*\+\s*\$?""|\})|string\.Concat\(\s*ProvenanceGroups\.")]
    [InlineData(null, @"\bGetType\(\s*[^\s)]|Assembly\.(Load|LoadFrom|LoadFile)\(|Activator\.CreateInstance\(\s*""")]
    [InlineData(null, @"(_ =>|default:)\s+throw new (ArgumentOutOfRange|InvalidOperation)Exception")]
    [InlineData(null, @":N0\}")]
    [InlineData(null, @"string\.Empty|== null|!= null")]
    public void What_has_one_place_is_nowhere_else(string? place, string pattern) =>
        NoneHas(new Regex(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), except: place);

    /// <summary>
    /// Each reads JSON of its own kind. In particular, RecordedPlan reads recorded plans, and CanonicalForm, RecordedSpec and
    /// ConfigurationKey read recorded specs; SpecDocument shows both.
    /// </summary>
    [Fact]
    public void Few_files_parse_JSON()
    {
        string[] known =
        [
            "src/BreakHis.Tool/Commands/Audit/AuditTool.cs",
            "src/BreakHis.Tool/Commands/ShowCommand.cs",
            "src/BreakHis.Training/Weights/Formats/SafeTensorsHeader.cs",
            "src/BreakHis.Training/Weights/Formats/SafeTensorsIndex.cs",
            "src/BreakHis.Training/Weights/Formats/TensorFlowJsManifest.cs",
            "src/BreakHis.Training/Weights/Layouts/WeightsMetadata.cs",
            "src/BreakHis/Audit/Inputs/PackagesCheck.cs",
            "src/BreakHis/Audit/Record/RowDiff.cs",
            "src/BreakHis/Comparisons/ConfigurationKey.cs",
            "src/BreakHis/Json/JsonFlattening.cs",
            "src/BreakHis/Ledger/Chain/RecordContent.cs",
            "src/BreakHis/Ledger/LedgerText.cs",
            "src/BreakHis/Ledger/Reading/RecordedPlan.cs",
            "src/BreakHis/Ledger/Reading/RecordedSpec.cs",
            "src/BreakHis/Plans/PlanJson.cs",
            "src/BreakHis/Provenance/Git/OmittedFile.cs",
            "src/BreakHis/Provenance/SoftwareProvenance.cs",
            "src/BreakHis/Reports/Sections/SpecDocument.cs",
            "src/BreakHis/Runs/DigestCache.cs",
            "src/BreakHis/Runs/TracedStep.cs",
            "src/BreakHis/Specs/CanonicalForm.cs",
            "src/BreakHis/Specs/Schema/JsonSchemaWriter.cs",
            "src/BreakHis/Specs/Shapes/LaterKeys.cs",
        ];
        Assert.Equal(
            known,
            Files
                .Value.Where(file => ParsesJson().IsMatch(file.Text))
                .Select(file => file.Path)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Collections_are_made_in_one_way()
    {
        Assert.Matches(MadeOtherwise(), "        var items = new List<string>();");
        Assert.Matches(MadeOtherwise(), "        HashSet<string> names = new(StringComparer.Ordinal);");
        Assert.DoesNotMatch(MadeOtherwise(), "    private readonly List<string> _items = new(8);");
        Assert.DoesNotMatch(MadeOtherwise(), "        var names = new HashSet<string>(StringComparer.Ordinal);");
        NoneHas(MadeOtherwise());
    }

    [Fact]
    public void Provenance_names_are_defined_in_one_file()
    {
        string[] names = [.. Constants(typeof(ProvenanceNames)).Where(name => name.Contains('.'))];
        // Settings of a spec begin with data. too.
        string[] groups = [.. Constants(typeof(ProvenanceGroups)).Where(group => group != ProvenanceGroups.Data)];
        Assert.True(names.Length > 30 && groups.Length > 10);

        string whole = $"\"({string.Join('|', names.Select(Regex.Escape))})\"";
        string beginning = $"\"({string.Join('|', groups.Select(Regex.Escape))})";
        var pattern = new Regex($"{whole}|{beginning}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.Matches(pattern, "Find(\"git.commit\")");
        NoneHas(pattern, except: "ProvenanceNames.cs");
    }

    [Fact]
    public void Keys_of_recorded_plans_are_defined_in_one_file()
    {
        // The others are words for other things too, or the names of columns.
        string[] keys = [.. Constants(typeof(PlanKeys)).Where(key => key.Contains('_') && key != PlanKeys.SpecHash)];
        Assert.Contains("weights_notes", keys);

        var pattern = new Regex(
            $"\"({string.Join('|', keys)})\"",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        NoneHas(pattern, except: "PlanKeys.cs");
    }

    [Fact]
    public void Every_check_of_an_audit_is_documented()
    {
        string[] names =
        [
            .. Files
                .Value.Where(file => file.Text.Contains(".As(", StringComparison.Ordinal))
                .SelectMany(file => NameOfCheck().Matches(file.Text))
                .Select(match => match.Groups["name"].Value)
                .Distinct(StringComparer.Ordinal),
        ];
        Assert.True(names.Length > 30, string.Join(' ', names));
        string tables = string.Concat(
            File.ReadAllLines(SharedFolder.InRepository("docs/audit.md"))
                .Concat(File.ReadAllLines(SharedFolder.InRepository("docs/ledger.md")))
                .Where(line => line.StartsWith('|'))
                .Select(line => string.Join('|', line.Split('|').Take(3)) + "|")
        );

        Assert.All(names, name => Assert.Matches($"[|`] ?{name} ?[|`]", tables));
    }

    [Fact]
    public void Every_template_is_used()
    {
        string folder = SharedFolder.InRepository("src/BreakHis/Reports/Templates");
        string[] names = [.. Directory.GetFiles(folder).Where(file => !file.EndsWith(".cs", StringComparison.Ordinal))];
        Assert.True(names.Length > 10, $"{names.Length} templates");
        string all = string.Concat(names.Select(File.ReadAllText).Concat(Files.Value.Select(file => file.Text)));

        Assert.All(
            names,
            name => Assert.Matches($"[\"']{Regex.Escape(Path.GetFileNameWithoutExtension(name))}(\\.css)?[\"']", all)
        );
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private static void NoneHas(Regex pattern, string? except = null)
    {
        IEnumerable<string> found = Files
            .Value.Where(file => Path.GetFileName(file.Path) != except)
            .SelectMany(file => pattern.Matches(file.Text).Select(match => $"{file.Path}: {match.Value}"));
        Assert.Equal("", string.Join('\n', found));
    }

    /// <summary>The product's source files, with their paths from the root.</summary>
    private static (string Path, string Text)[] Read()
    {
        string root = SharedFolder.InRepository(".");
        (string Path, string Text)[] files =
        [
            .. ((string[])["src", "build"])
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
                )
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
                .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
                .Select(path => (path, File.ReadAllText(Path.Combine(root, path)))),
        ];
        Assert.True(files.Length > 200, "the test sees the source files");
        return files;
    }

    private static string[] OtherFiles(string pattern) =>
        Directory.GetFiles(SharedFolder.InRepository("src"), pattern, SearchOption.AllDirectories);

    /// <summary>A stage's name in a text, except as a key or a value of a spec.</summary>
    [GeneratedRegex(
        """^(?!\s*//).*"[^"\n]*(?<!stages\.|start_from: )\b(bottleneck|fine_tune)\b""",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex StageName();

    [GeneratedRegex("\"{3,}.*?\"{3,}", RegexOptions.Singleline, 1000)]
    private static partial Regex RawText();

    /// <summary>A stage's name, except in the path of a setting.</summary>
    [GeneratedRegex(@"(?<!stages\.)\b(bottleneck|fine_tune)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StageInText();

    /// <summary>A local collection: empty ones are [], others follow the rule for types that are apparent.</summary>
    [GeneratedRegex(
        @"^\s{8,}(var \w+ = new \w+(<[^(]*>)\(\);|[A-Z]\w*(<.*>)? \w+ = new\()",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex MadeOtherwise();

    /// <summary>The name of a check, where it makes an entry of an audit or as a constant.</summary>
    [GeneratedRegex(
        """(\.As\(AuditLevel\.\w+, |const string Name = )"(?<name>[^"]+)"[,;]""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NameOfCheck();

    /// <summary>A call that parses JSON.</summary>
    [GeneratedRegex(
        @"\b(Json(Document|Node|Element)\s*\.Parse|JsonSerializer\s*\.Deserialize|JsonFlattening\s*\.Flatten)\b",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ParsesJson();

    /// <summary>A choice by a count between two words, or between texts whose last words differ by an s.</summary>
    [GeneratedRegex(
        """
            \b[12]L?\)?\s*(\?|=>)\s*(
                "[a-z]*"\s*(:|,\s*_\s*=>)\s*"[a-z]*"
                |\$?"[^"\n]*?\b(?<one>[a-z]+)"\s*:\s*\$?"[^"\n]*\b\k<one>e?s"
                |\$?"[^"\n]*?\b(?<many>[a-z]+?)e?s"\s*:\s*\$?"([^"\n]*\b)?\k<many>"
            )
            """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace,
        1000
    )]
    private static partial Regex InlinePlural();
}
