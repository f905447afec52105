using System.Globalization;
using System.Text;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>The largest input that is accepted, and the smallest that is not.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public void A_file_has_at_most_a_million_bytes(int bytes, bool accepted)
    {
        File.WriteAllText(_folder["a.yaml"], SpecTexts.Good + "\n#".PadRight(bytes - SpecTexts.Good.Length, 'x'));

        Assert.Equal(accepted, SpecReader.Read(_folder["a.yaml"], [], null).Problems.Count == 0);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Values_are_at_most_64_levels_deep(int lists, bool accepted) =>
        Assert.Equal(accepted, IsTaken($"a: {new string('[', lists)}{new string(']', lists)}"));

    [Theory]
    [InlineData(61, true)]
    [InlineData(62, false)]
    public void Aliases_count_with_their_depth(int last, bool accepted)
    {
        var deep = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i <= last; i++)
        {
            deep.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Assert.Equal(accepted, IsTaken(deep.ToString()));
    }

    [Theory]
    [InlineData(9997, true)]
    [InlineData(9998, false)]
    public void A_file_has_at_most_10000_values(int items, bool accepted) =>
        Assert.Equal(accepted, IsTaken($"a: [{string.Join(',', Enumerable.Repeat("x", items))}]"));

    [Theory]
    [InlineData(4997, true)]
    [InlineData(4998, false)]
    public void Aliases_count_with_all_their_values(int items, bool accepted) =>
        Assert.Equal(accepted, IsTaken($"a: &a [{string.Join(',', Enumerable.Repeat("x", items))}]\nb: *a"));

    [Theory]
    [InlineData("1..1000", 1000)]
    [InlineData("1..500,501..1000", 1000)]
    [InlineData("1..500,501..1001", 0)]
    [InlineData("1..1001", 0)]
    [InlineData("7..7", 1)]
    [InlineData("+7", 1)]
    public void There_are_at_most_1000_seeds(string text, int count)
    {
        (IReadOnlyList<long> seeds, Problem? problem) = SeedList.Parse(text);

        Assert.Equal((count, count == 0), (seeds.Count, problem is not null));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void There_are_at_most_32_files_in_a_chain_of_parents(int files, bool accepted)
    {
        File.WriteAllText(_folder["1.yaml"], SpecTexts.Good);
        foreach (int i in Enumerable.Range(2, files - 1))
        {
            File.WriteAllText(_folder[$"{i}.yaml"], $"extends: {i - 1}.yaml");
        }

        SpecFile file = SpecReader.Read(_folder[$"{files}.yaml"], [], null);

        Assert.Equal(accepted ? "" : "BH1014", string.Join(' ', file.Problems.Select(problem => problem.Code)));
    }

    [Fact]
    public void A_cycle_is_shown_from_its_first_file()
    {
        File.WriteAllText(_folder["a.yaml"], "extends: b.yaml");
        File.WriteAllText(_folder["b.yaml"], "extends: c.yaml");
        File.WriteAllText(_folder["c.yaml"], "extends: b.yaml");

        Problem problem = Assert.Single(SpecReader.Read(_folder["a.yaml"], [], null).Problems);

        Assert.Equal(("BH1014", _folder["c.yaml"]), (problem.Code, problem.File));
        Assert.EndsWith("b.yaml -> c.yaml -> b.yaml)", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("\"a\\u0007b\"")]
    [InlineData("[a.yaml]")]
    [InlineData("{}")]
    public void A_parent_is_the_path_of_a_file(string parent)
    {
        Problem problem = Assert.Single(SpecTexts.Problems($"name: a\nextends: {parent}"));

        Assert.Equal(("BH1014", 2, 10), (problem.Code, problem.Line, problem.Column));
    }

    /// <summary>A double has 53 bits for an integer.</summary>
    [Theory]
    [InlineData("9007199254740992.0", 1L << 53)]
    [InlineData("9007199254740994.0", null)]
    [InlineData("-9007199254740992.0", -1L << 53)]
    [InlineData("9007199254740993", (1L << 53) + 1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("1e2", 100L)]
    [InlineData("1.5", null)]
    public void Integers_may_be_written_as_decimals(string seed, long? expected)
    {
        SpecFile file = SpecTexts.File(SpecTexts.With("seeds: [1, 2]", $"seeds: [{seed}]"));

        Assert.Equal(expected is null ? "BH1008" : "", string.Join(' ', file.Problems.Select(p => p.Code)));
        Assert.Equal(expected, file.Variants.SingleOrDefault()?.Spec.Seeds[0]);
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void A_text_has_at_most_10000_characters(int length, bool accepted) =>
        Assert.Equal(
            accepted ? "" : "BH1011",
            string.Join(
                ' ',
                SpecTexts.Problems(SpecTexts.With("A good spec.", new string('x', length))).Select(p => p.Code)
            )
        );

    [Theory]
    [InlineData("extends: ${HOME}/a.yaml", "BH1017 1 10")]
    [InlineData("matrix: []", "BH1016 1 9")]
    [InlineData("matrix: a", "BH1016 1 9")]
    [InlineData("matrix: { determinism: [native, portable] }", "BH1016 1 11")]
    public void A_parent_has_no_variables_and_a_matrix_has_paths(string line, string problem) =>
        Assert.Contains(
            problem,
            SpecTexts.Problems($"{line}\n{SpecTexts.Good}").Select(p => $"{p.Code} {p.Line} {p.Column}"),
            StringComparer.Ordinal
        );

    [Theory]
    [InlineData("seeds", "write seeds at the top level; every combination runs with each seed")]
    [InlineData("name", "a matrix cannot vary this; expected the path of a setting, such as stages.bottleneck.epochs")]
    public void A_path_that_a_matrix_cannot_vary_is_answered_by_what_to_write(string path, string what) =>
        Assert.Contains(
            $"matrix: {path}: {what}",
            Assert.Single(SpecTexts.Problems($"matrix: {{ {path}: [1, 2] }}\n{SpecTexts.Good}")).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("matrix.threads=[1]", "BH1015")]
    [InlineData("matrix=null", "")]
    [InlineData("matrix={ threads: [1, 3] }", "")]
    [InlineData("stages.bottleneck.optimizer.sgd=null", "")]
    [InlineData("stages.bottleneck.optimizer.sdg=null", "BH1005")]
    public void A_matrix_is_set_as_a_whole_and_null_for_an_alternative_changes_nothing(string set, string problems) =>
        Assert.Equal(
            problems,
            string.Join(
                ' ',
                SpecReader
                    .ReadText(SpecTexts.Good, "x.yaml", [set], null, _ => null)
                    .Problems.Select(p => p.Code)
                    .Order(StringComparer.Ordinal)
            )
        );

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public void Long_values_are_quoted_with_their_beginning(int length, bool isShortened)
    {
        string value = new('x', length);

        Assert.Contains(
            isShortened ? $"'{new string('x', 60)}...'" : $"'{value}'",
            Assert.Single(SpecTexts.Problems(SpecTexts.With("threads: 2", $"threads: {value}"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Surrogates_come_in_pairs()
    {
        (int, int)? Place(string about)
        {
            Problem? problem = SpecTexts.Problems(SpecTexts.With("A good spec.", about)).SingleOrDefault();
            return problem is null ? null : (problem.Line, problem.Column);
        }

        Assert.Null(Place("\ud83e\uddec"));
        Assert.Null(Place("x\ud83e\uddec\ud83e\uddecy"));
        Assert.Equal((2, 9), Place("x\ud83e"));
        Assert.Equal((2, 9), Place("x\uddec"));
        Assert.Equal((2, 8), Place("\uddec\ud83e"));
        Assert.Equal((2, 10), Place("\ud83e\uddec\uddec"));
    }

    [Fact]
    public void Tabs_and_line_ends_are_allowed_after_the_indentation()
    {
        Assert.Empty(SpecTexts.Problems(SpecTexts.With("threads: 2", "threads:\t2\t# two")));
        Assert.Equal(
            [("BH1002", 5, 1)],
            SpecTexts
                .Problems(SpecTexts.With("threads: 2", "threads: 2\n\t"))
                .Select(problem => (problem.Code, problem.Line, problem.Column))
        );
    }

    private static bool IsTaken(string yaml) => SpecTexts.Problems(yaml).All(problem => problem.Code != "BH1003");
}
