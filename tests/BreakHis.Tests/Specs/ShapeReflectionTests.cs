using BreakHis.Specs.Shapes;
using Xunit;

namespace BreakHis.Tests.Specs;

/// <summary>A member that would be hashed as nothing would give different experiments the same fingerprint.</summary>
public sealed class ShapeReflectionTests
{
    [Theory]
    [InlineData(typeof(WithTime))]
    [InlineData(typeof(WithPair))]
    [InlineData(typeof(WithIdentity))]
    [InlineData(typeof(WithComputed))]
    [InlineData(typeof(WithList))]
    public void A_type_whose_values_cannot_be_written_is_refused(Type type)
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => ShapeReflection.RecordOf(type));

        Assert.StartsWith($"{type.Name}.Member: values of type ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(WithInternal))]
    [InlineData(typeof(WithField))]
    [InlineData(typeof(WithFixed))]
    [InlineData(typeof(WithParent))]
    [InlineData(typeof(WithChoice))]
    public void A_member_that_would_not_be_hashed_is_refused(Type type)
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => ShapeReflection.RecordOf(type));

        Assert.EndsWith("only public properties with init are hashed", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(LaterNumber))]
    [InlineData(typeof(LaterText))]
    public void A_member_that_may_be_null_has_no_other_value_that_is_left_out(Type type)
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => ShapeReflection.RecordOf(type));

        Assert.StartsWith($"{type.Name}.Member may be null", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(LaterShare))]
    [InlineData(typeof(LaterList))]
    public void A_value_that_no_member_can_equal_stands_for_nothing(Type type)
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => ShapeReflection.RecordOf(type));

        Assert.StartsWith($"{type.Name}.Member is never equal to the ", e.Message, StringComparison.Ordinal);
    }

    private sealed record LaterShare([property: CameLater(0)] double Member);

    private sealed record LaterList([property: CameLater(new int[0])] IReadOnlyList<int> Member);

    private sealed record LaterNumber([property: CameLater(7)] int? Member);

    private sealed record LaterText([property: CameLater("old")] string? Member);

    private sealed record WithInternal
    {
        internal int Member { get; init; }
    }

    private sealed record WithField(int Other)
    {
        public readonly int Member = Other;
    }

    private sealed record WithFixed(int Other)
    {
        public int Member { get; } = Other + 1;
    }

    private record Parent
    {
        internal int Member { get; init; }
    }

    private sealed record WithParent : Parent;

    [ExactlyOne]
    private sealed record Choice
    {
        public string? First { get; init; }

        internal int Member { get; init; }
    }

    private sealed record WithChoice(Choice Other);

    private sealed record WithTime(TimeSpan? Member);

    private sealed record WithPair((int, int) Member);

    private sealed record WithIdentity(Guid Member);

    private sealed record WithComputed(Computed Member);

    private sealed record WithList(IReadOnlyList<DateTime> Member);

    private sealed class Computed(int first, int second)
    {
        public int Sum => first + second;
    }
}
