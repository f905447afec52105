using System.Diagnostics;
using System.Text;
using System.Xml;
using BreakHis.Wording;

namespace BreakHis.Audit.Output;

/// <summary>
/// Writes an audit as JUnit XML for CI systems: one suite per run, one case per check. Inconclusive checks are skipped
/// cases.
/// </summary>
internal static class AuditJUnit
{
    /// <summary>Returns the document.</summary>
    /// <param name="title">Returns the title of a run by ID.</param>
    public static string Of(AuditSummary summary, Func<string, string> title)
    {
        using var stream = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Indent = true,
            NewLineChars = "\n",
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using (var xml = XmlWriter.Create(stream, settings))
        {
            xml.WriteStartElement("testsuites");
            WriteCounts(xml, "audit", summary);
            foreach (
                IGrouping<string?, AuditEntry> suite in summary.Checks.GroupBy(
                    check => check.Run,
                    StringComparer.Ordinal
                )
            )
            {
                xml.WriteStartElement("testsuite");
                WriteCounts(xml, suite.Key is null ? "the ledger" : title(suite.Key), AuditSummary.Of([.. suite]));
                foreach (AuditEntry check in suite)
                {
                    WriteCase(xml, check);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteCounts(XmlWriter xml, string name, AuditSummary summary)
    {
        xml.WriteAttributeString("name", OneLine.Escaped(name));
        xml.WriteAttributeString("tests", Digits.Of(summary.Checks.Count));
        xml.WriteAttributeString("failures", Digits.Of(summary.Failed));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", Digits.Of(summary.Inconclusive));
    }

    private static void WriteCase(XmlWriter xml, AuditEntry check)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", $"{check.Run ?? "ledger"}.{AuditText.Word(check.Level)}");
        xml.WriteAttributeString("name", OneLine.Escaped(check.Name));
        switch (check.Outcome)
        {
            case AuditOutcome.Fail:
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("message", OneLine.Escaped(check.Reason));
                xml.WriteEndElement();
                break;
            case AuditOutcome.Inconclusive:
                xml.WriteStartElement("skipped");
                xml.WriteAttributeString("message", OneLine.Escaped("inconclusive: " + check.Reason));
                xml.WriteEndElement();
                break;
            case AuditOutcome.Pass:
                xml.WriteElementString("system-out", OneLine.Escaped(check.Reason));
                break;
            default:
                throw new UnreachableException($"unknown: {check.Outcome}");
        }

        xml.WriteEndElement();
    }
}
