using System.Text.Json;
using BreakHis.Json;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>
/// The canonical spelling of a spec: canonical JSON with the keys of the YAML file. Every default is filled in, except
/// for keys added later, and keys that are not set are omitted. Specs with the same meaning have the same canonical
/// form, however their files are written.
/// </summary>
internal static class CanonicalForm
{
    private static readonly RecordShape Data = ShapeReflection.RecordOf(typeof(DataSpec));

    /// <summary>Returns the canonical form as text.</summary>
    public static string Of(ExperimentSpec spec) => JsonOf(spec).ToString();

    /// <summary>Returns the canonical form of the data settings as text.</summary>
    public static string Of(DataSpec data) => ShapeJson.Of(data, Data).ToString();

    /// <summary>Returns the SHA-256 of the canonical form in UTF-8, as 64 lower-case hexadecimal digits.</summary>
    public static string HashOf(ExperimentSpec spec) => JsonOf(spec).Hash();

    /// <summary>Returns the canonical form as a JSON value that can be part of a larger one.</summary>
    public static CanonicalJson JsonOf(ExperimentSpec spec) => ShapeJson.Of(spec, ShapeReflection.Spec);

    /// <summary>Returns a canonical form for readers, with the keys that it omits for the sake of older hashes.</summary>
    public static string Complete(string canonical) => LaterKeys.FilledIn(canonical, ShapeReflection.Spec);

    /// <summary>Returns the spec that a canonical form was written from.</summary>
    /// <exception cref="FormatException">The text is not the canonical form of a spec, or it is from a different
    /// version.</exception>
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
