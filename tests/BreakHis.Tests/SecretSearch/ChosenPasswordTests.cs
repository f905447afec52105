using BreakHis.SecretSearch;
using Xunit;

namespace BreakHis.Tests.SecretSearch;

/// <summary>Passwords that people choose look like words, addresses and attributes.</summary>
public sealed class ChosenPasswordTests
{
    [Theory]
    [InlineData("a.yaml", "password: @@", "P@ssw0rd.2024")]
    [InlineData("a.yaml", "MYSQL_ROOT_PASSWORD: \"@@\"", "P@ssw0rd.2024")]
    [InlineData("a.ini", "password = @@", "Winter.2024")]
    [InlineData("a.py", "password = \"@@\"", "cmTbKoQfNz")]
    [InlineData("a.yaml", "password: @@", "qzxwvkjhpt")]
    [InlineData("a.sh", "DB_PASSWORD=@@", "ZQWXJKVBPM")]
    [InlineData("a.py", "DB_PW = \"@@\"", "Xk29vbQpLw")]
    [InlineData("a.py", "password = \"@@\"", "MWUFuXB" + "Vjdct")]
    [InlineData("a.yaml", "password: @@", "ibxUdld" + "XTPyL")]
    [InlineData("a.py", "api_key = \"@@\"", "qEwjkyU" + "VsWmflz" + "dEFResq" + "EDusTpk" + "rcSt")]
    [InlineData("a.py", "api_token = \"@@\"", "mvlaolf" + "tdpbgyj" + "exhmmpc" + "fomrien" + "riwn")]
    [InlineData("a.py", "# password: @@", "1dNHtpv" + "NqbHnFi")]
    [InlineData("a.cs", "x = 1; // password: @@", "1dNHtpv" + "NqbHnFi")]
    [InlineData("a.py", "#password: @@", "1dNHtpv" + "NqbHnFi")]
    [InlineData("a.yaml", "password:\n  @@\n", "AR27I79" + "WXiuLIX")]
    [InlineData("a.yaml", "password:\r\n  @@", "MWUFuXB" + "Vjdct")]
    [InlineData("a.py", "passwords = [\"@@\"]", "PSBecfH" + "HdjtfFZ")]
    [InlineData("a.json", "{\"password\": [\"@@\"]}", "nSdZqAj" + "vNBL1gz")]
    [InlineData("a.cs", "[\"Password\"] = \"@@\"", "xLmAxzJ" + "LJenuHj")]
    [InlineData("a.cs", "{ \"Password\", \"@@\" },", "DUrhhje" + "yxG4jDP")]
    [InlineData("a.R", "\"@@\" -> password", "DUrhhje" + "yxG4jDP")]
    [InlineData("a.sh", "tool --pass @@", "DUrhhje" + "yxGjDPq")]
    [InlineData("a.sh", "AZURE_DEVOPS_EXT_PAT=@@", "k3x7q2m5z4w6t3r7p2n5v4b6k3x7q2m5z4w6t3r7p2n5v4b6k3x7")]
    [InlineData("a.py", "SYNAPSE_PAT = \"@@\"", "Xk29vbQpLw7Zt4Rq8m")]
    [InlineData("a.py", "# API key: @@", "9f86d081884c7d659a2feaa0c55ad015")]
    [InlineData("a.py", "# wandb key: @@", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b")]
    [InlineData("pg.txt", "db.example.org:5432:shop:me:@@", "DUrhhje" + "yxG4jDP")]
    [InlineData("a.py", "token = \"@@\"", "9F86D081884C7D659A2FEAA0C55AD015")]
    public void They_are_found(string path, string text, string password) =>
        Assert.NotNull(Secrets.Find(text.Replace("@@", password, StringComparison.Ordinal), path));

    /// <summary>Words, also in other languages, and names in programs.</summary>
    [Theory]
    [InlineData("password = \"@@\"", "DatabasePassword")]
    [InlineData("password = \"@@\"", "kubernetesSecretName")]
    [InlineData("password = \"@@\"", "getUserPassword")]
    [InlineData("password = \"@@\"", "motDePasseOublie")]
    [InlineData("password = \"@@\"", "contrasenaSegura")]
    [InlineData("password = \"@@\"", "SOMESECRET")]
    [InlineData("password = \"@@\"", "abcdefghijkl")]
    [InlineData("password = [\"@@\"]", "githubActions")]
    [InlineData("api_key = \"@@\"", "configurationOfExperiments")]
    [InlineData("api_key = \"@@\"", "TheKeyOfTheServiceIsNotHere")]
    [InlineData("\"@@\" -> password", "DatabasePassword")]
    [InlineData("\"@@\" -> title", "DUrhhje" + "yxG4jDP")]
    [InlineData("FILE_PAT=@@", "img_[0-9]+_x2.png")]
    [InlineData("IMAGE_ID_PAT = \"@@\"", "[a-f0-9]{8}_x2")]
    [InlineData("# password: @@", "getPassword")]
    [InlineData("# the cache key: @@", "9f86d081884c7d659a2feaa0c55ad015")]
    [InlineData("password:\n  @@: x", "nested_key_2")]
    public void Words_are_not_found(string text, string words) =>
        Assert.Null(Secrets.Find(text.Replace("@@", words, StringComparison.Ordinal), "a.txt"));
}
