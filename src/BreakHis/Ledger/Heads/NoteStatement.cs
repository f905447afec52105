using System.Text;

namespace BreakHis.Ledger.Heads;

/// <summary>What a git note says beside a head.</summary>
/// <param name="Runs">The runs that it pins in the same ledger.</param>
/// <param name="Signature">The signature in ASCII armour; null if there is none.</param>
internal sealed record NoteStatement(IReadOnlyList<KnownHead> Runs, string? Signature)
{
    private const string Begin = "-----BEGIN SSH SIGNATURE-----";
    private const string End = "-----END SSH SIGNATURE-----";

    /// <summary>Whether an allowed signer signed the note, and why (not); null if no signers are known.</summary>
    public (bool? Holds, string Reason)? Check { get; init; }

    /// <summary>Whether an allowed signer signed it.</summary>
    public bool IsSigned => Check is { Holds: true };

    /// <summary>Returns the heads in a note, with what it says beside them.</summary>
    public static IReadOnlyList<KnownHead> Heads(string message, string source)
    {
        List<KnownHead> heads = [];
        List<KnownHead> runs = [];
        StringBuilder? signature = null;
        foreach (string line in message.Split('\n'))
        {
            if (signature is not null || line == Begin)
            {
                signature = (signature ?? new StringBuilder()).Append(line).Append('\n');
                if (line == End)
                {
                    Say(heads, runs, signature.ToString());
                    signature = null;
                }
            }
            else if (KnownHead.InText(line, source) is [var pinned])
            {
                List<KnownHead> of = pinned.Run is null ? heads : runs;
                if (pinned.Run is null)
                {
                    Say(heads, runs, null);
                    runs.Clear();
                }

                of.Add(pinned with { IsGiven = false });
            }
        }

        Say(heads, runs, null);
        return heads;
    }

    /// <summary>Returns the text that is signed.</summary>
    public static string Text(KnownHead head, IEnumerable<KnownHead> runs) => $"{head.Statement}\n{RunLines(runs)}";

    /// <summary>Returns the lines of the runs.</summary>
    public static string RunLines(IEnumerable<KnownHead> runs) =>
        string.Concat(runs.Select(run => run.Statement + "\n"));

    private static void Say(List<KnownHead> heads, List<KnownHead> runs, string? signature)
    {
        if (heads is [.., { Note: null } last])
        {
            heads[^1] = last with { Note = new NoteStatement([.. runs], signature) };
        }
    }
}
