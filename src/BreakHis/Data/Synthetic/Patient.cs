using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>What the images of one patient share: the biology of the lesion and the laboratory's stain.</summary>
/// <param name="Stain">How the slide was stained and photographed.</param>
/// <param name="Size">Scale of glands, nests and fronds; about 1.</param>
/// <param name="NucleusSize">Scale of nuclei; about 1.</param>
/// <param name="Grade">How atypical the cells of a malignant tumour are, 0 to 1.</param>
/// <param name="Cellularity">Cell density of the stroma; about 1.</param>
/// <param name="Collagen">Density of the collagen, 0 to 1.</param>
/// <param name="Openness">How far the section tore along its fibres, 0 to 1.</param>
/// <param name="Hyperchromasia">Scale of the nuclei's darkness; about 1.</param>
/// <param name="Vesicularity">How far chromatin withdraws to the nuclear membrane, 0 to 1.</param>
/// <param name="Habit">Growth variant within the subtype, 0 to 1.</param>
internal sealed record Patient(
    Stain Stain,
    double Size,
    double NucleusSize,
    double Grade,
    double Cellularity,
    double Collagen,
    double Openness,
    double Hyperchromasia,
    double Vesicularity,
    double Habit
)
{
    internal static Patient Of(TissueSpec spec, string slide)
    {
        var random = RandomStream.From(spec.Seed, "tissue: patient", 0, slide);
        return new Patient(
            Stain.Of(random),
            random.Uniform(0.85, 1.25),
            random.Uniform(0.9, 1.12),
            random.NextDouble(),
            random.Uniform(0.6, 1.5),
            random.NextDouble(),
            random.NextDouble(),
            random.Uniform(0.85, 1.15),
            random.NextDouble(),
            random.NextDouble()
        );
    }
}
