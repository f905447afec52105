namespace BreakHis.Reports.Templates;

/// <summary>The data of a template: names with strings, Booleans, models and lists of models as values.</summary>
internal sealed class TemplateModel() : Dictionary<string, object?>(StringComparer.Ordinal);
