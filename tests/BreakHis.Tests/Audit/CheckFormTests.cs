using System.Reflection;
using System.Runtime.CompilerServices;
using BreakHis.Audit;
using Xunit;

namespace BreakHis.Tests.Audit;

/// <summary>CONTRIBUTING says how to write a check; all have that form.</summary>
public sealed class CheckFormTests
{
    private static readonly Type[] Types = typeof(AuditEntry).Assembly.GetTypes();

    [Fact]
    public void Each_check_is_a_class_whose_Of_returns_entries()
    {
        Type[] checks = [.. Types.Where(type => IsAudit(type) && IsCheck(type))];

        Assert.True(checks.Length > 20, $"there are {checks.Length}");
        Assert.All(
            checks,
            check =>
            {
                MethodInfo[] of = [.. Methods(check).Where(method => method is { Name: "Of", IsPublic: true })];
                Assert.True(of.Length > 0, $"{check.Name} has no public method Of");
                Assert.All(
                    of,
                    method => Assert.True(method.ReturnType.IsAssignableTo(typeof(IEnumerable<AuditEntry>)))
                );
            }
        );
    }

    /// <summary>Results and findings without level and name are the business of one class.</summary>
    [Fact]
    public void No_class_gives_results_to_another()
    {
        Type[] given = [typeof(CheckResult), typeof(CheckResult[]), typeof(IReadOnlyList<CheckResult>)];

        Assert.All(
            Types.Where(type => IsAudit(type) && type.Name is not (nameof(CheckResult) or nameof(CheckResults))),
            type =>
                Assert.DoesNotContain(Methods(type), method => !method.IsPrivate && given.Contains(method.ReturnType))
        );
    }

    private static bool IsAudit(Type type) =>
        type.Namespace?.StartsWith("BreakHis.Audit", StringComparison.Ordinal) == true
        && !type.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsCheck(Type type) =>
        type.Name.EndsWith("Check", StringComparison.Ordinal) || type.Name.EndsWith("Checks", StringComparison.Ordinal);

    private static MethodInfo[] Methods(Type type) =>
        type.GetMethods(
            BindingFlags.Public
                | BindingFlags.NonPublic
                | BindingFlags.Static
                | BindingFlags.Instance
                | BindingFlags.DeclaredOnly
        );
}
