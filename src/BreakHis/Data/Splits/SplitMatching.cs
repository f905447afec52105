using BreakHis.Data.Sources;
using BreakHis.Wording;

namespace BreakHis.Data.Splits;

/// <summary>
/// Finds the lines of a split file for each image. A line applies to an image if one of their paths is the end of the
/// other; of the absolute paths in a file, only what follows their common folders has to be such an end. Of several
/// lines, the one with the longest common end counts. Lines may leave out the extensions of images.
/// </summary>
internal sealed class SplitMatching
{
    /// <summary>File name and folder: in a list of one folder, all folders are common, but still distinguish classes.</summary>
    private const int LeastOfAbsolute = 2;

    private readonly ILookup<string, SplitLine> _byFileName;
    private readonly ILookup<string, SplitLine> _byPatient;
    private readonly int _machineFolders;

    /// <param name="lines">The lines of one fold.</param>
    public SplitMatching(IReadOnlyList<SplitLine> lines)
    {
        _byFileName = lines
            .Where(line => line.IsPatient != true)
            .ToLookup(line => SplitPath.FileName(line.Name), StringComparer.Ordinal);
        _byPatient = lines
            .Where(line => line.IsPatient == true)
            .DistinctBy(line => (line.Name, line.Side))
            .SelectMany(line => PatientsOf(Composed.Of(line.Name)).Select(patient => (Patient: patient, Line: line)))
            .ToLookup(patient => patient.Patient, patient => patient.Line, StringComparer.Ordinal);
        _machineFolders = SplitPath.CommonFolders(lines.Where(line => line.IsAbsolute).Select(line => line.Name));
    }

    /// <summary>Returns the lines that apply to an image; several, if they match it equally well.</summary>
    public IReadOnlyList<SplitLine> Of(CatalogueImage image)
    {
        string path = Composed.Of(image.Path);
        SplitLine[] lines = ByPath(path);
        return
        [
            .. image.Patient.Length == 0 ? [] : _byPatient[Composed.Of(image.Patient)],
            .. lines.Length > 0 ? lines : ByPath(Path.ChangeExtension(path, null)),
        ];
    }

    private SplitLine[] ByPath(string path)
    {
        (SplitLine Line, int Common)[] found =
        [
            .. _byFileName[SplitPath.FileName(path)]
                .Select(line => (line, SplitPath.CommonEnd(line.Name, path)))
                .Where(match => Applies(match.line, match.Item2, path)),
        ];
        SplitLine[] same = [.. found.Where(match => match.Line.Name == path).Select(match => match.Line)];
        int longest = found.Select(match => match.Common).DefaultIfEmpty().Max();
        return same.Length > 0 ? same : [.. found.Where(m => m.Common == longest).Select(m => m.Line)];
    }

    private bool Applies(SplitLine line, int common, string image) =>
        common == SplitPath.Parts(image)
        || common == SplitPath.Parts(line.Name)
        || (line.IsAbsolute && common >= Math.Max(SplitPath.Parts(line.Name) - _machineFolders, LeastOfAbsolute));

    /// <summary>A slide may be given as in the names of files and folders: SOB_B_A_14-22549AB.</summary>
    private static IEnumerable<string> PatientsOf(string name)
    {
        int before = name.LastIndexOf('-') is > 0 and int dash ? name.LastIndexOfAny(['-', '_'], dash - 1) : -1;
        return before >= 0 && BreakhisSlide.Is(name[(before + 1)..]) ? [name, name[(before + 1)..]] : [name];
    }
}
