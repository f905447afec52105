using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Every way in which C# can name something in another namespace is seen.</summary>
public sealed class SourceUsesTests
{
    private const string Later = """
        namespace Tool.Later
        {
            public static class Names { public const string Key = "k"; public static int Count => 1; }
            public class Value;
            public record Pair(int First, int Second);
            public sealed class ForAttribute<T> : System.Attribute;
            public enum Kind { One }
        }
        """;

    [Theory]
    [InlineData("using Tool.Later; class C { string K => Names.Key; }")]
    [InlineData("using static Tool.Later.Names; class C { string K => Key; }")]
    [InlineData("using T = Tool; namespace Tool.Early { class C { const string K = T.Later.Names.Key; } }")]
    [InlineData(
        "using T = Tool; namespace Tool.Early { interface I : System.Collections.Generic.IList<T.Later.Value>; }"
    )]
    [InlineData("using T = Tool; namespace Tool.Early { [T.Later.For<int>] class C; }")]
    [InlineData("namespace Tool.Early { class C { string N => nameof(Later.Names.Key); } }")]
    [InlineData("namespace Tool.Early { class C { void M(int kind = (int)Later.Kind.One) { } } }")]
    [InlineData("namespace Tool.Early { class C { unsafe delegate*<Later.Value, void> p; } }")]
    [InlineData("namespace Tool.Early { class C { object M() { Later.Value v = new(); return v; } } }")]
    [InlineData("namespace Tool.Early { class C { object M(object o) => o is global::Tool.Later.Value; } }")]
    [InlineData("namespace Tool.Early { class C<T> where T : Later.Value { } }")]
    public void Names_are_bound_as_the_compiler_binds_them(string code) =>
        Assert.Contains(Uses(code), use => use is { File: "early.cs", Namespace: "Tool.Later" });

    [Fact]
    public void A_global_using_counts_where_it_is_used() =>
        Assert.Contains(
            SourceUses.Of(
                [
                    ("later.cs", Later),
                    ("usings.cs", "global using static Tool.Later.Names;"),
                    ("early.cs", "namespace Tool.Early { class C { string K => Key; } }"),
                ],
                "Tool",
                []
            ),
            use => use is { File: "early.cs", Target: "Tool.Later.Names.Key" }
        );

    [Fact]
    public void Members_and_comments_with_the_name_of_a_namespace_are_no_use() =>
        Assert.DoesNotContain(
            Uses(
                """namespace Tool.Early { /* Tool.Later.Names */ class C { int Later => 1; string T => "Tool.Later"; } }"""
            ),
            use => use is { File: "early.cs", Namespace: "Tool.Later" }
        );

    [Fact]
    public void Code_that_cannot_be_bound_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Uses("class C { Missing m; }"));

    [Theory]
    [InlineData("new Later.Pair(1, 2)", "Tool.Later.Pair..ctor")]
    [InlineData("p with { First = 1 }", "Tool.Later.Pair.<Clone>$")]
    public void Making_a_record_is_seen(string made, string target) =>
        Assert.Contains(
            Uses($"namespace Tool.Early {{ class C {{ object M(Later.Pair p) => {made}; }} }}"),
            use => use.File == "early.cs" && use.Target == target
        );

    /// <summary>Which of such code is compiled depends on symbols that only a build knows.</summary>
    [Fact]
    public void Code_that_is_compiled_conditionally_is_an_error() =>
        Assert.Contains(
            "early.cs: code after #if",
            Assert.Throws<InvalidOperationException>(() => Uses("#if NET\nclass C;\n#endif\n")).Message,
            StringComparison.Ordinal
        );

    private static IReadOnlyList<SourceUse> Uses(string code) =>
        SourceUses.Of([("later.cs", Later), ("early.cs", code)], "Tool", []);
}
