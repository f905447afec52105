using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>A file, or an option of the command line, that parts of a spec come from.</summary>
/// <param name="Name">As the user gave it.</param>
/// <param name="Folder">The full path of the folder that relative paths in it start from.</param>
internal sealed record SpecSource(string Name, string Folder);

/// <summary>Where something was written; line and column count from 1.</summary>
internal readonly record struct Place(SpecSource Source, int Line, int Column)
{
    public Problem Problem(string code, string message) => new(code, message, Source.Name, Line, Column);
}

/// <summary>A YAML value that knows where it was written.</summary>
internal abstract record SpecNode(Place Place)
{
    /// <summary>The node at a dotted path, or the deepest one on the way to it.</summary>
    public SpecNode Nearest(string path)
    {
        SpecNode node = this;
        foreach (string key in path.Split('.'))
        {
            if ((node as MappingNode)?.Find(key) is not { } entry)
            {
                break;
            }

            node = entry.Value;
        }

        return node;
    }

    /// <summary>The node at a dotted path, or null if there is none.</summary>
    public SpecNode? At(string path) =>
        path.Split('.').Aggregate((SpecNode?)this, (node, key) => (node as MappingNode)?.Find(key)?.Value);

    /// <summary>The value on one line.</summary>
    public abstract string Flow();
}

/// <summary>A single value.</summary>
/// <param name="Place">Where it was written.</param>
/// <param name="Text">Its text, quotes and escapes undone.</param>
/// <param name="IsPlain">Whether it was written without quotes, so that it may be a number, a truth value or null.</param>
internal sealed record ScalarNode(Place Place, string Text, bool IsPlain) : SpecNode(Place)
{
    public override string Flow() => Text;
}

internal sealed record SequenceNode(Place Place, IReadOnlyList<SpecNode> Items) : SpecNode(Place)
{
    public override string Flow() => $"[{string.Join(", ", Items.Select(i => i.Flow()))}]";
}

internal sealed record MappingNode(Place Place, IReadOnlyList<MappingEntry> Entries) : SpecNode(Place)
{
    public MappingEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    /// <summary>The mapping with this entry in place of the one of the same key, or after all others.</summary>
    public MappingNode With(MappingEntry entry) =>
        Find(entry.Key) is null
            ? this with
            {
                Entries = [.. Entries, entry],
            }
            : this with
            {
                Entries = [.. Entries.Select(e => e.Key == entry.Key ? entry : e)],
            };

    public MappingNode Without(string key) => this with { Entries = [.. Entries.Where(e => e.Key != key)] };

    public override string Flow() => $"{{{string.Join(", ", Entries.Select(e => $"{e.Key}: {e.Value.Flow()}"))}}}";
}

internal sealed record MappingEntry(string Key, Place KeyPlace, SpecNode Value);
