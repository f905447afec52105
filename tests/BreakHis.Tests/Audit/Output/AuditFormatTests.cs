using System.Text.Json;
using System.Xml.Linq;
using BreakHis.Audit;
using BreakHis.Audit.Output;
using BreakHis.Ledger;
using BreakHis.Testing;
using Snapshooter;
using Snapshooter.Xunit3;
using Xunit;

namespace BreakHis.Tests.Audit.Output;

/// <summary>Audit output for people, code-scanning services and CI systems.</summary>
public sealed class AuditFormatTests
{
    private static readonly AuditSummary Summary = AuditSummary.Of([
        new(AuditLevel.Record, "chain", null, AuditOutcome.Pass, "3 records: every hash matches"),
        new(
            AuditLevel.Artifacts,
            "artifacts",
            "0123456789",
            AuditOutcome.Fail,
            "a <b> & \"c\" \u0001\uD83D\uDE00 is gone"
        ),
        new(AuditLevel.Inputs, "left out of the patch", "0123456789", AuditOutcome.Inconclusive, "größer\uFFFE"),
        new(AuditLevel.Rerun, "rerun", "abcdef0123", AuditOutcome.Pass, "recomputed"),
    ]);

    [Fact]
    public void Text_has_one_line_per_check_and_a_summary() =>
        Snapshot.Match(
            AuditText.Of(Summary, id => $"run {id}").Replace('\u0001', '?'),
            new SnapshotFullName("AuditText.txt", SharedFolder.InRepository("tests/BreakHis.Tests/Audit/Output"))
        );

    [Fact]
    public void Html_has_the_verdict_first_and_no_text_becomes_markup()
    {
        string html = AuditHtml.Of(
            Summary,
            id => $"run {id} <script>",
            "/home/größe/ledger.db",
            new LedgerHead("id", 3, "head"),
            "1.0+abc"
        );

        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        var document = XDocument.Parse(html["<!DOCTYPE html>\n".Length..]);
        XElement[] body = [.. document.Root!.Element("body")!.Elements()];
        Assert.Equal("1 check failed", body[1].Value);
        XElement[] sections = [.. body.Where(element => element.Name == "h2")];
        Assert.Equal(
            ["Not passed", "The ledger", "run 0123456789 <script>", "run abcdef0123 <script>"],
            sections.Select(section => section.Value)
        );
        Assert.Equal(
            ["FAIL", "inconclusive"],
            sections[0].ElementsAfterSelf("table").First().Elements("tr").Select(row => row.Elements().First().Value)
        );
        Assert.Contains("a <b> & \"c\" \\u0001\uD83D\uDE00 is gone", document.Root.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(
            document.Descendants(),
            element => element.Name == "script" || !element.Nodes().Any() && element.Name != "meta"
        );
    }

    /// <summary>Requirements of OASIS SARIF 2.1.0, sections 3.13, 3.14, 3.18, 3.27, 3.28.</summary>
    [Fact]
    public void Sarif_conforms_to_the_standard()
    {
        using var document = JsonDocument.Parse(AuditSarif.Of(Summary, "/home/größe/ledger.db", "1.0+abc"));
        JsonElement root = document.RootElement;
        Assert.Equal("2.1.0", root.GetProperty("version").GetString());
        Assert.Equal("https://json.schemastore.org/sarif-2.1.0.json", root.GetProperty("$schema").GetString());
        JsonElement run = Assert.Single(root.GetProperty("runs").EnumerateArray());
        JsonElement[] rules = [.. run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()];
        JsonElement[] results = [.. run.GetProperty("results").EnumerateArray()];

        Assert.Equal(4, results.Length);
        foreach (JsonElement result in results)
        {
            string rule = result.GetProperty("ruleId").GetString()!;
            Assert.Equal(rule, rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            Assert.NotEqual("", result.GetProperty("message").GetProperty("text").GetString());
            string uri = result
                .GetProperty("locations")[0]
                .GetProperty("physicalLocation")
                .GetProperty("artifactLocation")
                .GetProperty("uri")
                .GetString()!;
            Assert.True(Uri.IsWellFormedUriString(uri, UriKind.Absolute), uri);
        }

        Assert.Equal(
            ["pass none", "fail error", "open none", "pass none"],
            results.Select(r => $"{r.GetProperty("kind").GetString()} {r.GetProperty("level").GetString()}")
        );
        Assert.Equal(
            ["record/chain", "artifacts/artifacts", "inputs/left-out-of-the-patch", "rerun/rerun"],
            results.Select(r => r.GetProperty("ruleId").GetString()!)
        );
        Assert.Equal(
            ["the ledger", "run 0123456789", "run 0123456789", "run abcdef0123"],
            results.Select(r => r.GetProperty("message").GetProperty("text").GetString()!.Split(',')[0])
        );
        Assert.Equal(
            [null, "run 0123456789", "run 0123456789", "run abcdef0123"],
            results.Select(r =>
                r.GetProperty("locations")[0].TryGetProperty("logicalLocations", out JsonElement places)
                    ? $"{places[0].GetProperty("kind").GetString()} {places[0].GetProperty("name").GetString()}"
                    : null
            )
        );
        Assert.Equal(
            4,
            results
                .Select(r => r.GetProperty("partialFingerprints").GetProperty("breakhis/v1").GetString())
                .Distinct(StringComparer.Ordinal)
                .Count()
        );
    }

    [Fact]
    public void JUnit_has_one_suite_per_run_with_counts_and_one_case_per_check()
    {
        XElement suites = XDocument.Parse(AuditJUnit.Of(Summary, id => $"run {id}")).Root!;

        Assert.Equal("4 1 0 1", Counts(suites));
        Assert.Equal(
            ["the ledger: 1 0 0 0", "run 0123456789: 2 1 0 1", "run abcdef0123: 1 0 0 0"],
            suites.Elements("testsuite").Select(suite => $"{suite.Attribute("name")!.Value}: {Counts(suite)}")
        );
        XElement[] cases = [.. suites.Descendants("testcase")];
        Assert.Equal("0123456789.artifacts", cases[1].Attribute("classname")!.Value);
        Assert.Equal(
            "a <b> & \"c\" \\u0001\uD83D\uDE00 is gone",
            cases[1].Element("failure")!.Attribute("message")!.Value
        );
        Assert.Equal("inconclusive: größer\\ufffe", cases[2].Element("skipped")!.Attribute("message")!.Value);
        Assert.Equal(2, cases.Count(c => c.Element("failure") is null && c.Element("skipped") is null));
    }

    private static string Counts(XElement element) =>
        string.Join(
            ' ',
            ((string[])["tests", "failures", "errors", "skipped"]).Select(n => element.Attribute(n)!.Value)
        );
}
