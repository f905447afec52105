using System.Globalization;
using BreakHis.SecretSearch;
using Xunit;

namespace BreakHis.Tests.SecretSearch;

/// <summary>What looks like a secret, and what only resembles one. None of these texts is a secret.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE " + "KEY-----\nb3Bl\n", "a private key")]
    [InlineData("+-----BEGIN RSA PRIVATE " + "KEY-----", "a private key")]
    [InlineData("-----BEGIN PRIVATE " + "KEY-----", "a private key")]
    [InlineData("-----BEGIN PGP PRIVATE " + "KEY BLOCK-----", "a private key")]
    [InlineData("PuTTY-User-Key-" + "File-3: ssh-ed25519", "a private key")]
    [InlineData("aws = AKIA" + "ABCDEFGHIJKLMNOP", "an access token")]
    [InlineData("x ghp_" + "0123456789abcdefghijABCDEFGHIJ012345 y", "an access token")]
    [InlineData("github_pat_" + "0123456789abcdefghijAB_x", "an access token")]
    [InlineData("glpat-" + "0123456789abcdefghij", "an access token")]
    [InlineData("xoxb-" + "0123456789-abc", "an access token")]
    [InlineData("AIza" + "0123456789abcdefghijABCDEFGHIJ01234", "an access token")]
    [InlineData("login(hf_" + "0123456789abcdefghijABCDEFGHIJ)", "an access token")]
    [InlineData("sk-" + "proj-0123456789abcdefghij", "an access token")]
    [InlineData("npm_" + "0123456789abcdefghijABCDEFGHIJ012345", "an access token")]
    [InlineData("sk_live_" + "0123456789abcdef", "an access token")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN", "an access token")]
    [InlineData("{\"username\":\"me\",\"key\":\"0123456789abcdef\"}", "an access token")]
    [InlineData("remote = https://me:hunter2@example.org/a.git", "a password in an address")]
    [InlineData("+API_TOKEN = \"tracked-edit-7\"", "a password or key")]
    [InlineData("KAGGLE_KEY=kaggle-0123456789", "a password or key")]
    [InlineData("export WANDB_API_KEY=0123456789abcdef0123456789abcdef01234567\r\n", "a password or key")]
    [InlineData("  db_password: hunter2hunter2", "a password or key")]
    [InlineData("\"clientSecret\": \"aB3dE5fG\"", "a password or key")]
    [InlineData("os.environ['HF_TOKEN'] = 'abcdefgh1'", "a password or key")]
    [InlineData("<add key=\"ClearTextPassword\" value=\"abcdefgh1\" />", "a password or key")]
    [InlineData("passphrase = 'correcthorsebatterystaple'", "a password or key")]
    public void Secrets_are_recognised(string text, string kind)
    {
        Assert.Equal(kind, Secrets.Find(text));
        Assert.Equal(kind, Secrets.Find($"diff --git a/x b/x\n@@ -1 +1,2 @@\n a\n+{text}"));
    }

    /// <summary>A password that people choose, rather than a random one.</summary>
    [Theory]
    [InlineData("a.js", "const password = () => { return '@'; };")]
    [InlineData("a.cs", "string Password() { return \"@\"; }")]
    [InlineData("a.kt", "fun password() = \"@\"")]
    [InlineData("a.csv", "user,password\nme,@\n")]
    [InlineData("a.csv", "\uFEFFpassword;user\r\n@;me\r\n")]
    [InlineData("a.ipynb", "\"%env DB_PASSWORD=@\\n\"")]
    [InlineData("a.yaml", "db_password: &pw\n  @\n")]
    [InlineData("a.config", "<setting name=\"Password\">\n  <value>@</value>\n</setting>")]
    public void Chosen_passwords_are_recognised(string path, string form) =>
        Assert.NotNull(Secrets.Find(form.Replace("@", "Summer" + "-2024!", StringComparison.Ordinal), path));

    [Theory]
    [InlineData("sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("\"contentHash\": \"oR2qwAeXJcrAdFQ2yZJTBQxDcuBwq+vP0xsxwLR4dQNiYWmKpwKAPMJpcZDNAbrm\"")]
    [InlineData("\"integrity\": \"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZ==\"")]
    [InlineData("Include=\"X, Version=1.0.0.0, PublicKeyToken=b77a5c561934e089\"")]
    [InlineData("<PublicKeyToken>b77a5c561934e089</PublicKeyToken>")]
    [InlineData("publicKeyToken = \"b77a5c561934e089\"")]
    [InlineData("token = tokens[i1]")]
    [InlineData("string token = Next(3);")]
    [InlineData("var accessToken = await GetTokenAsync(user1);")]
    [InlineData("CancellationToken cancellation = default;")]
    [InlineData("eos_token = \"<|endoftext|>\"")]
    [InlineData("password = \"${DB_PASSWORD_1}\"")]
    [InlineData("password: <your-password-1>")]
    [InlineData("api_key = os.environ['API_KEY_1']")]
    [InlineData("API_KEY=your-key-here-1")]
    [InlineData("\"token\": \"the token of the request 1\"")]
    [InlineData("max_tokens: 4096")]
    [InlineData("tokenizer = \"bert-base-uncased-v2\"")]
    [InlineData("https://example.org:8443/a@b")]
    [InlineData("git@example.org:a/b.git")]
    [InlineData("-----BEGIN PUBLIC KEY-----")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKx0 me@here")]
    [InlineData("seeds: [1, 2, 3]\nthreads: 2\n")]
    public void Digests_lock_files_and_ordinary_source_are_not_secrets(string text) => Assert.Null(Secrets.Find(text));

    /// <summary>The key of an example in a standard (FIPS 197), as numbers.</summary>
    [Theory]
    [InlineData("byte[] secretKey = { @ };", true)]
    [InlineData("api_key = [@]", true)]
    [InlineData("var password = new byte[] { @ };", true)]
    [InlineData("private_key = bytes([@])", true)]
    [InlineData("key = [@]", true)]
    [InlineData("const uint8_t key[16] = {@};", true)]
    [InlineData("const uint8_t key[AES_LENGTH] = {@};", true)]
    [InlineData("byte[] key = new byte[16] { @ };", true)]
    [InlineData("byte[] key =\n[\n    @, // ] of a service\n];", true)]
    [InlineData("tokens = [@]", false)]
    [InlineData("key_points = [@, 300]", false)]
    [InlineData("key = [@, 1]", false)]
    public void Keys_written_as_numbers_are_recognised(string form, bool expected)
    {
        byte[] key = Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c");
        string numbers = string.Join(", ", key.Select(b => $"0x{b:x2}"));

        Assert.Equal(expected, Secrets.Find(form.Replace("@", numbers, StringComparison.Ordinal)) is not null);
    }

    /// <summary>The same key with casts, in decimal numbers and with escapes.</summary>
    [Theory]
    [InlineData("key = {@};", "(byte)0x", ", ", true)]
    [InlineData("key = b\"@\"", "\\x", "", true)]
    [InlineData("char *aes_key = \"@\";", "\\x", "", true)]
    [InlineData("aes_key = bytes([@])", null, ", ", true)]
    [InlineData("key = [@]", null, ", ", false)]
    public void Keys_written_as_other_bytes_are_recognised(string form, string? prefix, string between, bool expected)
    {
        byte[] key = Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c");
        string bytes = string.Join(
            between,
            key.Select(b => prefix is null ? $"{b}" : string.Create(CultureInfo.InvariantCulture, $"{prefix}{b:x2}"))
        );

        Assert.Equal(expected, Secrets.Find(form.Replace("@", bytes, StringComparison.Ordinal)) is not null);
    }

    /// <summary>A text of a standard, and no key.</summary>
    [Fact]
    public void Letters_written_as_bytes_are_no_key() =>
        Assert.Null(
            Secrets.Find(
                "#define CLIENT_KEY_LABEL2 \"\\x73\\x65\\x72\\x76\\x65\\x72\\x20\\x77\\x72\\x69\\x74\\x65\\x20\\x6b\\x65\\x79\""
            )
        );

    [Theory]
    [InlineData("a/.env", true)]
    [InlineData(".env.local", true)]
    [InlineData(".env.example", false)]
    [InlineData("prod.env", true)]
    [InlineData("x/kaggle.json", true)]
    [InlineData("id_ed25519", true)]
    [InlineData("id_ed25519.pub", false)]
    [InlineData("secrets.yaml", true)]
    [InlineData("Secrets.cs", false)]
    [InlineData("environment.yml", false)]
    [InlineData("keys.py", false)]
    public void Some_file_names_suggest_a_secret(string path, bool expected) =>
        Assert.Equal(expected, Secrets.IsFileName(path));

    /// <summary>Every text file of this repository is ordinary, except tests of secrets.</summary>
    [Fact]
    public void The_sources_of_this_tool_raise_no_alarm()
    {
        string root = BreakHis.Testing.SharedFolder.RepositoryRoot;
        string[] alarms =
        [
            .. ((string[])["src", "tests", "docs", "experiments"])
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
                )
                .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".yaml" or ".json" or ".csproj" or ".sql")
                .Where(file =>
                    !file.Contains("/obj/", StringComparison.Ordinal)
                    && !file.Contains("/bin/", StringComparison.Ordinal)
                )
                .Where(file => Path.GetFileName(file) is not ("SecretsTests.cs" or "GitProvenanceTests.cs"))
                .Select(file => (file, kind: Secrets.Find(File.ReadAllText(file))))
                .Where(found => found.kind is not null)
                .Select(found => $"{found.file}: {found.kind}"),
        ];
        Assert.Empty(alarms);
    }
}
