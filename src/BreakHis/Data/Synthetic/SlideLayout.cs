using BreakHis.Numerics;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Data.Synthetic;

/// <summary>The official folders and file names of BreaKHis, for synthetic slides.</summary>
internal static class SlideLayout
{
    private const string Year = "14";

    // The slides of BreaKHis have numbers below 30,000, so no synthetic slide can be mistaken for a real one.
    private const int FirstSlide = 30_000;
    private const int Slides = 70_000;

    internal static readonly IReadOnlyList<(string Subtype, char Class, string Folder)> Subtypes =
    [
        ("A", 'B', "benign/SOB/adenosis"),
        ("F", 'B', "benign/SOB/fibroadenoma"),
        ("PT", 'B', "benign/SOB/phyllodes_tumor"),
        ("TA", 'B', "benign/SOB/tubular_adenoma"),
        ("DC", 'M', "malignant/SOB/ductal_carcinoma"),
        ("LC", 'M', "malignant/SOB/lobular_carcinoma"),
        ("MC", 'M', "malignant/SOB/mucinous_carcinoma"),
        ("PC", 'M', "malignant/SOB/papillary_carcinoma"),
    ];

    internal static IReadOnlyList<SlideImage> Of(TissueSpec spec)
    {
        // Patients are numbered before subtypes, so that adding patients does not change the first ones.
        List<string> slides = SlideNumbers(spec);
        return
        [
            .. from subtype in Enumerable.Range(0, Subtypes.Count)
            from patient in Enumerable.Range(0, spec.PatientsPerSubtype)
            from magnification in spec.Magnifications
            from sequence in Enumerable.Range(1, spec.ImagesPerPatient)
            select Image(subtype, slides[patient * Subtypes.Count + subtype], magnification, sequence),
        ];
    }

    private static SlideImage Image(int index, string slide, int magnification, int sequence)
    {
        (string subtype, char tumorClass, string folder) = Subtypes[index];
        string place = Invariant($"{folder}/SOB_{tumorClass}_{subtype}_{Year}-{slide}/{magnification}X");
        string name = Invariant($"SOB_{tumorClass}_{subtype}-{Year}-{slide}-{magnification}-{sequence:000}.png");
        string path = $"BreaKHis_v1/histology_slides/breast/{place}/{name}";
        return new SlideImage(path, subtype, slide, magnification, sequence);
    }

    private static List<string> SlideNumbers(TissueSpec spec)
    {
        var random = RandomStream.From(spec.Seed, "tissue: slides");
        HashSet<int> seen = [];
        List<string> slides = [];
        while (slides.Count < spec.PatientsPerSubtype * Subtypes.Count)
        {
            int number = FirstSlide + random.Below(Slides);
            if (seen.Add(number))
            {
                slides.Add(Digits.Of(number));
            }
        }

        return slides;
    }
}
