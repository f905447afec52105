using System.Globalization;
using System.Text.Json;
using BreakHis.Json;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Json;

public sealed class CanonicalJsonTests
{
    /// <summary>RFC 8785, appendix B.</summary>
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_are_formatted_as_in_the_standard(ulong bits, string expected) =>
        Assert.Equal(expected, CanonicalJson.From(BitConverter.UInt64BitsToDouble(bits)).ToString());

    [Fact]
    public void Numbers_are_read_back_unchanged() =>
        Gen
            .Double.Where(double.IsFinite)
            .Sample(x => Assert.Equal(x, double.Parse(CanonicalJson.From(x).ToString(), CultureInfo.InvariantCulture)));

    [Fact]
    public void Strings_are_read_back_unchanged() =>
        Gen
            .String.Select(s => new string([.. s.Where(c => !char.IsSurrogate(c))]))
            .Sample(s => Assert.Equal(s, JsonSerializer.Deserialize<string>(CanonicalJson.From(s)!.ToString())));

    [Fact]
    public void Strings_are_escaped_as_little_as_JSON_allows() =>
        Assert.Equal(
            "\"é日😀/<>&'\u2028\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001f\\ud83d\"",
            CanonicalJson.From("é日😀/<>&'\u2028\"\\\b\t\n\f\r\0\u001f\ud83d")!.ToString()
        );

    [Fact]
    public void Keys_are_sorted_and_null_members_left_out()
    {
        var json = CanonicalJson.Object(
            ("b", 1),
            ("a", CanonicalJson.Array(1.0, true, "x", long.MaxValue)),
            ("B", CanonicalJson.Object()),
            ("nothing", (string?)null),
            ("é", CanonicalJson.Array())
        );

        Assert.Equal("""{"B":{},"a":[1,true,"x",9223372036854775807],"b":1,"é":[]}""", json.ToString());
    }

    [Fact]
    public void The_hash_is_SHA_256_of_the_UTF_8_text() =>
        Assert.Equal("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", CanonicalJson.Object().Hash());

    [Fact]
    public void Values_that_JSON_cannot_express_are_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CanonicalJson.From(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => CanonicalJson.From(double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Object(("a", 1), ("a", 2)));
    }
}
