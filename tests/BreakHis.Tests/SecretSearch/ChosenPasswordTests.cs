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
    [InlineData("a.py", "token = \"@@\"", "9F86D081884C7D659A2FEAA0C55AD015")]
    public void They_are_found(string path, string text, string password) =>
        Assert.NotNull(Secrets.Find(text.Replace("@@", password, StringComparison.Ordinal), path));
}
