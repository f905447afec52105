using Xunit;

namespace BreakHis.Acceptance;

/// <summary>What no use leads to is found, and nothing else.</summary>
public sealed class UnusedCodeTests
{
    [Theory]
    [InlineData("record R(int A, int B);", "new R(1, 2).A", "R.B")]
    [InlineData("record R(int A, int B);", "(new R(1, 2) with { B = 3 }).A", "R.B")]
    [InlineData("record R(int A, int B) { public int C { get; init; } }", "new R(A: 1, B: 2) { C = 3 }.A", "R.B R.C")]
    [InlineData("record R(int A, int B);", "new R(1, 2) is (1, _)", "R.B")]
    [InlineData("class R { public int A; void Set() => A = 1; }", "new R()", "R.A R.Set")]
    [InlineData("enum E { One, Two }", "E.One", "E.Two")]
    [InlineData(
        "class R { public static int M(int n) => n; public static int M(string s) => 1; }",
        "R.M(1)",
        "R.M(System.String)"
    )]
    [InlineData("class R { public R(int n) { } public R(string s) { } }", "new R(1)", "R.#ctor(System.String)")]
    [InlineData("class R { public int A() => B(); public int B() => A(); }", "new R()", "R.A R.B")]
    [InlineData("class R { [System.Obsolete] public int A() => 1; }", "new R()", "R.A")]
    [InlineData("class R { public int A() => A(); }", "new R()", "R.A")]
    [InlineData(
        "class R { public static implicit operator R(int n) => new(); }",
        "new R()",
        "R.op_Implicit(System.Int32)~R"
    )]
    [InlineData(
        "class A { public static int One => 1; } class B { public static int Two => A.One; }",
        "1",
        "A A.One B B.Two"
    )]
    public void Unused_code_is_found(string code, string use, string unused) =>
        Assert.Equal(unused.Split(' '), Unused(code, use));

    [Theory]
    [InlineData("record R(int A, int B);", "new R(1, 2) is { A: 1, B: 2 }")]
    [InlineData("record R(int A, int B);", "new R(1, 2) is (1, 2)")]
    [InlineData("record R(int A) { public int B { get; } = A; }", "new R(1).B")]
    [InlineData("record P(int A); record R(int A) : P(A);", "new R(1).A")]
    [InlineData("record R(int A);", "nameof(R.A)")]
    [InlineData("enum E { One = 1, Two = One }", "E.Two")]
    [InlineData(
        "abstract class P { public abstract int A(); } class R : P { public override int A() => 1; }",
        "((P)new R()).A()"
    )]
    [InlineData("class R : System.IDisposable { public void Dispose() { } }", "new R()")]
    [InlineData("static class R { public static int A(this int n) => n; }", "1.A()")]
    [InlineData("class R<T> { public T? A(T? t) => t; }", "new R<int>().A(1)")]
    [InlineData("class R { public static implicit operator R(int n) => new(); }", "((R)1).ToString()")]
    [InlineData("class R { public static R operator +(R a, R b) => a; }", "new R() + new R()")]
    [InlineData("class R { public int this[int n] => n; }", "new R()[1]")]
    public void Used_code_is_not(string code, string use) => Assert.Empty(Unused(code, use));

    [Theory]
    [InlineData("foreach ((int a, int b) in new R[0]) { }", "")]
    [InlineData("foreach ((_, int b) in new R[0]) { }", "R.A")]
    [InlineData("foreach (var (a, _) in new R[0]) { }", "R.B")]
    [InlineData("(int a, _) = new R(1, 2);", "R.B")]
    [InlineData("var (_, b) = new R(1, 2);", "R.A")]
    public void Deconstruction_reads_what_it_does_not_discard(string statement, string unused) =>
        Assert.Equal(
            unused,
            string.Join(' ', Unused("record R(int A, int B);", $"new System.Action(() => {{ {statement} }})"))
        );

    [Fact]
    public void What_is_serialized_is_used() =>
        Assert.Equal(
            ["R.C"],
            Unused(
                """
                record Part(int N);
                record R(int A, Part[] B) { [System.Text.Json.Serialization.JsonIgnore] public int C => 1; }
                [System.Text.Json.Serialization.JsonSerializable(typeof(R))]
                abstract class J(System.Text.Json.JsonSerializerOptions? o) : System.Text.Json.Serialization.JsonSerializerContext(o);
                """,
                "typeof(J)"
            )
        );

    private static IReadOnlyList<string> Unused(string code, string use) =>
        UnusedCode.In([
            SourceCode.Of(
                [("c.cs", $"{code} class Program {{ static object? Main() => {use}; }}")],
                "BreakHis.Tool",
                []
            ),
        ]);
}
