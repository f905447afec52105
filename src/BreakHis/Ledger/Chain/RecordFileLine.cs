using System.Globalization;
using System.Text.RegularExpressions;
using BreakHis.Files;
using static System.FormattableString;

namespace BreakHis.Ledger.Chain;

/// <summary>A line of a record file: a record, and its position in the ledger's chain.</summary>
/// <param name="Number">The position in the ledger's chain.</param>
/// <param name="Hash">The record's hash in the ledger.</param>
/// <param name="Head">The head of the ledger's chain at this record.</param>
/// <param name="Text">The record's own line, from which the hash is computed.</param>
internal sealed partial record RecordFileLine(long Number, string Hash, string Head, string Text)
{
    /// <summary>The characters with which every line begins.</summary>
    public const string FirstCharacters = """{"hash":""" + "\"";

    private const int LongestBeginning = 256;

    /// <summary>Returns the line as written to the file.</summary>
    public override string ToString() =>
        Invariant($$"""{"hash":"{{Hash}}","head":"{{Head}}","ledger":{{Number}},"record":{{Text}}}""");

    /// <summary>Parses a line; null if it is not a record line.</summary>
    public static RecordFileLine? Parse(string line)
    {
        Match match = Beginning().Match(line, 0, Math.Min(line.Length, LongestBeginning));
        return match.Success && line.EndsWith("}}", StringComparison.Ordinal)
            ? new RecordFileLine(
                long.Parse(match.Groups["ledger"].ValueSpan, CultureInfo.InvariantCulture),
                match.Groups["hash"].Value,
                match.Groups["head"].Value,
                line[match.Length..^1]
            )
            : null;
    }

    /// <summary>Whether the text has the recorded hash.</summary>
    public bool IsAsHashed => Sha256Hex.OfText(Text) == Hash;

    [GeneratedRegex(
        """^\{"hash":"(?<hash>[0-9a-f]{64})","head":"(?<head>[0-9a-f]{64})","ledger":(?<ledger>[1-9][0-9]{0,17}),"record":(?=\{)""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Beginning();
}
