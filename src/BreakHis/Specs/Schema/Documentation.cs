using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace BreakHis.Specs.Schema;

/// <summary>The summaries from the source code, read from the compiler's XML file next to the assembly.</summary>
internal static partial class Documentation
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Summaries = new(Load);

    /// <summary>
    /// Returns the summary of a type, property or enum value on one line, or null if the XML file is missing.
    /// </summary>
    public static string? Of(MemberInfo member) =>
        Summaries.Value.GetValueOrDefault(
            member is Type type
                ? $"T:{type.FullName}"
                : $"{(member is FieldInfo ? 'F' : 'P')}:{member.DeclaringType!.FullName}.{member.Name}"
        );

    private static Dictionary<string, string> Load()
    {
        string path = Path.ChangeExtension(typeof(Documentation).Assembly.Location, ".xml");
        return File.Exists(path)
            ? XDocument
                .Load(path)
                .Descendants("member")
                .Where(m => m.Element("summary") is not null)
                .ToDictionary(
                    m => m.Attribute("name")!.Value,
                    m => TextOf(m.Element("summary")!),
                    StringComparer.Ordinal
                )
            : [];
    }

    private static string TextOf(XElement summary) => Blanks().Replace(summary.Value, " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
