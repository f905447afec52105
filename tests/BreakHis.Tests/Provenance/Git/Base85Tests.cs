using BreakHis.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

public sealed class Base85Tests
{
    /// <summary>Expected lines from Python's <c>base64.b85encode</c>, which has git's alphabet.</summary>
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "A$N&HU\n")]
    [InlineData(4, "D$n6q0\n")]
    [InlineData(5, "E$n6q0TmS$7\n")]
    [InlineData(26, "Z$n6q0T!E&`@D(~=gsIN+7(HT#tkL!xKxF^`\n")]
    [InlineData(27, "a$n6q0T!E&`@D(~=gsIN+7(HT#tkL!xKxK*m\n")]
    [InlineData(52, "z$n6q0T!E&`@D(~=gsIN+7(HT#tkL!xKxK-r)cGDmXpOSh{2@kbkhR+XBuQ?QxZMIL\n")]
    [InlineData(53, "z$n6q0T!E&`@D(~=gsIN+7(HT#tkL!xKxK-r)cGDmXpOSh{2@kbkhR+XBuQ?QxZMIL\nAOaK4?\n")]
    public void Lines_have_up_to_52_bytes_after_a_letter_for_their_number(int length, string lines) =>
        Assert.Equal(lines, Base85.Lines([.. Enumerable.Range(0, length).Select(i => (byte)((i * 37) + 200))]));
}
