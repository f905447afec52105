using System.Text;
using BreakHis.SecretSearch;
using Xunit;

namespace BreakHis.Tests.SecretSearch;

/// <summary>The documented forms of tokens and keys, put together from parts, and files that contain them.</summary>
public sealed class TokenTests
{
    private const string Digits = "0123456789";
    private const string Letters = "abcdefghijABCDEFGHIJ";
    private const string Hex = "0123456789abcdef0123456789abcdef";
    private const string Forty = Digits + Letters + Digits;

    public static TheoryData<string> Tokens =>
        [
            "hvs" + "." + Forty,
            "SG" + "." + Digits + Letters + "." + Forty,
            "dckr" + "_pat_" + Digits + Letters,
            "GOCSPX" + "-" + Digits + Letters,
            "ya29" + "." + Forty,
            "sk_" + "test_" + Digits + Letters,
            "sk_" + "live_" + Digits + Letters,
            "dapi" + "0123456789abcdef0123456789abcdef",
            "123456789" + ":AA" + Digits + Letters + "abc",
            "https://hooks.slack" + ".com/services/T0000/B0000/" + Digits + "ab",
            "https://x.blob.example.org/c?sv=2020" + "&sig=" + Digits + "aB1c%3D",
            "glpat" + "-" + Digits + Letters,
            "gsk" + "_" + Forty + Forty,
            "AKIA" + "ABCDEFGHIJ23456789",
            "lsv2" + "_pt_" + "0123456789abcdef0123456789abcdef" + "_" + Digits,
            "tvly" + "-" + Digits + Letters + "x",
            "pul" + "-" + "0123456789abcdef0123456789abcdef01234567",
            "tskey" + "-auth-" + Digits + "-" + Letters + Digits,
            "jina" + "_" + Forty,
            "pcsk" + "_" + Forty,
            "ntn" + "_" + Forty + Digits,
            "sbp" + "_" + "0123456789abcdef0123456789abcdef01234567",
            "PMAK" + "-" + "0123456789abcdef01234567" + "-" + Digits + Digits,
            "rpa" + "_" + Forty,
            "dp.pt" + "." + Forty,
            "xkeysib" + "-" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-" + Digits,
            "\\nhf" + "_" + Digits + Letters,
            "https://hooks.slack" + ".com/triggers/T0000/" + Digits + "/" + Digits + "ab",
            "https://discord" + ".com/api/v10/webhooks/" + Digits + "/" + Forty,
            "https://maker.ifttt" + ".com/trigger/door_opened/with/key/" + Forty,
            "https://maker.ifttt" + ".com/trigger/x/json/with/key/" + Forty,
            "hvs" + ".CAESI" + Letters,
            "sl" + "." + Forty + Forty + Forty + "-_" + Digits,
            "sl" + ".u." + Forty + Forty + Forty + "-_" + Digits,
            "abcdEFGH0123ij" + ".atlasv1." + Forty + Letters,
            "sntrys" + "_eyJpYXQi" + Forty + Letters,
            "sntryu" + "_" + Hex + Hex,
            "pat" + "abcdEFGH0123ij." + Hex + Hex,
            "secret" + "_" + Forty + "abc",
            "1//" + "0" + Forty + "-_" + Digits,
            "key" + "-" + Hex,
            "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GabcDe." + Forty[..38],
            "EAACEdEose0cBA" + Forty,
            "tfp" + "_" + Forty + "_" + Digits,
            "https://chat.example.org" + "/hooks/" + Digits + "abcdefgh" + "a1b2c3d4",
        ];

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Tokens_are_recognised(string token) =>
        Assert.Equal("an access token", Secrets.Find($"x = \"{token}\""));

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Tokens_are_recognised_in_files_of_every_encoding(string token)
    {
        string text = $"x = \"{token}\"\n";
        byte[] latin1 = [.. "# caf"u8, 0xE9, (byte)'\n', .. Encoding.ASCII.GetBytes(text)];
        byte[] binary = [0, 0xFF, 1, 2, 0, .. Encoding.ASCII.GetBytes(text), 0, 3];

        Assert.NotNull(Secrets.Find(latin1, "a.py"));
        Assert.NotNull(Secrets.Find(binary, "a.bin"));
        Assert.NotNull(Secrets.Find(Encoding.Unicode.GetBytes(text), "a.txt"));
        Assert.NotNull(Secrets.Find(Encoding.BigEndianUnicode.GetBytes(text), "a.txt"));
        Assert.NotNull(Secrets.Find(Encoding.UTF32.GetBytes(text), "a.txt"));
    }

    [Fact]
    public void A_token_in_a_pickle_is_recognised()
    {
        // The length comes before the text: here 51, which is the digit 3.
        byte[] pickle =
        [
            0x80,
            4,
            0x8C,
            7,
            .. "api_key"u8,
            0,
            0x8C,
            0x33,
            .. Encoding.ASCII.GetBytes("ghp" + "_" + Forty),
        ];

        Assert.NotNull(Secrets.Find(pickle, "a.pkl"));
    }

    [Fact]
    public void Passwords_in_utf16_are_recognised() =>
        Assert.NotNull(Secrets.Find(Encoding.Unicode.GetBytes("db_password: " + "hunter2hunter2\n"), "a.yaml"));

    [Fact]
    public void Encoded_private_keys_are_recognised_and_certificates_are_not()
    {
        static string Encoded(string kind) =>
            "data: " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"-----BEGIN {kind}-----\nMIIB\n"));

        Assert.Equal("a private key", Secrets.Find(Encoded("RSA PRIVATE " + "KEY")));
        Assert.Null(Secrets.Find(Encoded("CERTIFICATE")));
    }

    [Theory]
    [InlineData("$2b$12$", "", 53)]
    [InlineData("$2y$10$", "", 53)]
    [InlineData("$apr1$", "saltsalt$", 22)]
    [InlineData("$1$", "salt$", 22)]
    [InlineData("$5$rounds=5000$", "salt$", 43)]
    [InlineData("$6$", "salt$", 86)]
    [InlineData("$y$j9T$", "salt$", 43)]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=4$", "c2FsdHNhbHQ$", 43)]
    public void Hashes_of_passwords_are_recognised(string type, string salt, int length)
    {
        string hash = type + salt + (Forty + Forty + Forty)[..length];

        Assert.Equal("the hash of a password", Secrets.Find($"me:{hash}:19000:0:99999:7:::\n"));
        Assert.NotNull(Secrets.Find($"hash = \"{hash}\""));
    }

    [Fact]
    public void User_and_password_in_base_64_are_recognised()
    {
        string pair = Convert.ToBase64String("me:pass1"u8);

        Assert.NotNull(Secrets.Find($"Authorization: Basic {pair}"));
        Assert.NotNull(Secrets.Find($"{{\"auths\":{{\"example.org\":{{\"auth\":\"{pair}\"}}}}}}"));
    }

    [Theory]
    [InlineData("_START = b\"-----BEGIN OPENSSH PRIVATE " + "KEY-----\"\n_END = b\"x\"")]
    [InlineData("sk-" + "ssh-ed25519-cert-v01@openssh.example.org")]
    [InlineData("class=\"sk-toggleable__content sk-estimator-doc-link\"")]
    [InlineData(">protein\nMAKIA" + "ACDEFGHIKLMNPQRSTVWY\n")]
    [InlineData("https://example.org/a?sig=none&x=1")]
    [InlineData("MyModuleForTestsOfImages.models.ClassesForTestsOfSomethingLong")]
    [InlineData("cache-key-0123456789abcdef0123456789abcdef")]
    [InlineData("patient_0123456789.0123456789abcdef")]
    [InlineData("secret_key_of_a_module_with_quite_a_long_name_2")]
    [InlineData("costs $1 and $5$ or $6$ each")]
    [InlineData("a.py:1234:x:error:undefined")]
    [InlineData("https://example.org/hooks/abcdefghijklmnopqrstuvwxyz")]
    [InlineData("https://example.org/hooks/a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4")]
    [InlineData("https://maker.ifttt.com/trigger/resnet50_v2_finished_training_run")]
    public void What_resembles_a_token_is_none(string text) => Assert.Null(Secrets.Find(text));
}
