using System.Xml;

namespace BreakHis.Audit.Output;

/// <summary>Texts for XML 1.0, which forbids most control characters and some others, but a path may contain them.</summary>
internal static class XmlText
{
    /// <summary>Replaces each forbidden character by U+FFFD.</summary>
    public static string Clean(string text) =>
        string.Concat(
            text.EnumerateRunes()
                .Select(r =>
                    r.Utf16SequenceLength == 2 || XmlConvert.IsXmlChar((char)r.Value) ? r.ToString() : "\uFFFD"
                )
        );
}
