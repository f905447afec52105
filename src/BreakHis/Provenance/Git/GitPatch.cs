using System.IO.Compression;
using System.Text;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Writes changes in git's patch format (git-scm.com/docs/diff-format), for <c>git apply</c>.</summary>
internal static class GitPatch
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    // zlib's output for empty input; ZLibStream writes nothing in that case.
    private static readonly byte[] DeflatedNothing = [0x78, 0x9C, 3, 0, 0, 0, 0, 1];

    /// <summary>Returns the part of the patch for one path; empty if the path has not changed.</summary>
    /// <param name="before">The path in the commit.</param>
    /// <param name="after">The path in the working tree.</param>
    public static string Section(string path, FileState before, FileState after, TextDifferences differences)
    {
        bool otherKind = before.Exists && after.Exists && Kind(before.Mode) != Kind(after.Mode);
        return otherKind
            ? OfOneKind(path, before, FileState.None, differences) + OfOneKind(path, FileState.None, after, differences)
            : OfOneKind(path, before, after, differences);
    }

    private static string OfOneKind(string path, FileState before, FileState after, TextDifferences differences)
    {
        bool sameContent = before.Id == after.Id;
        bool sameMode = before.Octal == after.Octal;
        return sameContent && sameMode
            ? ""
            : $"diff --git {Quoted("a/" + path)} {Quoted("b/" + path)}\n"
                + ModeLines(before, after)
                + (sameContent ? "" : $"index {Ids(before, after)}{(sameMode ? $" {after.Octal}" : "")}\n")
                + (sameContent ? "" : Content(path, before, after, differences));
    }

    private static string Ids(FileState before, FileState after)
    {
        string missing = new('0', Math.Max(before.Id.Length, after.Id.Length));
        return $"{(before.Exists ? before.Id : missing)}..{(after.Exists ? after.Id : missing)}";
    }

    private static string ModeLines(FileState before, FileState after) =>
        (before.Exists, after.Exists) switch
        {
            (false, _) => $"new file mode {after.Octal}\n",
            (_, false) => $"deleted file mode {before.Octal}\n",
            _ when before.Octal == after.Octal => "",
            _ => $"old mode {before.Octal}\nnew mode {after.Octal}\n",
        };

    private static string Content(string path, FileState before, FileState after, TextDifferences differences)
    {
        if (before.Mode == Mode.GitLink || after.Mode == Mode.GitLink)
        {
            return Names(path, before, after) + Submodule(before, after);
        }

        (byte[]? first, byte[]? second) = (before.Read?.Invoke(), after.Read?.Invoke());
        if (!IsText(first ?? []) || !IsText(second ?? []))
        {
            return Binary(second ?? []);
        }

        string hunks = differences.Between(first, second);
        return hunks == "" ? "" : Names(path, before, after) + hunks;
    }

    private static string Names(string path, FileState before, FileState after)
    {
        // A tab marks the end of a name that contains blanks.
        string end = path.Contains(' ', StringComparison.Ordinal) ? "\t\n" : "\n";
        return (before.Exists ? $"--- {Quoted("a/" + path)}{end}" : "--- /dev/null\n")
            + (after.Exists ? $"+++ {Quoted("b/" + path)}{end}" : "+++ /dev/null\n");
    }

    private static string Submodule(FileState before, FileState after) =>
        $"@@ -{(before.Exists ? "1" : "0,0")} +{(after.Exists ? "1" : "0,0")} @@\n"
        + (before.Exists ? $"-Subproject commit {before.Id}\n" : "")
        + (after.Exists ? $"+Subproject commit {after.Id}\n" : "");

    private static bool IsText(byte[] bytes)
    {
        if (bytes.Contains((byte)0))
        {
            return false;
        }

        try
        {
            StrictUtf8.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Binary(byte[] bytes)
    {
        return $"GIT binary patch\nliteral {Digits.Of(bytes.Length)}\n{Base85.Lines(bytes.Length == 0 ? DeflatedNothing : Deflated(bytes))}\n";
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return deflated.ToArray();
    }

    private static string Quoted(string path)
    {
        if (!path.Any(c => c is < ' ' or '"' or '\\' or '\x7f'))
        {
            return path;
        }

        var quoted = new StringBuilder("\"");
        foreach (char c in path)
        {
            quoted.Append(
                c switch
                {
                    '"' or '\\' => $"\\{c}",
                    < ' ' or '\x7f' => $"\\{Convert.ToString(c, 8).PadLeft(3, '0')}",
                    _ => c.ToString(),
                }
            );
        }

        return quoted.Append('"').ToString();
    }

    private static int Kind(Mode mode) => (int)mode >> 12;
}
