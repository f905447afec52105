using System.Runtime.InteropServices;

namespace BreakHis.Data.Synthetic;

/// <summary>The tissue of one image: where things are, and what they look like.</summary>
/// <param name="Map">Borders and fibres.</param>
/// <param name="Epithelium">What lies inside the basement membrane.</param>
/// <param name="Stroma">What lies outside.</param>
/// <param name="Zone">What lies outside in the map's zone; as <paramref name="Stroma"/> where there is none.</param>
/// <param name="Cells">Cells that follow none of these: single files, lymphocytes, blood.</param>
internal sealed record Scene(FieldMap Map, Epithelium Epithelium, Stroma Stroma, Stroma Zone, List<Nucleus> Cells);

/// <summary>An epithelium. Lengths are in micrometres, amounts of stain in optical density.</summary>
internal sealed record Epithelium
{
    /// <summary>From the basement membrane to the lumen.</summary>
    internal required double Thickness { get; init; }

    /// <summary>Rows of nuclei, or 0 where they lie without order.</summary>
    internal required int Rows { get; init; }

    /// <summary>The mean nucleus across the epithelium.</summary>
    internal required double NucleusLength { get; init; }

    /// <summary>The mean nucleus along the epithelium.</summary>
    internal required double NucleusWidth { get; init; }

    /// <summary>The least distance of two nuclei.</summary>
    internal required double Spacing { get; init; }

    /// <summary>The relative standard deviation of nuclear size.</summary>
    internal double Pleomorphism { get; init; } = 0.1;

    /// <summary>How far a nucleus' rim departs from an ellipse, of 1.</summary>
    internal double Irregularity { get; init; } = 0.1;

    /// <summary>Haematoxylin of a nucleus.</summary>
    internal double Darkness { get; init; } = 1.25;

    /// <summary>Haematoxylin of a nucleolus beyond its nucleus'.</summary>
    internal double Nucleolus { get; init; } = 0.2;

    /// <summary>Eosin of the cytoplasm.</summary>
    internal double Eosin { get; init; } = 0.4;

    /// <summary>Haematoxylin of the cytoplasm.</summary>
    internal double Haematoxylin { get; init; } = 0.3;

    /// <summary>Width of the cleft around it, from shrinking.</summary>
    internal double Retraction { get; init; }

    /// <summary>Flat cells between it and the stroma: they are there where nothing invades.</summary>
    internal bool Myoepithelium { get; init; }

    /// <summary>How much of it fell apart into clear gaps, 0 to 1.</summary>
    internal double Gaps { get; init; }

    /// <summary>How much secretion or debris its lumen holds, 0 to 1.</summary>
    internal double Secretion { get; init; } = 0.2;
}

/// <summary>A connective tissue. Lengths are in micrometres, amounts of stain in optical density.</summary>
internal sealed record Stroma
{
    /// <summary>Eosin of the collagen.</summary>
    internal required double Eosin { get; init; }

    /// <summary>Haematoxylin of the ground substance.</summary>
    internal double Haematoxylin { get; init; } = 0.06;

    /// <summary>Mucin in place of collagen.</summary>
    internal bool Mucin { get; init; }

    /// <summary>The share of clefts between the fibres, 0 to 1.</summary>
    internal double Openness { get; init; } = 0.3;

    /// <summary>The width of a bundle of collagen.</summary>
    internal double BundleWidth { get; init; } = 7;

    /// <summary>Fibroblasts in 1000 square micrometres.</summary>
    internal double Cellularity { get; init; } = 1.5;

    /// <summary>The mean length of a fibroblast's nucleus.</summary>
    internal double NucleusLength { get; init; } = 13;

    /// <summary>Its mean width.</summary>
    internal double NucleusWidth { get; init; } = 3;

    /// <summary>Its haematoxylin.</summary>
    internal double Darkness { get; init; } = 1.2;
}

/// <summary>One nucleus, or a red blood cell, which has nothing but eosin.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Nucleus
{
    /// <summary>Micrometres from the picture's left border.</summary>
    internal required float X { get; init; }

    /// <summary>Micrometres from its upper border.</summary>
    internal required float Y { get; init; }

    /// <summary>Half the length, in micrometres.</summary>
    internal required float Long { get; init; }

    /// <summary>Half the width, in micrometres.</summary>
    internal required float Wide { get; init; }

    /// <summary>The direction of the length.</summary>
    internal required (float X, float Y) Axis { get; init; }

    /// <summary>Its haematoxylin.</summary>
    internal float Darkness { get; init; }

    /// <summary>Its eosin.</summary>
    internal float Eosin { get; init; }

    /// <summary>How far the rim departs from an ellipse, of 1.</summary>
    internal float Irregularity { get; init; }

    /// <summary>Haematoxylin of the nucleolus beyond the nucleus'; 0 for none.</summary>
    internal float Nucleolus { get; init; }

    /// <summary>How far its chromatin withdrew to the membrane, 0 to 1.</summary>
    internal float Vesicle { get; init; }

    /// <summary>Width of the cytoplasm around it, in micrometres; 0 where none is seen.</summary>
    internal float Body { get; init; }

    /// <summary>How far that cytoplasm shrank and left a clear space, 0 to 1.</summary>
    internal float Clearing { get; init; }
}
