using System.Text;
using BreakHis.SecretSearch;
using Xunit;

namespace BreakHis.Tests.SecretSearch;

/// <summary>Secrets beside what nearly looks like them. "@@" stands for a random value.</summary>
public sealed class NearMissTests
{
    private const string Random = "k1Q9" + "xw7Z" + "p3Ls" + "8Tq2";

    private const string Guid = "53bc9b9d-9d6a-45d4-8429-2a2761773502";

    [Theory]
    [InlineData("a.csproj", "<UserSecretsId>" + Guid + "</UserSecretsId>", false)]
    [InlineData("a.csproj", "<UserSecretsId>aspnet-App-" + Guid + "</UserSecretsId>", false)]
    [InlineData("a.cs", "[assembly: UserSecretsId(\"" + Guid + "\")]", false)]
    [InlineData("a.json", "\"user_secrets_id\": \"" + Guid + "\"", false)]
    [InlineData("a.csproj", "<UserSecret>@@</UserSecret>", true)]
    public void The_identifier_of_user_secrets_is_none(string path, string text, bool expected) =>
        AssertFound(path, text, expected);

    [Theory]
    [InlineData("PASSWORD=\"${1:?usage}\"\n", false)]
    [InlineData("PASSWORD=\"${2?usage: $0 USER PASSWORD}\"\n", false)]
    [InlineData("PASSWORD=${1:?usage_v2}\n", false)]
    [InlineData("PASSWORD=${1:?usage_v2 of it}\n", false)]
    [InlineData("PASSWORD=${DB_PASSWORD:?set_it_in_v2}\n", false)]
    [InlineData("docker login -p ${DB_PASSWORD:?set_it_in_v2}\n", false)]
    [InlineData("PASSWORD=\"${1:?usage}@@\"\n", true)]
    [InlineData("PASSWORD=\"${1:-}\"\n", false)]
    [InlineData("PASSWORD=\"${1:" + "-@@}\"\n", true)]
    [InlineData("PASSWORD=${DB_PASSWORD:-@@}\n", true)]
    public void A_parameter_that_a_shell_demands_is_no_value(string text, bool expected) =>
        AssertFound("a.sh", text, expected);

    [Theory]
    [InlineData("slide_id_key=\"SOB_B_A-14-22549AB\"", false)]
    [InlineData("image_key = \"SOB_M_DC-14-2523-400-010\"", false)]
    [InlineData("image_token = \"SOB_B_TA-14-16184CD-40-001.png\"", false)]
    [InlineData("api_key = \"benign/SOB_B_PT-14-29315EF/40X\"", false)]
    [InlineData("secret = 'SOB_M_MC-14-18842D'", false)]
    [InlineData("api_key = \"SOB_B_A-14-22549AB@@\"", true)]
    [InlineData("api_key = \"SOB_@@\"", true)]
    public void A_name_of_BreaKHis_is_no_secret(string text, bool expected) => AssertFound("a.py", text, expected);

    [Theory]
    [InlineData("auth_token_env = \"HF_TOKEN_2024\"", false)]
    [InlineData("api_key_env_var: KAGGLE_KEY_2", false)]
    [InlineData("\"passwordEnv\": \"DB_PASSWORD_2\",", false)]
    [InlineData("secret_variable = 'CLIENT_SECRET_2'", false)]
    [InlineData("auth_token_env = \"@@\"", true)]
    [InlineData("auth_token_env = \"#\"", true)]
    [InlineData("auth_token = \"HF_@\"", true)]
    public void The_name_of_a_variable_is_no_secret(string text, bool expected) =>
        AssertFound(
            "a.toml",
            text.Replace("#", "A1B2" + "C3D4" + "E5F6", StringComparison.Ordinal)
                .Replace("HF_@", "HF_" + "TOKEN_2024", StringComparison.Ordinal),
            expected
        );

    [Theory]
    [InlineData("machine h.org login u password @", true)]
    [InlineData("machine h.org password @ login u", true)]
    [InlineData("machine h.org\n\tpassword @\n\tlogin u\n", true)]
    [InlineData("machine h.org password @ login anonymous", false)]
    [InlineData("The machine h.org password @ is shown", false)]
    [InlineData("machine h.org\n  login u\n  password @\n", true)]
    [InlineData("machine h.org\r\n\tlogin u\r\n\taccount a\r\n\tpassword @\r\n", true)]
    [InlineData("echo 'machine h.org login u password @' > ~/.x", true)]
    [InlineData("write(\"machine h.org\\nlogin u\\npassword @\\n\")", true)]
    [InlineData("default login u password @", true)]
    [InlineData("default login anonymous password @", false)]
    [InlineData("machine h.org login u password PASSWORD", false)]
    [InlineData("machine h.org login u password <your-@>", false)]
    [InlineData("machine h.org login u password $PASS", false)]
    [InlineData("f\"machine {host} login {user} password {pw_of_user}\"", false)]
    [InlineData("The machine shows the login page, where password fields appear", false)]
    public void Entries_of_netrc_are_recognised(string form, bool expected) =>
        AssertFound("a.cfg", form.Replace("@", "N3trc" + "Pw!77", StringComparison.Ordinal), expected);

    [Theory]
    [InlineData("a.js", "const apiKey = process.env.API_KEY || \"@@\";", true)]
    [InlineData("a.js", "const k = process.env.API_KEY || '@@';", true)]
    [InlineData("a.js", "const k = process.env.API_KEY ?? '@@';", true)]
    [InlineData("a.js", "const k = process.env['API_KEY'] || '@@';", true)]
    [InlineData("a.js", "const apiKey = cfg ? cfg.key : \"@@\";", true)]
    [InlineData("a.py", "api_key = cfg.key if cfg else \"@@\"", true)]
    [InlineData("a.py", "api_key = cfg.key or \"@@\"", true)]
    [InlineData("a.py", "tok = os.environ.get(\"API_KEY\") or \"@@\"", true)]
    [InlineData("a.py", "tok = os.getenv('DB_PASSWORD') or '@'", true)]
    [InlineData("a.rb", "k = ENV['API_KEY'] || '@@'", true)]
    [InlineData("a.js", "const apiKey = process.env.API_KEY || \"\";", false)]
    [InlineData("a.js", "const url = process.env.API_URL || \"@@\";", false)]
    [InlineData("a.js", "const apiKey = process.env.API_KEY || \"your-key-1\";", false)]
    [InlineData("a.py", "token = cfg.token if cfg else \"bert-base-uncased-v2\"", false)]
    [InlineData("a.py", "password = a.password or \"the second one\"", false)]
    [InlineData("a.py", "if token or \"resnet50_v2\" in name:", false)]
    [InlineData("a.py", "f(key=a, b=c or \"@@\")", false)]
    public void Values_for_want_of_another_are_recognised(string path, string text, bool expected) =>
        AssertFound(path, text.Replace("'@'", "'Summer" + "-2024!'", StringComparison.Ordinal), expected);

    [Theory]
    [InlineData("server.login(\"me@x.org\", \"@\")", true)]
    [InlineData("smtp_password = \"@\"", true)]
    [InlineData("server.login(\"me@x.org\", \"abcd efgh ijkl mnop\")", false)]
    [InlineData("server.login(\"me@x.org\", \"xxxx xxxx xxxx xxxx\")", false)]
    [InlineData("server.login(\"me@x.org\", \"this is wrong input\")", false)]
    [InlineData("title = \"@\"", false)]
    [InlineData("tokens = \"@\"", false)]
    public void A_password_in_four_groups_is_recognised(string text, bool expected) =>
        AssertFound("a.py", text.Replace("\"@\"", "\"xkjd " + "qwer zxcv asdf\"", StringComparison.Ordinal), expected);

    [Theory]
    [InlineData("apiVersion: v1\nkind: Secret\ndata:\n  foo: @\n", true)]
    [InlineData("kind: Secret\ndata: { foo: @ }\n", true)]
    [InlineData("data:\n  # of mine\n\n  foo: \"@\"\nkind: \"Secret\" # x\n", true)]
    [InlineData("kind: Secret\r\nstringData:\r\n  foo: summer house\r\n", true)]
    [InlineData("kind: Secret\nstringData:\n  a.ini: |\n    [x]\n    summer house\n", true)]
    [InlineData("kind: ConfigMap\n---\nkind: Secret\ndata:\n  foo: @\n", true)]
    [InlineData("kind: List\nitems:\n- kind: ConfigMap\n- kind: Secret\n  data:\n    foo: @\n", true)]
    [InlineData("{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"foo\": \"@\"\n  }\n}", true)]
    [InlineData("kind: ConfigMap\ndata:\n  foo: @\n", false)]
    [InlineData("kind: SealedSecret\ndata:\n  foo: @\n", false)]
    [InlineData("kind: Secret\ndata:\n  foo: @\n---\nkind: x\n", true)]
    [InlineData("kind: Secret\n---\nkind: ConfigMap\ndata:\n  foo: @\n", false)]
    [InlineData("kind: List\nitems:\n- kind: ConfigMap\n  data:\n    foo: @\n- kind: Secret\n  data: {}\n", false)]
    [InlineData("kind: Secret\nmetadata:\n  name: a-long-name\ndata: {}\ntype: Opaque\n", false)]
    [InlineData("kind: Secret\ndata:\n  foo: {{ .Values.foo | b64enc }}\n  bar: <base64-of-it>\n", false)]
    [InlineData("kind: Secret\ndata:\n  foo: ENC[AES256_GCM,data:x1y2z3,type:str]\n", false)]
    [InlineData("ref:\n  kind: Secret\ndata:\n  foo: @\n", false)]
    public void Secrets_of_Kubernetes_are_recognised(string form, bool expected)
    {
        string value = Convert.ToBase64String(Encoding.ASCII.GetBytes("my value 1"));

        AssertFound("a.yaml", form.Replace("@", value, StringComparison.Ordinal), expected);
    }

    private static void AssertFound(string path, string text, bool expected) =>
        Assert.Equal(expected, Secrets.Find(text.Replace("@@", Random, StringComparison.Ordinal), path) is not null);
}
