using BreakHis.SecretSearch;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.SecretSearch;

/// <summary>
/// The forms in which a value is written. "@@" stands for the value, so that this file contains nothing secret.
/// </summary>
public sealed class SecretFormsTests
{
    private const string Placeholder = "@@";

    // A value with letters, digits and capitals, in parts.
    private const string Value = "k1Q9" + "xw7Z" + "p3";

    private static readonly string[] Forms =
    [
        "DB_PASSWORD = \"@@$\"",
        "setenv WANDB_API_KEY @@\n",
        "#define WIFI_PASSWORD \"@@\"\n",
        "GITHUB_PAT=@@\n",
        "MDP=@@\n",
        "jwt: \"@@\"",
        "bearer = \"@@\"",
        "fernet = \"@@\"",
        "sessionid=@@\n",
        "passwords:\n  - @@\n",
        "passwords: [me, \"@@\"]",
        "passwords: [me, @@]",
        "passwords:\n  alice: @@\n",
        "basic_auth: [me, @@]",
        "unzip -P @@ slides.zip\n",
        "zip -P @@ slides.zip slides\n",
        "7z x -p@@ slides.7z\n",
        "redis-cli -h cache -a @@ ping\n",
        "mongosh -u me -p @@ db\n",
        "ldapsearch -D cn=me -w @@ cn=x\n",
        "openssl enc -d -pass pass:@@ -in x\n",
        "echo \"me:@@\" | chpasswd\n",
        "pw = \"@@\"",
        "ldap_bindpw: @@",
        "command: redis-server --requirepass @@\n",
        "export DB_PASSWORD='@@%9'",
        "password = \"" + "@@*K<2\"",
        "db_password: \"@@{9}x\"",
        "SECRET_KEY = \"" + "django-insecure-@@$w#%z(h\"",
        "url = \"postgres://me" + ":@@%40x@db.example.org/x\"",
        "postgres://me" + ":p%40@@@h",
        "\"source\": [\"os.environ[\\\"API_KEY\\\"] = \\\"@@\\\"\\n\"]",
        "\"source\": [\"password = \\\"@@\\\"\\n\"]",
        "\"source\": [\"password = '@@'\\n\"]",
        "api_key: @@ # mine",
        "export API_KEY=@@; python x",
        "API_KEY=@@ python x",
        "{ password: @@ }",
        "users: [ { name: me, password: @@ } ]",
        "export API_TOKEN=\"@@\" ",
        "var c = \"Server=tcp:db;User ID=sa;Password=@@;Encrypt=True\";",
        "{ \"Db\": \"Server=tcp:x,1433;User ID=sa;Password=@@;\" }",
        "FROM x\nENV API_KEY=@@\n",
        "FROM x\nENV API_KEY @@\n",
        "set API_KEY=@@\r\n",
        "$env:API_KEY = \"@@\"",
        "mysqldump --user=root --password=@@ db",
        "mysqldump --password @@ db",
        "mysql -u root -p@@ db",
        "curl -u me:@@ https://x/y",
        "curl --user 'me:@@' https://x/y",
        "curl --user=me:@@ https://x/y",
        "subprocess.run(['curl', '-u', 'me:@@'])",
        "subprocess.run([\"curl\", \"--user\", \"me:@@\"])",
        "curl -ume:@@ https://x/y",
        "subprocess.run([\"docker\", \"login\", \"-u\", \"me\", \"-p\", \"@@\"])",
        "docker login -ume -p@@",
        "printf \"@@\" | docker login -u me --password-stdin",
        "docker login -u me --password-stdin <<< \"@@\"",
        "smbclient //h/s -U me%@@",
        "echo @@ | docker login -u me --password-stdin",
        "echo '@@' | docker login --password-stdin -u me",
        "password = (\n    '@@'\n)",
        "password = (  # mine\n    '@@'\n)",
        "sshpass -p @@ ssh me@h",
        "sshpass -p '@@' ssh me@h",
        "h = {\"Authorization\": \"Bearer @@@@\"}",
        "curl -H 'Authorization: Bearer @@@@' x",
        "get(url, auth=(\"me\", \"@@\"))",
        "HTTPBasicAuth(\"me\", \"@@\")",
        "TOKEN: str = \"@@\"",
        "const apiKey: string = \"@@\";",
        "password = b\"@@\"",
        "password = r\"@@\"",
        "password = f\"@@\"",
        "password = \"\"\"@@\"\"\"",
        "password := `@@`",
        "api_key <- \"@@\"",
        "password = (\"@@\")",
        "token = f(\"@@\")",
        "password: >-\n  @@\n",
        "\"password\":\n  \"@@\"",
        "os.environ.setdefault(\"API_KEY\", \"@@\")",
        "parser.add_argument(\"--token\", default=\"@@\")",
        "<server><username>me</username><password>@@</password></server>",
        "<ApiKey>@@</ApiKey>",
        "<DbPassword>@@</DbPassword>",
        "<add key=\"ClearTextPassword\" value=\"@@\" />",
        "DB_PASS = \"@@\"",
        "pwd = \"@@\"",
        "export PGPASS=@@",
        "password2 = \"@@\"",
        "passwords = {\"me\": \"@@\"}",
        "PASSWORDS = [\"@@\"]",
        "api_key_openai = \"@@\"",
        "tokens = \"@@\"",
        "access_key_id=\"@@\"",
        "login(password = \"@@ correct horse battery\")",
        "machine h\n  login me\n  password @@\n",
        "login me, password @@",
        "[db]\npass = @@\n",
        "wandb login @@@@",
        "az storage --connection-string \"sv=2020&sig=@@%3D\"",
        "https://example.org/x.git?private_token=@@",
        "//registry.example.org/:_authToken=@@",
        "define('DB_PASSWORD', '@@');",
        "spring.datasource.password=@@",
        "- name: DB_PASSWORD\n  value: @@\n",
        "{\"name\": \"DB_PASSWORD\", \"value\": \"@@\"}",
        "<entry key=\"password\">@@</entry>",
        "<Password><![CDATA[@@]]></Password>",
        "variable \"db_password\" { default = \"@@\" }",
        "ALTER USER me IDENTIFIED BY '@@';",
        "ConvertTo-SecureString \"@@\" -AsPlainText",
        "docker login -u me -p @@ example.org",
        "docker run -e POSTGRES_PASSWORD=@@ postgres",
        "wandb.login(key=\"@@\")",
        "smtp.login(\"me@example.org\", \"@@\")",
        "const TOKEN: &str = \"@@\";",
        "final String PASSWORD = \"@@\";",
        "my password is @@",
        "passwort = \"@@\"",
        "password = \"a\\\"@@\"",
        "if (password == \"@@\")",
        "password: @@" + "g=",
        "api_key: @@" + "4==",
        "docker login \\\n  -u me \\\n  -p @@ \\\n  ghcr.io",
        "docker login ^\r\n  -u me ^\r\n  -p @@",
        "mysql -u root \\\n -p@@ db",
        "sshpass \\\n -p @@ ssh me@h",
        "docker login --password-stdin <<EOF\n@@\nEOF",
        "cat <<< @@ | docker login -u me --password-stdin",
        "curl -su me:@@ https://x/y",
        "curl -sSLu me:@@ https://x/y",
        "curl --proxy-user me:@@ https://x/y",
        "curl -u \"me\":\"@@\" https://x/y",
        "headers = {\"Authorization\": \"Token @@@@\"}",
        "curl -H \"Authorization: token @@@@\" x",
        "curl -H 'Authorization: @@@@' x",
        "public string Password { get; set; } = \"@@\";",
        "public string ApiKey { get; init; } = \"@@\";",
        "parser.add_argument(\n    \"--password\",\n    type=str,\n    default=\"@@\",\n)",
        "wandb.login(\n    key=\"@@\"\n)",
        "\"!echo '{\\\"username\\\":\\\"me\\\",\\\"key\\\":\\\"@@\\\"}' > kaggle.json\"",
        "{'username': 'me', 'key': '@@'}",
        "aws configure set aws_secret_access_key @@@@",
        "twine upload -u me -p @@ dist/*",
        "dotnet nuget add source https://x/y -u me -p @@",
        "CREATE LOGIN me WITH PASSWORD = N'@@';",
        "az storage blob list --account-key @@@@==",
        "wandb login --relogin @@@@",
        "const apiKey: string =\n  \"@@\";",
        "parser.add_argument(\"--token\", type=str, help=\"API token (see docs)\", default=\"@@\")",
        "session.headers[\"Authorization\"] = \"Token @@@@\"",
        "new AuthenticationHeaderValue(\"Bearer\", \"@@@@\")",
        "password: &x @@",
        "password: !!str @@",
        "password: !!str &x '@@'",
        "password: &x !!str @@",
        "? password\n: @@",
        "- value: @@\n  name: DB_PASSWORD\n",
        "- value: \"@@\"\n  name: \"DB_PASSWORD\"\n",
        "{\"value\": \"@@\", \"name\": \"DB_PASSWORD\"}",
        "<password type=\"text\">@@</password>",
        "<ns:password xml:space='preserve'>@@</ns:password>",
        "const string Password /* mine */ = \"@@\";",
        "const string Password = /* mine */ \"@@\";",
        "public string Password => \"@@\";",
        "public string Password {get;set;} = \"@@\";",
        "public string Password { get => \"@@\"; }",
        "public string Password { get { return \"@@\"; } }",
        "string GetPassword() => \"@@\";",
        "def password(self):\n    return \"@@\"",
        "function getPassword() { return '@@' }",
        "builder.WithPassword(\"@@\")",
        "client.setPassword('@@');",
        "new NetworkCredential(\"me\", \"@@\")",
        "new PasswordAuthentication(\"me\", \"@@\")",
        "requests.get(x, auth=HTTPDigestAuth('me', '@@'))",
        "senha = \"@@\"",
        "contraseña: @@",
        "wachtwoord=@@",
        "db_пароль = '@@'",
        "密码: @@",
        "密码：@@",
        "パスワード = \"@@\"",
        "wpa_psk=@@",
        "network={\n  ssid=\"x\"\n  psk=\"@@\"\n}",
        "db_cred = \"@@\"",
        "Cookie: session=@@@@",
        "Cookie: lang=en; theme=dark; sessionid=@@@@",
        "headers = {\"Cookie\": \"session=@@@@; a=b\"}",
        "requests.get(x, cookies={\"session\": \"@@@@\"})",
        "ngrok config add-authtoken @@@@",
        "ngrok authtoken @@@@",
        "dotnet nuget push x.nupkg -k @@@@ -s https://x/y",
        "poetry config pypi-token.pypi @@@@",
        "dvc remote modify --local r password @@",
        "npm config set //registry.example.org/:_authToken @@@@",
        "curl -b 'session=@@@@' https://x/y",
        "curl -b session=@@@@ https://x/y",
        "curl -s --cookie \"lang=en; session=@@@@\" https://x/y",
        "dotnet user-secrets set \"Db:Pwd\" \"@@\"",
        "dotnet user-secrets set Movies:ServiceKey @@",
        "conda config --set proxy_password @@",
        "gh secret set DEPLOY --body @@",
        "gh secret set DEPLOY --body=\"@@\" --repo me/x",
        "gh secret set DEPLOY -b '@@'",
        "poetry config http-basic.x user @@",
        "rclone config create remote webdav url https://x/y user me pass @@",
        "ALTER USER me IDENTIFIED BY \"@@\";",
        "ConvertTo-SecureString -String \"@@\" -AsPlainText -Force",
        "ConvertTo-SecureString -AsPlainText '@@' -Force",
        "\"source\": [\"%env DB_PASSWORD=@@\\n\"]",
        "\"source\": [\"%env DB_PASSWORD @@\\n\"]",
        "Das Passwort ist @@",
        "ПАРОЛЬ - @@",
        "parolă: @@",
        "ŞİFRE = \"@@\"",
        "clave: @@",
        "lozinka = \"@@\"",
        "geslo = \"@@\"",
        "암호: @@",
        "mật_khẩu = \"@@\"",
        "Mật khẩu: @@",
        "mot_de_passe = \"@@\"",
        "dbPasswort = \"@@\"",
        "db_heslo = \"@@\"",
        "| password | @@ |",
        "| Password | `@@` |",
        "| user | password |\n| --- | --- |\n| me | @@ |",
        "user,password\nme,@@",
        "user,password,mail\nme,@@,x@example.org",
        "\"user\";\"password\"\r\n\"me\";\"@@\"",
        "user\tpassword\nyou\tshort\nme\t@@",
        "passwords[\"me\"] = \"@@\"",
        "char password[MAX_LENGTH + 1] = \"@@\";",
        "- name: DB_PASSWORD\n  type: plain\n  value: @@",
        "- value: @@\n  type: plain\n  name: DB_PASSWORD",
        "variable \"db_password\" {\n  type = string\n  default = \"@@\"\n}",
        "variable \"db_password\" {\n  description = \"Of the database, v2\"\n  type        = string\n  sensitive   = true\n"
            + "  default     = \"@@\"\n}",
        "{\"name\": \"DB_PASSWORD\", \"type\": \"SecureString\", \"value\": \"@@\"}",
        "{\"key\": \"DB_PASSWORD\", \"value\": \"@@\"}",
        "{\"value\": \"@@\", \"key\": \"DB_PASSWORD\"}",
        "<add value=\"@@\" key=\"Password\"/>",
        "<Parameter Name=\"Password\" Type=\"String\" Value=\"@@\"/>",
        "<password value=\"@@\"/>",
        "<setting name=\"Password\" serializeAs=\"String\">\n  <value>@@</value>\n</setting>",
        "<property>\n  <name>x.password</name>\n  <value>@@</value>\n</property>",
        "<Password><Value>@@</Value></Password>",
        "<entry name=\"password\" encrypted=\"false\">@@</entry>",
        "<key>Password</key>\n<string>@@</string>",
        "string Password() { return @\"@@\"; }",
        "string Password() { return $\"@@\"; }",
        "def password():\n    return r\"@@\"",
        "def password():\n    return (\"@@\")",
        "def password():\n    # the server's own\n    return \"@@\"",
        "def password(self):\n    \"\"\"The server's own.\"\"\"\n    return \"@@\"",
        "string Password(string host, int port, string user, string database, bool isEncrypted, Func<int> f)\n{\n"
            + "    return \"@@\";\n}",
        "def get_password(host: str, port: int = 5432, user: str = \"me\", name: str = f(2)) -> str:\n    return \"@@\"",
        "password = lambda: \"@@\"",
        "const password = () => { return \"@@\"; };",
        "const password = function () { return \"@@\"; };",
        "fun password() = \"@@\"",
        "fun password(): String = \"@@\"",
        "public string Password\n{\n    get;\n    set;\n} = \"@@\";",
        "public string Password\n{\n    get\n    {\n        return \"@@\";\n    }\n}",
        "password: &pw\n  @@",
        "password: !vault |\n  @@",
        "password: >2-\n  @@",
        "password: |2\n  @@",
        "password: | # comment\n  @@",
        "? password # c\n: @@",
        "? password\n:\n  @@",
        "x: &db_password \"@@\"",
        "- &db_password @@",
        "- value: |\n    @@\n  name: DB_PASSWORD",
        "const password = // prod\n  \"@@\";",
        "x.SetPassword ( \"@@\" );",
        "x.AddPassword(\"@@\");",
        "builder.WithPassword(\n    \"@@\")",
        "x.Password(\"@@\")",
        "**Password:** @@",
        "- **Password**: `@@`",
    ];

    public static TheoryData<string> AllForms => [.. Forms];

    [Theory]
    [MemberData(nameof(AllForms))]
    public void A_value_is_found_in_every_form(string form)
    {
        string text = form.Replace(Placeholder, Value, StringComparison.Ordinal);

        Assert.NotNull(Secrets.Find(text));
        Assert.NotNull(Secrets.Find($"# first\nx = 1\n{text}\ny = 2\n"));
    }

    [Fact]
    public void A_random_token_is_found_in_every_form() =>
        Gen.Select(
                Gen.Int[0, Forms.Length - 1].Select(i => Forms[i]),
                // After a mixed beginning, so that no sample is a word by chance.
                Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789"].Array[28],
                Gen.Int[0, 2].Select(i => ((string[])["a1b2", "9z8y", "x7w6"])[i])
            )
            .Sample(
                (form, token, mixed) =>
                    Secrets.Find(form.Replace(Placeholder, mixed + new string(token), StringComparison.Ordinal))
                        is not null,
                iter: 2000
            );

    /// <summary>The letters of "key" in it made it a name of a secret.</summary>
    [Fact]
    public void A_random_token_may_contain_the_name_of_a_secret()
    {
        string drawn = string.Concat("9z8ymwke", "ywzizbh5", "uqfr602m", "l05w7r5d");

        Assert.NotNull(
            Secrets.Find(
                "echo '@@' | docker login --password-stdin -u me".Replace(Placeholder, drawn, StringComparison.Ordinal)
            )
        );
    }

    /// <summary>The same names and forms with what is no secret.</summary>
    [Theory]
    [MemberData(nameof(AllForms))]
    public void A_placeholder_is_a_secret_in_no_form(string form)
    {
        // Signs around the value make it a value, and two in a row are no placeholder.
        if (form.Contains("@@@@", StringComparison.Ordinal) || form.Contains("postgres", StringComparison.Ordinal))
        {
            return;
        }

        string quoted = form.Replace("@@$w#%z(h", "@@", StringComparison.Ordinal)
            .Replace("django-insecure-", "", StringComparison.Ordinal)
            .Replace("@@$", "@@", StringComparison.Ordinal)
            .Replace("@@%9", "@@", StringComparison.Ordinal)
            .Replace("@@*K<2", "@@", StringComparison.Ordinal)
            .Replace("@@{9}x", "@@", StringComparison.Ordinal)
            .Replace("@@%3D", "@@", StringComparison.Ordinal);
        foreach (string nothing in (string[])["${NAME_1}", "****************", "your-value-here"])
        {
            Assert.Null(Secrets.Find(quoted.Replace(Placeholder, nothing, StringComparison.Ordinal)));
        }
    }
}
