namespace BreakHis.Specs.Reading;

/// <summary>A value that the spec's matrix chose for one run.</summary>
/// <param name="Path">The dotted path of the setting.</param>
public sealed record MatrixChoice(string Path, string Value)
{
    /// <summary>Returns the last key of the path.</summary>
    public string Key() => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>Returns the value for readers: null chooses the default.</summary>
    public string InWords() => Value == ScalarNode.Null ? "default" : Value;
}
