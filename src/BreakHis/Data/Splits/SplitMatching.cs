namespace BreakHis.Data.Splits;

/// <summary>
/// Finds the lines of a split file for each image. A line applies to an image if one of their paths is the end of the
/// other; of the absolute paths in a file, only what follows their common folders has to be such an end. Of several
/// lines, the one with the longest common end counts.
/// </summary>
internal sealed class SplitMatching
{
    private readonly ILookup<string, SplitLine> _byFileName;
    private readonly SplitLine[] _ofPatients;
    private readonly int _machineFolders;

    /// <param name="lines">The lines of one fold.</param>
    public SplitMatching(IReadOnlyList<SplitLine> lines)
    {
        _byFileName = lines
            .Where(line => !line.IsPatient)
            .ToLookup(line => SplitPath.FileName(line.Name), StringComparer.Ordinal);
        _ofPatients = [.. lines.Where(line => line.IsPatient)];
        _machineFolders = SplitPath.CommonFolders(lines.Where(line => line.IsAbsolute).Select(line => line.Name));
    }

    /// <summary>Returns the lines that apply to an image; several, if they match it equally well.</summary>
    public IReadOnlyList<SplitLine> Of(CatalogueImage image)
    {
        SplitLine[] patients = [.. _ofPatients.Where(line => IsPatient(line.Name, image.Patient))];
        (SplitLine Line, int Common)[] found =
        [
            .. _byFileName[SplitPath.FileName(image.Path)]
                .Select(line => (line, SplitPath.CommonEnd(line.Name, image.Path)))
                .Where(match => Applies(match.line, match.Item2, image.Path)),
        ];
        SplitLine[] same = [.. found.Where(match => match.Line.Name == image.Path).Select(match => match.Line)];
        int longest = found.Select(match => match.Common).DefaultIfEmpty().Max();
        return [.. patients, .. same.Length > 0 ? same : found.Where(m => m.Common == longest).Select(m => m.Line)];
    }

    private bool Applies(SplitLine line, int common, string image) =>
        common == SplitPath.Parts(image)
        || common >= SplitPath.Parts(line.Name) - (line.IsAbsolute ? _machineFolders : 0);

    /// <summary>A slide may be given as in the names of files and folders: SOB_B_A_14-22549AB.</summary>
    private static bool IsPatient(string name, string patient) =>
        patient.Length > 0
        && (
            name == patient
            || (
                Split.IsSlide(patient)
                && name.EndsWith(patient, StringComparison.Ordinal)
                && name[^(patient.Length + 1)] is '-' or '_'
            )
        );
}
