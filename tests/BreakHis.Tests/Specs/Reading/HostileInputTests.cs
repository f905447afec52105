using System.Globalization;
using System.Text;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Testing;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

public sealed class HostileInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("specs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "x.yaml(1,1): error BH1002: the file is empty")]
    [InlineData("# nothing\n\n# at all\n", "x.yaml(1,1): error BH1002: the file is empty")]
    [InlineData("---\n...\n", "x.yaml(2,4): error BH1008: expected a mapping (key: value)")]
    [InlineData("just text", "x.yaml(1,1): error BH1008: expected a mapping (key: value)")]
    [InlineData("- a\n- b\n", "x.yaml(1,1): error BH1008: expected a mapping (key: value)")]
    [InlineData("name: a\n\tthreads: 2\n", "x.yaml(2,1): error BH1002: tab in the indentation; use spaces")]
    [InlineData("name: a\ndata:\n  \tpath: x\n", "x.yaml(3,3): error BH1002: tab in the indentation; use spaces")]
    [InlineData("name: \0", "x.yaml(1,7): error BH1002: control character (U+0000)")]
    [InlineData("name: \u0085", "x.yaml(1,7): error BH1002: control character (U+0085)")]
    [InlineData(
        "name: a\n---\nname: b\n",
        "x.yaml(2,1): error BH1003: several documents in one file; write one spec per file"
    )]
    [InlineData("name: !thing a\n", "x.yaml(1,7): error BH1003: the tag '!thing' is not allowed; remove it")]
    [InlineData(
        "threads: !!int '2'\n",
        "x.yaml(1,10): error BH1003: the tag 'tag:yaml.org,2002:int' is not allowed; remove it"
    )]
    [InlineData("name: *a\n", "x.yaml(1,7): error BH1003: the alias '*a' has no anchor before it")]
    [InlineData("name: &a [*a]\n", "x.yaml(1,11): error BH1003: the alias '*a' has no anchor before it")]
    public void Unusable_text_is_one_problem(string yaml, string expected) =>
        Assert.Equal(expected, Assert.Single(SpecTexts.Problems(yaml)).ToString());

    [Theory]
    [InlineData("name: {")]
    [InlineData("name: 'a")]
    [InlineData("name: a: b")]
    [InlineData("name: @a")]
    [InlineData("name: \"\\q\"")]
    [InlineData("name: \"\\uD800\"")]
    [InlineData("name: \"\\UFFFFFFFF\"")]
    [InlineData("name: a\n threads: 2")]
    [InlineData("%YAML 9.9\n---\nname: a")]
    [InlineData("name: |9\n a")]
    // YamlDotNet throws or loses track of its position here.
    [InlineData("a:\n  b:\n    : 299\n    c: d")]
    [InlineData("data:\n  magnifications: [40, 100\n  label: subtype")]
    public void Malformed_YAML_is_a_problem_with_a_position(string yaml) =>
        Assert.Contains(SpecTexts.Problems(yaml), p => p is { Code: "BH1002", Line: > 0, Column: > 0 });

    [Fact]
    public void A_duplicate_key_refers_to_the_first_one() =>
        Assert.Equal(
            "x.yaml(4,1): error BH1004: duplicate key 'threads', first given in line 2",
            SpecTexts.Problems("name: a\nthreads: 1\n\nthreads: 2\n")[^1].ToString()
        );

    [Fact]
    public void A_key_is_a_single_word() =>
        Assert.Contains(
            "x.yaml(1,3): error BH1003: a key must be plain text",
            SpecTexts.Problems("? [a]\n: 1\n").Select(p => p.ToString()),
            StringComparer.Ordinal
        );

    // Not a row of the theory above, because strings in attributes are UTF-8, which cannot encode unpaired surrogates.
    [Fact]
    public void An_unpaired_surrogate_is_a_problem() =>
        Assert.Equal(
            "x.yaml(1,7): error BH1002: unpaired surrogate (U+D83D)",
            Assert.Single(SpecTexts.Problems("name: \ud83d")).ToString()
        );

    [Fact]
    public void Excessive_depth_is_a_problem()
    {
        Assert.Equal("BH1003", Assert.Single(SpecTexts.Problems(new string('[', 10_000))).Code);
        Assert.Equal("BH1003", Assert.Single(SpecTexts.Problems(Repeated("a: {", 10_000))).Code);
        Assert.Equal("BH1003", Assert.Single(SpecTexts.Problems(Repeated("- ", 10_000))).Code);
        string nested = string.Concat(Enumerable.Range(0, 10_000).Select(i => new string(' ', i % 200) + "a:\n"));
        Assert.Equal("BH1003", Assert.Single(SpecTexts.Problems(nested)).Code);
    }

    [Fact]
    public void Excessive_size_is_a_problem()
    {
        string path = Path.Combine(_folder, "large.yaml");
        File.WriteAllText(path, Repeated("# comment\n", 1_000_000));
        Assert.Equal("BH1003", Assert.Single(SpecReader.Read(path, [], null).Problems).Code);
        Assert.Equal("BH1003", Assert.Single(SpecTexts.Problems("a: [" + Repeated("1,", 100_000))).Code);
    }

    [Fact]
    public void Aliases_cannot_expand_exponentially()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 30; i++)
        {
            bomb.Append(
                CultureInfo.InvariantCulture,
                $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"
            );
        }

        Problem problem = Assert.Single(SpecTexts.Problems(bomb.ToString()));
        Assert.Equal("more than 10000 values, once aliases are expanded", problem.Message);
    }

    [Fact]
    public void Aliases_cannot_exceed_the_nesting_limit()
    {
        var deep = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 100; i++)
        {
            deep.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Problem problem = Assert.Single(SpecTexts.Problems(deep.ToString()));
        Assert.Equal("more than 64 levels of nesting, once aliases are expanded", problem.Message);
    }

    [Fact]
    public void Aliases_are_supported() =>
        Assert.Equal(
            new AdamSpec { LearningRate = 0.5 },
            SpecTexts
                .Read(
                    SpecTexts
                        .With("seeds: [1, 2]", "seeds: [1]")
                        .Replace(
                            "{ adam: { learning_rate: 0.001 } }",
                            "&o { adam: { learning_rate: 0.5 } }",
                            StringComparison.Ordinal
                        )
                        .Replace("batch_norm: inference", "optimizer: *o", StringComparison.Ordinal)
                )
                .Stages.FineTune!.Optimizer
        );

    [Fact]
    public void Invalid_UTF_8_is_a_problem_at_its_position()
    {
        string path = Path.Combine(_folder, "latin.yaml");
        File.WriteAllBytes(path, [.. "name: a\nabout: caf"u8, 0xE9, .. " au lait\n"u8]);

        Assert.Equal(
            $"{path}(2,11): error BH1002: invalid UTF-8 from this position on",
            Assert.Single(SpecReader.Read(path, [], null).Problems).ToString()
        );
    }

    [Fact]
    public void A_byte_order_mark_is_accepted()
    {
        string path = Path.Combine(_folder, "bom.yaml");
        File.WriteAllText(path, SpecTexts.Good, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Empty(SpecReader.Read(path, [], null).Problems);
    }

    [Fact]
    public void Windows_line_endings_are_accepted() =>
        Assert.Empty(SpecTexts.Problems(SpecTexts.Good.Replace("\n", "\r\n", StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("no-such-file.yaml")]
    [InlineData("no/such/folder.yaml")]
    [InlineData(".")]
    [InlineData("a\0b")]
    public void An_unreadable_file_is_a_problem(string path) =>
        Assert.Equal("BH1001", Assert.Single(SpecReader.Read(path, [], null).Problems).Code);

    [Fact]
    public void No_text_makes_the_reader_throw() =>
        Gen.Select(
                Gen.Int[0, SpecTexts.Good.Length],
                Gen.Int[0, 30],
                Gen.String[Gen.Char["a:{}[]-,&*!|>'\"%@`#?~\\ \n\t0.$<\u00e9\ufeff"], 0, 12]
            )
            .Sample(
                (at, length, inserted) =>
                {
                    int end = Math.Min(SpecTexts.Good.Length, at + length);
                    SpecFile file = SpecTexts.File(SpecTexts.Good[..at] + inserted + SpecTexts.Good[end..]);
                    Assert.True(file.Problems.Count > 0 || file.Variants.Count > 0);
                    Assert.All(file.Problems, p => Assert.DoesNotContain('\n', p.ToString()));
                },
                iter: Fuzzing.Iterations(2000),
                time: Fuzzing.Seconds
            );

    /// <summary>Replaces a valid value, so that this is the only problem.</summary>
    [Theory]
    [InlineData("threads: 2", "threads: .nan", "BH1008", 4, 10)]
    [InlineData("threads: 2", "threads: .inf", "BH1008", 4, 10)]
    [InlineData("threads: 2", "threads: -3", "BH1010", 4, 10)]
    [InlineData("threads: 2", "threads: 1e400", "BH1008", 4, 10)]
    [InlineData("threads: 2", "threads: 99999999999999999999", "BH1008", 4, 10)]
    [InlineData("seeds: [1, 2]", "seeds: [9223372036854775808]", "BH1008", 3, 9)]
    [InlineData("name: good", "name: ../up", "BH1011", 1, 7)]
    [InlineData("name: good", "name: /etc/passwd", "BH1011", 1, 7)]
    public void Values_of_the_wrong_kind_are_problems_with_a_position(
        string good,
        string hostile,
        string code,
        int line,
        int column
    )
    {
        SpecFile file = SpecTexts.File(SpecTexts.With(good, hostile));

        Problem problem = Assert.Single(file.Problems);
        Assert.Equal((code, line, column), (problem.Code, problem.Line, problem.Column));
        Assert.Empty(file.Variants);
    }

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
