using System.Text.RegularExpressions;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests;

/// <summary>What no source file does.</summary>
public sealed partial class SourceTests
{
    private const SearchOption Everywhere = SearchOption.AllDirectories;

    [Fact]
    public void No_exception_message_is_parsed() => Assert.Empty(Found(ParsedMessage()));

    /// <summary>The matches in the product's source files, each with its file.</summary>
    private static IEnumerable<string> Found(Regex pattern)
    {
        string[] files =
        [
            .. ((string[])["src", "build"])
                .SelectMany(folder => Directory.EnumerateFiles(SharedFolder.InRepository(folder), "*.cs", Everywhere))
                .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj", StringComparer.Ordinal)),
        ];
        Assert.True(files.Length > 200, "the test sees the source files");
        return files.SelectMany(file =>
            pattern.Matches(File.ReadAllText(file)).Select(match => $"{file}: {match.Value}")
        );
    }

    [GeneratedRegex(
        @"\.Message\)?\s*\.(Split|StartsWith|EndsWith|Contains|IndexOf|LastIndexOf|Substring)\(|(Parse|Match|Matches)\([^;]*\.Message\b",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ParsedMessage();
}
