using System.Runtime.InteropServices;

namespace BreakHis.Data.Synthetic;

/// <summary>The tissue of one image: position and appearance of its parts.</summary>
/// <param name="Map">Borders and fibres.</param>
/// <param name="Epithelium">The tissue inside the basement membrane.</param>
/// <param name="Stroma">The tissue outside the basement membrane.</param>
/// <param name="Zone">The tissue outside the basement membrane in the map's zone; same as <paramref name="Stroma"/> if
/// there is no zone.</param>
/// <param name="Cells">Cells placed individually: single files, lymphocytes, blood.</param>
internal sealed record Scene(FieldMap Map, Epithelium Epithelium, Stroma Stroma, Stroma Zone, List<Nucleus> Cells);

/// <summary>An epithelium. Lengths are in micrometres, amounts of stain in optical density.</summary>
internal sealed record Epithelium
{
    /// <summary>Distance from the basement membrane to the lumen.</summary>
    internal required double Thickness { get; init; }

    /// <summary>Number of rows of nuclei, or 0 for nuclei without order.</summary>
    internal required int Rows { get; init; }

    /// <summary>Mean nuclear diameter across the epithelium.</summary>
    internal required double NucleusLength { get; init; }

    /// <summary>Mean nuclear diameter along the epithelium.</summary>
    internal required double NucleusWidth { get; init; }

    /// <summary>Minimum distance between two nuclei.</summary>
    internal required double Spacing { get; init; }

    /// <summary>Relative standard deviation of nuclear size.</summary>
    internal double Pleomorphism { get; init; } = 0.1;

    /// <summary>Relative deviation of a nucleus' rim from an ellipse.</summary>
    internal double Irregularity { get; init; } = 0.1;

    /// <summary>Haematoxylin of a nucleus.</summary>
    internal double Darkness { get; init; } = 1.25;

    /// <summary>Additional haematoxylin of a nucleolus.</summary>
    internal double Nucleolus { get; init; } = 0.2;

    /// <summary>Eosin of the cytoplasm.</summary>
    internal double Eosin { get; init; } = 0.4;

    /// <summary>Haematoxylin of the cytoplasm.</summary>
    internal double Haematoxylin { get; init; } = 0.3;

    /// <summary>Width of the retraction cleft around the epithelium.</summary>
    internal double Retraction { get; init; }

    /// <summary>Whether flat cells separate it from the stroma, as in tissue without invasion.</summary>
    internal bool Myoepithelium { get; init; }

    /// <summary>Share of the epithelium replaced by empty gaps, 0 to 1.</summary>
    internal double Gaps { get; init; }

    /// <summary>Amount of secretion or debris in its lumen, 0 to 1.</summary>
    internal double Secretion { get; init; } = 0.2;
}

/// <summary>A connective tissue. Lengths are in micrometres, amounts of stain in optical density.</summary>
internal sealed record Stroma
{
    /// <summary>Eosin of the collagen.</summary>
    internal required double Eosin { get; init; }

    /// <summary>Haematoxylin of the ground substance.</summary>
    internal double Haematoxylin { get; init; } = 0.06;

    /// <summary>Whether mucin replaces collagen.</summary>
    internal bool Mucin { get; init; }

    /// <summary>Share of clefts between the fibres, 0 to 1.</summary>
    internal double Openness { get; init; } = 0.3;

    /// <summary>Width of a collagen bundle.</summary>
    internal double BundleWidth { get; init; } = 7;

    /// <summary>Fibroblasts per 1000 square micrometres.</summary>
    internal double Cellularity { get; init; } = 1.5;

    /// <summary>Mean length of a fibroblast's nucleus.</summary>
    internal double NucleusLength { get; init; } = 13;

    /// <summary>Mean width of a fibroblast's nucleus.</summary>
    internal double NucleusWidth { get; init; } = 3;

    /// <summary>Haematoxylin of a fibroblast's nucleus.</summary>
    internal double Darkness { get; init; } = 1.2;
}

/// <summary>A nucleus, or a red blood cell, which has only eosin.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Nucleus
{
    /// <summary>Distance from the image's left edge in micrometres.</summary>
    internal required float X { get; init; }

    /// <summary>Distance from the image's upper edge in micrometres.</summary>
    internal required float Y { get; init; }

    /// <summary>Half the length, in micrometres.</summary>
    internal required float Long { get; init; }

    /// <summary>Half the width, in micrometres.</summary>
    internal required float Wide { get; init; }

    /// <summary>Direction of the length.</summary>
    internal required (float X, float Y) Axis { get; init; }

    /// <summary>Haematoxylin of the nucleus.</summary>
    internal float Darkness { get; init; }

    /// <summary>Eosin of the nucleus.</summary>
    internal float Eosin { get; init; }

    /// <summary>Relative deviation of the rim from an ellipse.</summary>
    internal float Irregularity { get; init; }

    /// <summary>Additional haematoxylin of the nucleolus; 0 for none.</summary>
    internal float Nucleolus { get; init; }

    /// <summary>How far its chromatin withdrew to the membrane, 0 to 1.</summary>
    internal float Vesicle { get; init; }

    /// <summary>Width of the surrounding cytoplasm, in micrometres; 0 if it is not visible.</summary>
    internal float Body { get; init; }

    /// <summary>How far that cytoplasm shrank and left an empty space, 0 to 1.</summary>
    internal float Clearing { get; init; }
}
