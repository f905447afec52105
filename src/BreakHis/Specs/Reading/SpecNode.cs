using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>A file or command-line option that parts of a spec come from.</summary>
/// <param name="Name">The name as the user gave it.</param>
/// <param name="Folder">The full path of the folder to which its relative paths refer.</param>
internal sealed record SpecSource(string Name, string Folder);

/// <summary>A place in a source; line and column count from 1.</summary>
internal readonly record struct Place(SpecSource Source, int Line, int Column)
{
    public Problem Problem(string code, string message) => new(code, message, Source.Name, Line, Column);
}

/// <summary>A YAML value with its place.</summary>
internal abstract record SpecNode(Place Place)
{
    /// <summary>Returns the node at a dotted path, or its deepest existing ancestor.</summary>
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

    /// <summary>Returns the node at a dotted path, or null if there is none.</summary>
    public SpecNode? At(string path) =>
        path.Split('.').Aggregate((SpecNode?)this, (node, key) => (node as MappingNode)?.Find(key)?.Value);

    /// <summary>Returns the value on one line.</summary>
    public abstract string Flow();
}

/// <summary>A single value.</summary>
/// <param name="Text">The text, with quotes and escapes resolved.</param>
/// <param name="IsPlain">Whether the value has no quotes, so that it may be a number, a Boolean or null.</param>
internal sealed record ScalarNode(Place Place, string Text, bool IsPlain) : SpecNode(Place)
{
    /// <summary>Returns the text; null as null, and a text that would be read as null in quotes.</summary>
    public override string Flow() =>
        CoreSchema.IsExplicitNull(this) ? Null
        : CoreSchema.IsExplicitNull(this with { IsPlain = true }) ? $"'{Text}'"
        : Text;

    /// <summary>How null is written on one line.</summary>
    public const string Null = "null";
}

internal sealed record SequenceNode(Place Place, IReadOnlyList<SpecNode> Items) : SpecNode(Place)
{
    public override string Flow() => $"[{string.Join(", ", Items.Select(i => i.Flow()))}]";
}

internal sealed record MappingNode(Place Place, IReadOnlyList<MappingEntry> Entries) : SpecNode(Place)
{
    public MappingEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    /// <summary>Returns the mapping with this entry replacing the one with the same key, or appended.</summary>
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
