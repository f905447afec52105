namespace BreakHis.Reports.Templates;

/// <summary>What a template draws: names, and strings, booleans, models and lists of models under them.</summary>
internal sealed class TemplateModel() : Dictionary<string, object?>(StringComparer.Ordinal);
