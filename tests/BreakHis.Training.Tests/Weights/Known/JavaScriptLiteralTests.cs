using System.Text;
using BreakHis.Training.Weights.Known;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Known;

public sealed class JavaScriptLiteralTests
{
    [Theory]
    [InlineData("{a:1,$b_2:[!0,!1,null]}", """{"a":1,"$b_2":[true,false,null]}""")]
    [InlineData("{ 'a-b' : .5 , \"c\":-.25e-3, d:{} , e:[ ] }", """{"a-b":0.5,"c":-0.00025,"d":{},"e":[]}""")]
    [InlineData("[.00461844007174174,-.5889016270637512,1e3]", "[0.00461844007174174,-0.5889016270637512,1000]")]
    [InlineData("""["\n\"\x41\u0042",'it\'s']""", """["\n\u0022AB","it\u0027s"]""")]
    [InlineData("[1,2,]}]);rest", "[1,2]")]
    public void Literals_become_JSON(string literal, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(JavaScriptLiteral.ToJson("x=" + literal, 2)));

    [Theory]
    [InlineData("")]
    [InlineData("{a:1")]
    [InlineData("{a 1}")]
    [InlineData("[1 2]")]
    [InlineData("{a:require('fs')}")]
    [InlineData("[function(){}]")]
    [InlineData("[Infinity]")]
    [InlineData("['\\q']")]
    [InlineData("[\"")]
    [InlineData("['\\u12")]
    public void Text_that_is_not_a_literal_is_rejected(string text) =>
        Assert.Throws<FormatException>(() => JavaScriptLiteral.ToJson(text, 0));

    [Fact]
    public void Depth_is_limited() =>
        Assert.Contains(
            "nested deeper",
            Assert.Throws<FormatException>(() => JavaScriptLiteral.ToJson(new string('[', 100_000), 0)).Message,
            StringComparison.Ordinal
        );
}
