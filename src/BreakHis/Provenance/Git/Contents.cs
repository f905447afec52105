using LibGit2Sharp;
using static System.FormattableString;

namespace BreakHis.Provenance.Git;

/// <summary>The contents that a repository keeps. A few bytes of it may be gigabytes when they are unpacked.</summary>
internal static class Contents
{
    private const long LongestText = 16 << 20;
    private const int MostNotes = 100_000;

    /// <summary>The size of a content, which is not unpacked for that.</summary>
    /// <exception cref="LibGit2SharpException">It is missing.</exception>
    public static long SizeOf(IRepository repository, ObjectId id) =>
        repository.ObjectDatabase.RetrieveObjectMetadata(id).Size;

    /// <summary>Returns a text, or null if it is missing.</summary>
    /// <exception cref="IOException">It is longer than 16 MiB.</exception>
    public static string? Text(IRepository repository, ObjectId id, string name)
    {
        try
        {
            return SizeOf(repository, id) <= LongestText
                ? repository.Lookup<Blob>(id)?.GetContentText()
                : throw new IOException($"{name} in the repository is longer than {LongestText >> 20} MiB");
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>Returns the notes of a name: the hash of what each is about, and its text.</summary>
    /// <param name="reference">The reference to the notes, such as refs/notes/commits.</param>
    public static IEnumerable<(string About, ObjectId Text)> Notes(IRepository repository, string reference) =>
        repository.Refs[reference]?.ResolveToDirectReference().Target is Commit notes
            ? Notes(notes.Tree, "").Select((note, i) => i < MostNotes ? note : throw TooMany(reference))
            : [];

    private static IOException TooMany(string reference) =>
        new(Invariant($"{reference} has more than {MostNotes} notes"));

    // Many notes are divided among folders, whose names begin the hash. Git passes over other names.
    private static IEnumerable<(string, ObjectId)> Notes(Tree tree, string begin) =>
        tree.SelectMany(entry =>
            (entry.TargetType, begin + entry.Name) switch
            {
                (TreeEntryTargetType.Tree, var name) when entry.Name.Length == 2 && IsBeginning(name) => Notes(
                    (Tree)entry.Target,
                    name
                ),
                (TreeEntryTargetType.Blob, { Length: 40 or 64 } name) when IsBeginning(name) =>
                [
                    (name, entry.Target.Id),
                ],
                _ => ((string, ObjectId)[])[],
            }
        );

    private static bool IsBeginning(string name) => name.Length <= 64 && name.All(char.IsAsciiHexDigitLower);
}
