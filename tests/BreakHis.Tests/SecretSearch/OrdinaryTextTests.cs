using BreakHis.SecretSearch;
using Xunit;

namespace BreakHis.Tests.SecretSearch;

/// <summary>Ordinary source and settings that use words such as token and key.</summary>
public sealed class OrdinaryTextTests
{
    [Theory]
    [InlineData("a.py", "IMAGE_PATH_KEY = \"image_path_relative\"")]
    [InlineData("a.py", "self.password = self.distribution.password")]
    [InlineData("a.py", "LABEL_KEY = \"tumour_subtype_label\"")]
    [InlineData("a.py", "pad_token = tokenizer.pad_token_id")]
    [InlineData("a.py", "token = Keyword.Reserved")]
    [InlineData("a.yaml", "eos_token: \"<|endoftext|>\"")]
    [InlineData("a.yaml", "tokenizer_token: bert-base-uncased-v2")]
    [InlineData("a.py", "mask_token = \"[MASK_TOKEN_12]\"")]
    [InlineData("a.py", "hidden_token = hidden_states.mean")]
    [InlineData("a.py", "cls_token = self.cls_token.expand")]
    [InlineData("a.py", "self.cls_token = nn.Parameter")]
    [InlineData("a.py", "PRIMARY_KEY = \"patient_id_2\"")]
    [InlineData("a.py", "  num_tokens_per_token: int = 4096")]
    [InlineData("a.py", "CACHE_KEY = \"features_resnet18_v2\"")]
    [InlineData("a.py", "SORT_KEY = operator.itemgetter")]
    [InlineData("a.py", "key_access_key: Callable")]
    [InlineData("a.yaml", "x-token: layer4.0.conv1")]
    [InlineData("a.py", "password = args.password1")]
    [InlineData("a.py", "token = os.environ.get")]
    [InlineData("a.py", "secret = config.secret_key")]
    [InlineData("a.js", "password = request.form.password")]
    [InlineData("a.ts", "  token: string-literal")]
    [InlineData("a.ts", "  accessToken: undef" + "ined1")]
    [InlineData("x.deps.json", "\"NuGet.Credentials\": \"6.0.0-rc.1\"")]
    [InlineData("a.json", "{\"key_sha256\": \"bb1636883c2707b51c5b7fc26c6927af\"}")]
    [InlineData("a.yaml", "features_key: bb1636883c2707b51c5b7fc26c6927af")]
    [InlineData("a.cpp", "auto token = Token::Identifier2;")]
    [InlineData("a.xml", "<add key=\"TestProjectRetargetTo35Allowed\" value=\"true\" />")]
    [InlineData("a.yaml", "password_hash: sha512")]
    [InlineData("a.py", "password = getpass(\"Password 1: \")")]
    [InlineData("a.py", "h = {\"Authorization\": f\"Bearer {token_1}\"}")]
    [InlineData("a.sh", "docker run -u 1000:1000 image")]
    [InlineData("a.sh", "curl -u \"$USER_1:$PASS_1\" x")]
    [InlineData("a.md", "curl -u user:password https://example.org")]
    [InlineData("a.sh", "curl -u me:$(cat token) x")]
    [InlineData("a.sh", "sort -u images:labels | curl -T - x")]
    [InlineData("a.sh", "echo $TOKEN | docker login --password-stdin")]
    [InlineData("a.md", "echo PASSWORD | docker login --password-stdin")]
    [InlineData("a.md", "https://user:password@example.org")]
    [InlineData("a.py", "print(f\"password={password!r}\")")]
    [InlineData("a.txt", "the password sha256-based schemes use")]
    [InlineData("a.sh", "aws configure set region us-west-2")]
    [InlineData("a.sh", "aws configure set default.region eu-central-1")]
    [InlineData("a.tf", "/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c")]
    [InlineData("a.sh", "az login --tenant b24988ac-6180-42a0-ab88-20f7382dd24c")]
    [InlineData("a.py", "client.conf" + "igure(\n    key=\"resnet50_v2\",\n)")]
    [InlineData("a.py", "from x import AuthorizationV1beta1Api")]
    [InlineData("a.py", "'grant_type=authorization_code&code=sh35ksdf09sf&foo=bar'")]
    [InlineData(
        "a.sh",
        "aws ecr get-login-password | docker login --username AWS --pass"
            + "word-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com"
    )]
    [InlineData("a.sh", "curl -sf \"$URL?at=$(date -u +%Y-%m-%dT%H:%M:%SZ)\"")]
    [InlineData("a.txt", "slides identified by SOB_M_DC-14-2523")]
    [InlineData("a.txt", "Regions identified by HoVer-Net2")]
    [InlineData("a.txt", "secretome: GSE12345")]
    [InlineData("a.txt", "secretions: mucin4,mucin7")]
    [InlineData("a.txt", "sk-learn-baseline-2024-resnet18-inception")]
    [InlineData("a.txt", "glpat-patches-histology-224")]
    public void Ordinary_text_is_no_secret(string path, string text) => Assert.Null(Secrets.Find(text, path));

    /// <summary>1 MiB of each: a search that is not linear would not end.</summary>
    [Theory]
    [InlineData("token")]
    [InlineData("-u ")]
    [InlineData("--password-stdin ")]
    [InlineData("key=(#")]
    [InlineData("A_")]
    [InlineData("A_KEY_")]
    [InlineData("eyJ-")]
    [InlineData("a://")]
    [InlineData("pass=")]
    [InlineData("key={\"")]
    [InlineData("ACGT")]
    [InlineData("deadbeef")]
    [InlineData("<key>")]
    [InlineData("-----BEGIN ")]
    [InlineData("\"username\":\"a\",")]
    [InlineData(" ")]
    public void Long_lines_are_searched(string part) =>
        Assert.Null(Secrets.Find(string.Concat(Enumerable.Repeat(part, (1 << 20) / part.Length)), "a.txt"));

    [Theory]
    [InlineData(".envrc", true)]
    [InlineData("a/.vault-token", true)]
    [InlineData("KAGGLE.JSON", true)]
    [InlineData("secrets.yml", true)]
    [InlineData("vault-token", true)]
    [InlineData("tokens.py", false)]
    [InlineData("passwords.cs", false)]
    public void File_names_are_compared_without_case(string path, bool expected) =>
        Assert.Equal(expected, Secrets.IsFileName(path));
}
