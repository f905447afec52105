using BreakHis.Reports;
using BreakHis.Reports.Sections;
using BreakHis.Reports.Templates;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Reports;

/// <summary>The format of numbers, strings and specs.</summary>
public sealed class ReportTextTests
{
    [Theory]
    [InlineData(0.8125, "81.3 %")]
    [InlineData(1, "100.0 %")]
    [InlineData(double.NaN, "not a number")]
    [InlineData(double.PositiveInfinity, "infinite")]
    public void Fractions_are_shown_as_percentages(double share, string expected) =>
        Assert.Equal(expected, Plain(NumberFormat.Percent(share)));

    [Theory]
    [InlineData(0.0312, "+3.1 pp")]
    [InlineData(-0.0312, "−3.1 pp")]
    [InlineData(0, "±0.0 pp")]
    public void Differences_have_a_sign(double difference, string expected) =>
        Assert.Equal(expected, Plain(NumberFormat.Points(difference)));

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(59.97, "1 min 00 s")]
    [InlineData(245, "4 min 05 s")]
    [InlineData(3725, "1 h 02 min")]
    [InlineData(double.NaN, "–")]
    public void Durations_have_suitable_units(double seconds, string expected) =>
        Assert.Equal(expected, Plain(NumberFormat.Duration(seconds)));

    [Theory]
    [InlineData(999, "999 bytes")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(96_204_552, "96.2 MB")]
    public void Lengths_have_decimal_units(long bytes, string expected) =>
        Assert.Equal(expected, Plain(NumberFormat.Bytes(bytes)));

    [Theory]
    [InlineData(0, 1, "0 of 1 image")]
    [InlineData(1, 1, "1 of 1 image")]
    [InlineData(1, 2, "1 of 2 images")]
    [InlineData(10, 1032, "10 of 1,032 images")]
    public void A_part_has_the_noun_of_its_count(long part, long count, string expected) =>
        Assert.Equal(expected, NumberFormat.Part(part, count, "image"));

    [Fact]
    public void A_probability_is_not_rounded_to_certainty()
    {
        Assert.Equal("> 0.999", NumberFormat.Probability(0.99999));
        Assert.Equal("1.000", NumberFormat.Probability(1));
        Assert.Equal("0.500", NumberFormat.Probability(0.5));
    }

    [Fact]
    public void Times_are_readable_and_other_texts_unchanged()
    {
        Assert.Equal("2026-11-24 10:15:00 UTC", NumberFormat.Moment("2026-11-24T10:15:00Z"));
        Assert.Equal("soon", NumberFormat.Moment("soon"));
    }

    [Theory]
    [InlineData("<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;")]
    [InlineData("größe 乳腺癌 🧬\n\t", "größe 乳腺癌 🧬\n\t")]
    [InlineData("a\r\0\u007f", "a␍␀␡")]
    [InlineData("\u061c\u200b\u00ad\U000E0041", "[U+061C][U+200B][U+00AD][U+E0041]")]
    [InlineData("a\u202eb\u2066\u0085\uffff", "a[U+202E]b[U+2066][U+0085][U+FFFF]")]
    public void Text_is_encoded_and_hidden_characters_are_visible(string text, string expected) =>
        Assert.Equal(expected, HtmlText.Encode(text));

    [Fact]
    public void Encoded_text_has_no_markup() =>
        Gen.String.Sample(text => HtmlText.Encode(text).IndexOfAny(['<', '>', '"', '\'', '\r', '\0']) < 0);

    [Fact]
    public void Spec_is_written_as_indented_lines()
    {
        var spec = new SpecDocument(
            """{"a":{"b":[1,2.50],"c":"x: y","d":{}},"e":null,"f":[{"g":"yes"},{"h":true}],"i":"40","k l":"line\nbreak"}"""
        );
        string[] expected =
        [
            "a:",
            "  b: [1, 2.50]",
            "  c: \"x: y\"",
            "  d: {}",
            "e: null",
            "f:",
            "  -",
            "    g: \"yes\"",
            "  -",
            "    h: true",
            "i: \"40\"",
            "k l: \"line\\nbreak\"",
        ];
        Assert.Equal(
            expected,
            spec.Lines().Select(line => $"{line.Indent}{line.Key} {line.Value}".TrimEnd()),
            StringComparer.Ordinal
        );
        Assert.Equal(
            ["a.b", "a.c", "a.d", "e", "f[0].g", "f[1].h", "i", "k l"],
            spec.ValuesByPath().Keys,
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void A_spec_that_is_not_JSON_is_shown_unchanged()
    {
        var spec = new SpecDocument("{broken");
        Assert.Equal(["{broken"], spec.Lines().Select(line => line.Value), StringComparer.Ordinal);
        Assert.Empty(spec.ValuesByPath());
    }

    [Fact]
    public void Patch_is_split_where_the_kind_of_line_changes()
    {
        List<TemplateModel> pieces = Patch.Pieces(
            "diff --git a b\n--- a\n+++ b\n@@ -1 +1 @@\n-old\n-older\n+new\n same\n"
        );
        Assert.Equal(["head", "removed", "added", "context"], pieces.Select(piece => piece["kind"]));
        Assert.Equal("-old\n-older\n", pieces[1]["text"]);
    }

    private static string Plain(string text) => text.Replace('\u00a0', ' ');
}
