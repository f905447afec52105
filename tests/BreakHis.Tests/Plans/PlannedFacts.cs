using System.Reflection;
using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Specs.Shapes;

namespace BreakHis.Tests.Plans;

/// <summary>What a plan is resolved from, besides the spec.</summary>
internal sealed record PlannedFacts(Catalogue Catalogue, WeightsPlan Weights, MachineFacts Machine)
{
    /// <summary>The members of all facts that may determine a result, with their types' names.</summary>
    public static IReadOnlyList<string> Members { get; } =
    [
        .. ((Type[])[typeof(Catalogue), typeof(CatalogueImage), typeof(MachineFacts), typeof(WeightsPlan)])
            .SelectMany(MembersOf)
            .Select(NameOf),
    ];

    /// <summary>The facts with one member changed, for each member except some.</summary>
    public IEnumerable<(string Member, PlannedFacts Facts)> Changes(IReadOnlyCollection<string> except) =>
        Of(Catalogue, changed => this with { Catalogue = changed })
            .Concat(MembersOf(typeof(CatalogueImage)).Select(member => (Member: NameOf(member), Facts: Images(member))))
            .Concat(Of(Machine, changed => this with { Machine = changed }))
            .Concat(Of(Weights, changed => this with { Weights = changed }))
            .Where(change => !except.Contains(change.Member, StringComparer.Ordinal))
            .Select(change => (change.Member, change.Facts()));

    private static IEnumerable<(string Member, Func<PlannedFacts> Facts)> Of<T>(T facts, Func<T, PlannedFacts> with)
        where T : class =>
        from member in MembersOf(typeof(T))
        select (Member: NameOf(member), Facts: (Func<PlannedFacts>)(() => with(Changed(facts, member))));

    private Func<PlannedFacts> Images(PropertyInfo member) =>
        () =>
            this with
            {
                Catalogue = Catalogue with { Images = [.. Catalogue.Images.Select(image => Changed(image, member))] },
            };

    private static T Changed<T>(T record, PropertyInfo member)
        where T : class
    {
        var copy = (T)typeof(T).GetMethod("<Clone>$")!.Invoke(record, null)!;
        member.SetValue(copy, Changed(member.GetValue(record), NameOf(member)));
        return copy;
    }

    private static object Changed(object? value, string member) =>
        value switch
        {
            string text => text + "x",
            int number => number + 1,
            bool truth => !truth,
            Side side => side == Side.Train ? Side.Validation : Side.Train,
            IReadOnlyDictionary<string, string> map => map.ToDictionary(
                entry => entry.Key,
                entry => entry.Value + "x",
                StringComparer.Ordinal
            ),
            _ => throw new NotSupportedException($"{member}: how to change it is missing here"),
        };

    /// <summary>Computed members follow from others.</summary>
    private static IEnumerable<PropertyInfo> MembersOf(Type type) =>
        type.GetProperties().Where(member => member.CanWrite && !member.IsDefined(typeof(DeterminesNothingAttribute)));

    private static string NameOf(PropertyInfo member) => $"{member.DeclaringType!.Name}.{member.Name}";
}
