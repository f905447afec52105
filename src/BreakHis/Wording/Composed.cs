using System.Text;

namespace BreakHis.Wording;

/// <summary>Names that compare equal however a system composes their letters.</summary>
internal static class Composed
{
    // The runtime refuses to normalize a text with this code point, but a file's name may contain it.
    private const char Refused = '\ufffe';

    /// <summary>Returns a text in Unicode's normalization form C.</summary>
    public static string Of(string text) =>
        string.Join(Refused, text.Split(Refused).Select(part => part.Normalize(NormalizationForm.FormC)));
}
