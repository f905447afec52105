using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace BreakHis.Reports.Templates;

/// <summary>Markup that is written unchanged; everything else in a template is encoded.</summary>
/// <param name="Html">The markup, produced by a template.</param>
internal sealed record Markup(string Html);

/// <summary>The embedded templates.</summary>
internal static class ReportTemplate
{
    private static readonly ConcurrentDictionary<string, Template> Parsed = new(StringComparer.Ordinal);

    /// <summary>Renders a part of a report.</summary>
    /// <param name="part">The template's name, without .scriban.</param>
    /// <param name="model">Dictionaries, lists, strings and Booleans; the template accesses them as <c>it</c>.</param>
    public static Markup Draw(string part, object? model)
    {
        var names = new ScriptObject(StringComparer.Ordinal) { ["it"] = model };
        names.Import("part", new Func<string, object?, Markup>(Draw));
        var context = new EncodingContext
        {
            StrictVariables = true,
            LoopLimit = 10_000_000,
            RecursiveLimit = 20,
            // Scriban silently truncates longer text; 0 means no limit.
            LimitToString = 0,
        };
        context.PushCulture(CultureInfo.InvariantCulture);
        context.PushGlobal(names);
        return new Markup(Parsed.GetOrAdd(part, Parse).Render(context));
    }

    /// <summary>Returns the text of an embedded file.</summary>
    public static string Text(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using Stream stream =
            assembly.GetManifestResourceStream($"BreakHis.Reports.Templates.{file}")
            ?? throw new InvalidOperationException($"The assembly has no resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Template Parse(string part)
    {
        var template = Template.Parse(Text($"{part}.scriban"), part);
        return template.HasErrors
            ? throw new InvalidOperationException($"{part}.scriban: {template.Messages}")
            : template;
    }

    private sealed class EncodingContext : TemplateContext
    {
        public override TemplateContext Write(SourceSpan span, object? textAsObject)
        {
            if (textAsObject is Markup markup)
            {
                Write(markup.Html);
            }
            else if (textAsObject is not null)
            {
                Write(HtmlText.Encode(ObjectToString(textAsObject) ?? ""));
            }

            return this;
        }
    }
}
