using System.Text;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>No secret of a changed file is in any recorded value, however it is encoded and whatever was done to it.</summary>
public sealed class ChangedSecretsTests
{
    private const string NoGit = "needs git";
    private const string Canary = "c4n4ry" + "Xq93kd";
    private const string Token = "hf" + "_" + Canary + "Xq93kdXq93kdXq93kd";

    public static TheoryData<string> SecretFiles =>
        [
            ".netrc",
            ".npmrc",
            ".pgpass",
            ".htpasswd",
            ".env",
            "conf/.env",
            ".git-credentials",
            ".dockercfg",
            "server.key",
            "secrets.yaml",
            ".pypirc",
            "credentials",
        ];

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [MemberData(nameof(SecretFiles))]
    public void A_deleted_file_with_the_name_of_a_secret_is_not_recorded(string name)
    {
        using GitRepository repository = Committed(name, $"x y {Canary}\n");
        File.Delete(repository[name]);

        Assert.Equal([name], Omitted(repository).Select(file => file.Path));
        Assert.Equal(OmissionKind.Secret, Assert.Single(Read(repository).Omitted).Kind);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData(false)]
    [InlineData(true)]
    public void A_renamed_file_with_the_name_of_a_secret_is_not_recorded(bool staged)
    {
        using GitRepository repository = Committed(".env", $"A=1\nB=x-{Canary}\n");
        File.Move(repository[".env"], repository["settings.py"]);
        File.AppendAllText(repository["settings.py"], "C=3\n");
        if (staged)
        {
            repository.Git("add", "-A");
        }

        Assert.Equal(
            [".env", "settings.py"],
            Omitted(repository).Select(file => file.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_file_with_the_name_of_a_secret_that_became_a_link_is_not_recorded()
    {
        using GitRepository repository = Committed("server.key", Canary);
        File.Delete(repository["server.key"]);
        File.CreateSymbolicLink(repository["server.key"], "a");

        Assert.Equal(["server.key"], Omitted(repository).Select(file => file.Path));
    }

    public static TheoryData<string, byte[]> Contents =>
        new()
        {
            { "latin1.py", [.. "# caf"u8, 0xE9, (byte)'\n', .. Ascii($"t = \"{Token}\"\n")] },
            { "utf16.cs", Encoding.Unicode.GetBytes($"t = \"{Token}\"") },
            { "utf16.reg", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"password={Canary}")] },
            { "data.pkl", [0x80, 4, 0, 0, .. Ascii(Token), 0, 1] },
            { "key.bin", [0, 0xFF, .. Ascii($"-----BEGIN RSA PRIVATE {"KEY"}-----\n{Canary}\n")] },
            { "key.txt", Ascii($"-----BEGIN RSA PRIVATE {"KEY"}-----\n{Canary}\n") },
            { "nb.ipynb", Ascii($"{{\"source\": [\"os.environ[\\\"API_KEY\\\"] = \\\"{Canary}\\\"\\n\"]}}") },
        };

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [MemberData(nameof(Contents))]
    public void A_secret_in_a_changed_file_is_not_recorded_in_any_encoding(string name, byte[] content)
    {
        using GitRepository repository = Committed(name, "a");
        repository.Write(name, content);
        Assert.Equal([name], Omitted(repository).Select(file => file.Path));

        repository.Commit();
        repository.Write(name, "b");
        Assert.Equal([name], Omitted(repository).Select(file => file.Path));

        repository.Write(name, "a");
        repository.Commit();
        repository.Write("untracked-" + name, content);
        Assert.Equal(["untracked-" + name], Omitted(repository).Select(file => file.Path));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_token_in_a_name_or_in_the_target_of_a_link_is_not_recorded()
    {
        using GitRepository repository = Committed("a", "a");
        repository.Write($"{Token}.py", "x = 1\n");
        File.CreateSymbolicLink(repository["link"], $"/srv/{Token}");

        IReadOnlyList<OmittedFile> omitted = Omitted(repository);

        Assert.Equal(["link", "withheld"], omitted.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.All(Read(repository).Omitted, omission => Assert.Equal(OmissionKind.Secret, omission.Kind));
        Assert.DoesNotContain(Token, string.Join('\n', Read(repository).Notes), StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("ACGTACGTTTGACCATTGACCAGTACCA\n")]
    [InlineData("ABCDEFGH_")]
    [InlineData("deadbeef00112233")]
    public void A_large_changed_text_is_recorded(string part)
    {
        using GitRepository repository = Committed("data.txt", "a");
        repository.Write("data.txt", string.Concat(Enumerable.Repeat(part, 15_500_000 / part.Length)));

        IReadOnlyList<ProvenanceEntry> facts = GitFacts.Of(repository.Path);

        Assert.Contains(facts, fact => fact.Name == ProvenanceNames.GitPatch);
        Assert.DoesNotContain(facts, fact => fact.Name == ProvenanceNames.GitNotInPatch);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void Many_untracked_files_below_a_folder_with_tracked_files_are_counted()
    {
        using GitRepository repository = Committed("env/README", "a");
        for (int i = 0; i <= 1000; i++)
        {
            repository.Write($"env/p{i % 11}/{i}.py", "1\n");
            repository.Write($"{i}.json", "a result of which the hash is recorded\n");
        }

        repository.Write("env/README", "b");
        repository.Write("spec.yaml", "name: x\n");
        IReadOnlyList<ProvenanceEntry> facts = GitFacts.Of(repository.Path);

        Assert.Equal(
            [
                new OmittedFile("withheld", "./", "1001 untracked files in a folder with tracked files"),
                new OmittedFile("withheld", "env/", "1001 untracked files in a folder with tracked files"),
            ],
            Omitted(repository)
        );
        Assert.Equal(
            ["diff --git a/env/README b/env/README", "diff --git a/spec.yaml b/spec.yaml"],
            Value(facts, ProvenanceNames.GitPatch)
                .Split('\n')
                .Where(line => line.StartsWith("diff", StringComparison.Ordinal))
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void The_hash_of_a_short_untracked_file_is_not_recorded()
    {
        using GitRepository repository = Committed("a", "a");
        repository.Write("pin.txt", "4711");
        repository.Write("31.txt", new string('a', 31));
        repository.Write("32.txt", new string('a', 32));

        IReadOnlyList<OmittedFile> omitted = Omitted(repository);

        Assert.Equal(
            [("31.txt", true), ("32.txt", false), ("pin.txt", true)],
            omitted.Select(file => (file.Path, file.IsWithheld))
        );
        Assert.DoesNotContain(Read(repository).Omitted, omission => omission.Kind == OmissionKind.Secret);
        Assert.Empty(Read(repository).Notes);
    }

    private static GitRepository Committed(string name, string text)
    {
        var repository = new GitRepository();
        repository.Write("a", "a");
        repository.Write(name, text);
        repository.Git("add", "-f", name);
        repository.Commit();
        return repository;
    }

    /// <summary>Returns what the patch omits, after checking that nothing that is recorded has a secret.</summary>
    private static IReadOnlyList<OmittedFile> Omitted(GitRepository repository)
    {
        CodeState code = Read(repository);
        IReadOnlyList<ProvenanceEntry> facts = code.Entries;
        Assert.DoesNotContain(facts, fact => fact.Value.Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(facts, fact => fact.Value.Contains("GIT binary patch", StringComparison.Ordinal));
        IReadOnlyList<OmittedFile> recorded = OmittedFile.From(Value(facts, ProvenanceNames.GitNotInPatch))!;
        Assert.Equal(code.Omitted.Select(omission => omission.File), recorded);
        return recorded;
    }

    private static CodeState Read(GitRepository repository) =>
        GitProvenance.Read(repository.Path, recordUntracked: false, []);

    private static string Value(IReadOnlyList<ProvenanceEntry> facts, string name) =>
        facts.Single(fact => fact.Name == name).Value;

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
