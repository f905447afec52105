using System.Globalization;
using System.Text.RegularExpressions;

namespace BreakHis.Data.Sources;

/// <summary>
/// The parts of a BreaKHis file name: <c>SOB_M_DC-14-2523-40-010.png</c> is biopsy procedure, tumour class, tumour
/// type, year, slide, magnification and running number (Spanhol et al. 2016, IEEE Trans. Biomed. Eng. 63(7)).
/// </summary>
/// <param name="Malignant">Whether the tumour class is M.</param>
/// <param name="Subtype">The tumour type: A, F, PT, TA, DC, LC, MC or PC.</param>
/// <param name="Patient">Year and slide, such as 14-22549AB: the patient as published.</param>
/// <param name="Magnification">40, 100, 200 or 400.</param>
internal sealed partial record BreakhisFileName(bool Malignant, string Subtype, string Patient, int Magnification)
{
    private static readonly Dictionary<string, string> FullNames = new(StringComparer.Ordinal)
    {
        ["A"] = "adenosis",
        ["F"] = "fibroadenoma",
        ["PT"] = "phyllodes_tumor",
        ["TA"] = "tubular_adenoma",
        ["DC"] = "ductal_carcinoma",
        ["LC"] = "lobular_carcinoma",
        ["MC"] = "mucinous_carcinoma",
        ["PC"] = "papillary_carcinoma",
    };

    /// <summary>The subtype's name in the official layout, such as ductal_carcinoma.</summary>
    public string SubtypeName => FullNames[Subtype];

    /// <summary>Returns the subtype whose folder in the official layout a path contains, or null.</summary>
    public static string? SubtypeOfFolder(string path) =>
        path.Split('/')[..^1].LastOrDefault(part => FullNames.ContainsValue(part));

    /// <summary>Parses a file name without its folder; null if it is not a BreaKHis name.</summary>
    public static BreakhisFileName? Parse(string fileName)
    {
        Match match = Grammar().Match(fileName);
        if (!match.Success)
        {
            return null;
        }

        string subtype = match.Groups["type"].Value;
        bool malignant = match.Groups["class"].Value == "M";
        bool belongs = malignant == subtype is "DC" or "LC" or "MC" or "PC";
        return belongs
            ? new BreakhisFileName(
                malignant,
                subtype,
                match.Groups["slide"].Value,
                int.Parse(match.Groups["magnification"].Value, CultureInfo.InvariantCulture)
            )
            : null;
    }

    /// <summary>Parses the file name of a path with forward slashes; null if it is not a BreaKHis name.</summary>
    public static BreakhisFileName? InPath(string path) => Parse(path[(path.LastIndexOf('/') + 1)..]);

    [GeneratedRegex(
        @"^SOB_(?<class>[BM])_(?<type>A|F|PT|TA|DC|LC|MC|PC)-(?<slide>"
            + BreakhisSlide.Pattern
            + @")-(?<magnification>40|100|200|400)-[0-9]{1,6}\.(?i:png|jpe?g|bmp|webp|tiff?|gif)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Grammar();
}
