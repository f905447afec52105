using System.Reflection;
using BreakHis.Runs;

namespace BreakHis.Tests.Ledger;

/// <summary>The members of run events, so that a test can change each of them.</summary>
internal static class EventMembers
{
    /// <summary>The paths of the members, such as EpochEnded.Train.Loss.</summary>
    /// <param name="isIncluded">Whether to include a type of events.</param>
    public static IEnumerable<string> Of(Func<Type, bool> isIncluded) =>
        from type in typeof(RunEvent).Assembly.GetTypes()
        where type.IsSubclassOf(typeof(RunEvent)) && isIncluded(type)
        from path in PathsOf(type, type.Name)
        select path;

    /// <summary>Returns events with one change, in the last one that has the member.</summary>
    public static IReadOnlyList<RunEvent> Changed(IEnumerable<RunEvent> events, string path)
    {
        string[] steps = path.Split('.');
        RunEvent[] changed = [.. events];
        int last = Array.FindLastIndex(changed, e => e.GetType().Name == steps[0] && Value(e, steps[1..]) is not null);
        changed[last] = (RunEvent)Changed(changed[last], steps[1..]);
        return changed;
    }

    private static IEnumerable<string> PathsOf(Type type, string path) =>
        type.GetProperties()
            .Where(property => property.CanWrite)
            .SelectMany(property =>
                property.PropertyType == typeof(Scores)
                    ? PathsOf(typeof(Scores), $"{path}.{property.Name}")
                    : [$"{path}.{property.Name}"]
            );

    private static object Changed(object record, string[] steps)
    {
        object copy = record
            .GetType()
            .GetMethod("MemberwiseClone", BindingFlags.NonPublic | BindingFlags.Instance)!
            .Invoke(record, null)!;
        PropertyInfo property = record.GetType().GetProperty(steps[0])!;
        object? value = property.GetValue(record);
        property.SetValue(copy, steps.Length > 1 ? Changed(value!, steps[1..]) : Another(value, property));
        return copy;
    }

    private static object Another(object? value, PropertyInfo property) =>
        value switch
        {
            string text => text[..^1] + (text[^1] == '0' ? '1' : '0'),
            bool truth => !truth,
            int number => number - 1,
            long number => number + 1,
            double number => Another(number),
            IReadOnlyList<float> numbers => (float[])[.. numbers.Reverse(), 0.5f],
            _ => throw new NotSupportedException($"say here how to change {property.PropertyType} {property.Name}"),
        };

    /// <summary>A fraction stays a fraction, because the ledger refuses anything else.</summary>
    private static double Another(double number) =>
        !double.IsFinite(number) ? 0
        : number is < 0 or > 1 ? number + 1
        : number < 0.5 ? number + 0.5
        : number - 0.5;

    private static object? Value(object? record, string[] steps) =>
        steps.Aggregate(record, (value, step) => value?.GetType().GetProperty(step)!.GetValue(value));
}
