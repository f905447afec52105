using System.Text.Json;
using BreakHis.Json;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>
/// The one spelling of a spec: canonical JSON with the keys of the YAML file, every default filled in but those of keys
/// that came later, and what is not given left out. Specs that say the same have the same canonical form, however their
/// files are written.
/// </summary>
internal static class CanonicalForm
{
    /// <summary>The canonical form.</summary>
    public static string Of(ExperimentSpec spec) => JsonOf(spec).ToString();

    /// <summary>SHA-256 of the canonical form in UTF-8, as 64 lower-case hexadecimal digits.</summary>
    public static string HashOf(ExperimentSpec spec) => JsonOf(spec).Hash();

    /// <summary>The canonical form as a value, to be part of a larger one.</summary>
    public static CanonicalJson JsonOf(ExperimentSpec spec) => ShapeJson.Of(spec, ShapeReflection.Spec);

    /// <summary>The spec that a canonical form was made of.</summary>
    /// <exception cref="FormatException">The text is not a spec's canonical form, or one of another version.</exception>
    public static ExperimentSpec FromCanonical(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return (ExperimentSpec)ShapeReader.Read(document.RootElement, ShapeReflection.Spec);
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
