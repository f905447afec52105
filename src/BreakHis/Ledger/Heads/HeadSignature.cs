using System.Diagnostics;
using BreakHis.Files;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Ledger.Heads;

/// <summary>
/// Signs heads with an SSH key, using OpenSSH's ssh-keygen. The result is a file with the statement and a signature
/// file next to it.
/// </summary>
internal static class HeadSignature
{
    private const string Namespace = "breakhis-ledger";

    /// <summary>The most bytes of a statement; one of this tool has a few KB.</summary>
    private const int Longest = 256 << 10;

    /// <summary>The most statements of a home folder; one per day fills 27 years.</summary>
    private const int Most = 10_000;

    /// <summary>Signs a head.</summary>
    /// <param name="home">The home folder; the signature goes to its signatures folder.</param>
    /// <param name="key">The private key, or a public key whose private key is in the SSH agent.</param>
    /// <param name="runs">Runs of the ledger, which are pinned too.</param>
    /// <returns>The statement's file; the signature file has the same name plus .sig.</returns>
    /// <exception cref="InputException">The head cannot be signed.</exception>
    /// <exception cref="IOException">The home folder has links.</exception>
    public static string Sign(HomeFolder home, KnownHead head, IEnumerable<KnownHead> runs, string key)
    {
        home.RequireNoLinks();
        string text = NoteStatement.Text(head, runs);
        ProgramResult signed = SshKeygen(text, "-Y", "sign", "-f", Path.GetFullPath(key), "-n", Namespace);
        if (!signed.Done || signed.Output.Length == 0)
        {
            throw new InputException(ProblemCodes.Head, $"{key}: ssh-keygen could not sign: {Said(signed)}");
        }

        string file = Place(home, head, text, signed.Output);
        // A signature without its statement is ignored; a statement without its signature is a failure.
        AtomicFile.Write(file + ".sig", signed.Output);
        AtomicFile.Write(file, text);
        return file;
    }

    /// <summary>The first name at which there is no statement, or this one with this signature.</summary>
    /// <exception cref="InputException">A signed statement contradicts this one: it may prove a change.</exception>
    private static string Place(HomeFolder home, KnownHead head, string text, string signature)
    {
        for (int i = 1; ; i++)
        {
            string file = Path.Combine(home.Signatures, Invariant($"{head.Records}{(i == 1 ? "" : $"-{i}")}.txt"));
            if (!File.Exists(file))
            {
                return file;
            }

            if (RegularFile.Text(file) != text)
            {
                throw new InputException(
                    ProblemCodes.Head,
                    $"{file} contradicts this ledger, and 'dotnet breakhis ledger verify' says how; move it away to sign anyway"
                );
            }

            if (!File.Exists(file + ".sig") || RegularFile.Text(file + ".sig") == signature)
            {
                return file;
            }
        }
    }

    /// <summary>Reads the signed statements of a home folder, without verifying them.</summary>
    /// <exception cref="InputException">There are too many.</exception>
    public static IEnumerable<KnownHead> Statements(HomeFolder home) => ByFile(home).SelectMany(heads => heads);

    /// <summary>Reads the signed statements of a home folder, one file at a time, without verifying them.</summary>
    /// <exception cref="InputException">There are too many.</exception>
    internal static IEnumerable<IReadOnlyList<KnownHead>> ByFile(HomeFolder home) =>
        Files(home)
            .Where(file => RegularFile.IsAtMost(file, Longest))
            .Select(file => KnownHead.InText(RegularFile.Text(file), $"the signed {Path.GetFileName(file)}"));

    /// <summary>Returns the files of the signed statements, in order of name.</summary>
    /// <exception cref="InputException">There are too many: each takes time to verify.</exception>
    internal static IReadOnlyList<string> Files(HomeFolder home)
    {
        string[] files = Directory.Exists(home.Signatures)
            ? [.. Directory.EnumerateFiles(home.Signatures, "*.txt").Take(Most + 1).Order(StringComparer.Ordinal)]
            : [];
        return files.Length <= Most
            ? files
            : throw new InputException(
                ProblemCodes.Head,
                $"{home.Signatures}: more than {Digits.Grouped(Most)} signed statements; move those that you do not need to another folder"
            );
    }

    /// <summary>Verifies that an allowed signer signed a statement; null if that cannot be determined.</summary>
    /// <param name="file">The file of the statement; its signature has the same name with .sig.</param>
    /// <param name="allowedSigners">The allowed signers, in the format of OpenSSH's allowed_signers; null if
    /// unknown.</param>
    internal static (bool? Holds, string Reason) Verify(string file, string? allowedSigners)
    {
        string name = Path.GetFileName(file);
        string signature = file + ".sig";
        return !File.Exists(signature) ? (false, $"{name} has no signature file next to it")
            : !FileKind.IsRegular(file) || !FileKind.IsRegular(signature)
                ? (false, $"{name} or its signature is {FileKind.NotRegular}")
            : !RegularFile.IsAtMost(file, Longest) || !RegularFile.IsAtMost(signature, Longest)
                ? (false, Invariant($"{name} or its signature is longer than {Longest >> 10} KB"))
            : Verify(name, RegularFile.Text(file), signature, allowedSigners);
    }

    /// <summary>Returns the head of a git note with the result of verifying the note's signature, if it has one.</summary>
    /// <param name="allowedSigners">The allowed signers, in the format of OpenSSH's allowed_signers.</param>
    internal static KnownHead Checked(KnownHead head, string allowedSigners)
    {
        if (head.Note is not { Signature: string signature } note)
        {
            return head;
        }

        string folder = Directory.CreateTempSubdirectory("breakhis-note-").FullName;
        try
        {
            string file = Path.Combine(folder, "note.sig");
            File.WriteAllText(file, signature);
            (bool?, string) check = Verify(head.Source, NoteStatement.Text(head, note.Runs), file, allowedSigners);
            return head with { Note = note with { Check = check } };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (bool? Holds, string Reason) Verify(
        string name,
        string text,
        string signature,
        string? allowedSigners
    )
    {
        try
        {
            ProgramResult check = SshKeygen(text, "-Y", "check-novalidate", "-n", Namespace, "-s", signature);
            return !check.Done ? (false, $"{name} does not match its signature: {Said(check)}")
                : allowedSigners is null
                    ? (
                        null,
                        $"{name} matches its signature, but it is unknown whose key this is; name the allowed keys with --allowed-signers FILE ({Said(check)})"
                    )
                : VerifySigner(name, text, signature, allowedSigners);
        }
        catch (InputException e)
        {
            return (null, e.Message);
        }
    }

    private static (bool? Holds, string Reason) VerifySigner(
        string name,
        string text,
        string signature,
        string allowedSigners
    )
    {
        ProgramResult signers = SshKeygen(null, "-Y", "find-principals", "-s", signature, "-f", allowedSigners);
        string signer = Said(signers).Split(' ')[0];
        string[] verify = ["-Y", "verify", "-f", allowedSigners, "-I", signer, "-n", Namespace, "-s", signature];
        ProgramResult check = SshKeygen(text, verify);
        return check.Done
            ? (true, $"{name} was signed by {signer}")
            : (false, $"{name} was not signed by anyone in {allowedSigners}: {Said(check)}");
    }

    private static string Said(ProgramResult answer) => OneLine.Of($"{answer.Output} {answer.Error}");

    private static ProgramResult SshKeygen(string? input, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("ssh-keygen", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = input is not null,
        };
        return ExternalProgram.Run(start, input)
            ?? throw new InputException(ProblemCodes.Head, "ssh-keygen cannot be started; install OpenSSH");
    }
}
