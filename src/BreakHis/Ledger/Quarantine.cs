using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Ledger;

/// <summary>
/// The runs that the user took out of all lists. They stay in the ledger, whose chain does not know of them.
/// </summary>
/// <param name="Folder">A folder with an empty file for each run, named after its ID.</param>
internal sealed record Quarantine(string Folder)
{
    /// <summary>Says that a run is in quarantine, and how to put it back.</summary>
    public static string Says(string id) =>
        $"run {id} is in quarantine; 'dotnet breakhis ledger quarantine {id} --undo' puts it back";

    /// <summary>Returns the IDs of the runs, in ordinal order.</summary>
    public IReadOnlyList<string> Ids() =>
        Directory.Exists(Folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(Folder)
                    .Select(file => Path.GetFileName(file))
                    .Where(IsId)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>Takes a run out of all lists.</summary>
    /// <exception cref="IOException">The folder cannot be written, or is a link.</exception>
    public void Add(string id)
    {
        FileKind.RequireNoLink(Folder);
        FileKind.RequireNoLink(FileOf(id));
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(FileOf(id), []);
    }

    /// <summary>Puts a run back.</summary>
    /// <exception cref="IOException">The folder cannot be written, or is a link.</exception>
    public void Remove(string id)
    {
        FileKind.RequireNoLink(Folder);
        File.Delete(FileOf(id));
    }

    private string FileOf(string id) =>
        IsId(id) ? Path.Combine(Folder, id) : throw new IOException($"'{OneLine.Of(id)}' is not the ID of a run");

    private static bool IsId(string name) => HexName.Is(name, RunFolder.IdDigits);
}
