using Xunit;

namespace BreakHis.Acceptance;

/// <summary>A member that reads what an exception says is found, however it does so.</summary>
public sealed class MessageReadsTests
{
    [Theory]
    [InlineData("e.Message.Contains('x')")]
    [InlineData("e.InnerException?.Message.Contains('x')")]
    [InlineData("e.Message == \"x\"")]
    [InlineData("e.Message is \"x\"")]
    [InlineData("e is { Message: \"x\" }")]
    [InlineData("e is { Message: ['x', ..] }")]
    [InlineData("e is { InnerException.Message: \"x\" }")]
    [InlineData("e is System.ArgumentException { Message: var m } && m.Length > 0")]
    [InlineData("((System.ArgumentException)e).Message.Length")]
    [InlineData("new System.Text.RegularExpressions.Regex(\"x\").IsMatch(e.Message)")]
    [InlineData("System.Text.RegularExpressions.Regex.Match(e.Message, \"x\")")]
    [InlineData("string.Equals(e.Message, \"x\", System.StringComparison.Ordinal)")]
    [InlineData("\"xyz\".Contains(e.Message)")]
    [InlineData("System.MemoryExtensions.StartsWith(e.Message, \"x\")")]
    [InlineData("e.Message switch { \"x\" => 1, _ => 2 }")]
    [InlineData("$\"{e.Message}\".StartsWith('x')")]
    [InlineData("$\"error: {e}\".Contains('x')")]
    [InlineData("(\"error: \" + e).Contains('x')")]
    [InlineData("(\"error: \" + e.Message)[0]")]
    [InlineData("(e is null ? \"\" : e.Message).Length")]
    [InlineData("(e.InnerException?.Message ?? \"\").Length")]
    [InlineData("e.ToString().Contains('x')")]
    [InlineData("e.InnerException?.ToString().Contains('x')")]
    [InlineData("System.Text.RegularExpressions.Regex.Match($\"{e.Message}\", \"x\")")]
    [InlineData("new System.Text.RegularExpressions.Regex(\"x\").Replace(N(e.Message), \"\")")]
    [InlineData("string.Join(' ', e.Message, \"x\").Contains('x')")]
    [InlineData("N(e.Message).Split('x')")]
    [InlineData("N(e.Message!) == \"x\"")]
    [InlineData("System.StringComparer.Ordinal.Equals(e.Message, \"x\")")]
    [InlineData("new System.Collections.Generic.HashSet<string>().Contains(e.Message)")]
    [InlineData("int.TryParse(e.Message, out _)")]
    [InlineData("System.Array.IndexOf(new[] { \"x\" }, e.GetBaseException().ToString())")]
    [InlineData("Is(e.Message)")]
    [InlineData("LineIn(e.Message)")]
    public void Reading_the_message_of_an_exception_is_seen(string expression) =>
        Assert.Single(Read($"object? M(System.Exception e) => {expression};"));

    [Fact]
    public void Reading_an_exception_s_own_message_is_seen() =>
        Assert.Single(MessageReads.In("c.cs", "class C : System.Exception { bool M() => Message.Contains('x'); }"));

    [Theory]
    [InlineData("string m = e.Message; return m.Contains('x');")]
    [InlineData("string m; m = $\"{e}\"; return m is \"x\";")]
    [InlineData("string m = e.ToString(); string n = N(m); return n.Length > 0;")]
    [InlineData("(string m, int n) = (e.Message, 1); return m.Contains('x');")]
    [InlineData("string[] m = [e.Message]; return m[0].Contains('x');")]
    [InlineData("foreach (char c in e.Message) { return true; } return false;")]
    public void Reading_a_variable_with_the_message_is_seen(string body) =>
        Assert.Single(Read($"bool M(System.Exception e) {{ {body} }}"));

    [Fact]
    public void The_member_that_reads_is_named() =>
        Assert.Equal("C.M", Assert.Single(Read("bool M(System.Exception e) => e.Message.Contains('x');")).Member);

    [Theory]
    [InlineData("e.Message")]
    [InlineData("e.ToString()")]
    [InlineData("e.InnerException?.Message ?? \"x\"")]
    [InlineData("new[] { N(e.Message), $\"{e}\" }")]
    [InlineData("W(() => N(e.Message))")]
    [InlineData("e is System.ArgumentException ? N($\"x: {e.Message}\") : null")]
    [InlineData("$\"{e.Message}, so stop\"")]
    [InlineData("e is null ? \"x\" : e.Message")]
    [InlineData("new System.InvalidOperationException(e.Message, e)")]
    [InlineData("M(new System.Exception(\"file: \" + e.Message))")]
    public void Passing_the_message_on_is_allowed(string expression) =>
        Assert.Empty(Read($"object? M(System.Exception e) => {expression};"));

    private static IReadOnlyList<MessageRead> Read(string member) =>
        MessageReads.In(
            "c.cs",
            $"class C {{ static string N(string text) => text; static bool Is(string text) => false; static int LineIn(string text) => 1; static string W(System.Action a) => \"\"; {member} }}"
        );
}
