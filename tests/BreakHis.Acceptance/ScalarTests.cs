using Mono.Cecil;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// TorchSharp does not keep its implicit scalars alive: the garbage collector can free one while libtorch reads it. This
/// reads the code of both assemblies and finds every call that leads to such a scalar, however deep in TorchSharp.
/// Calls of virtual methods are followed only by their declared type, except the steps of optimizers.
/// </summary>
public sealed class ScalarTests
{
    private const string Creation = "creates a scalar";

    [Fact]
    public void Training_calls_nothing_that_creates_a_scalar_without_an_owner()
    {
        HashSet<string> creators = Creators();

        Assert.Contains(creators, name => name.Contains("Tensor::op_Multiply(", StringComparison.Ordinal));
        Assert.Contains(
            creators,
            name => name.EndsWith("Tensor::add_(TorchSharp.torch/Tensor)", StringComparison.Ordinal)
        );
        Assert.Contains(creators, name => name.Contains("Modules.BatchNorm::forward(", StringComparison.Ordinal));
        Assert.Empty(
            from method in Methods("BreakHis.Training.dll")
            from called in Called(method)
            where IsImplicit(called) || creators.Contains(Name(called))
            select $"{method.FullName} calls {called.FullName}"
        );
    }

    /// <summary>The loop calls the step of an optimizer by its base class.</summary>
    [Fact]
    public void Training_creates_no_optimizer_whose_step_creates_a_scalar_without_an_owner()
    {
        string[] optimizers =
        [
            .. Creators()
                .Where(name => name.Contains("::step(", StringComparison.Ordinal))
                .Select(name => name.Split("::")[0]),
        ];

        Assert.Contains("TorchSharp.Modules.RMSProp", optimizers);
        Assert.Empty(
            from method in Methods("BreakHis.Training.dll")
            from called in Called(method)
            let created = called.Name == ".ctor" ? called.DeclaringType : called.ReturnType
            where optimizers.Contains(created.FullName) && !HasItsOwnStep(method.DeclaringType, created)
            select $"{method.FullName} creates {created.FullName}"
        );
    }

    private static bool HasItsOwnStep(TypeDefinition type, TypeReference optimizer) =>
        type.BaseType.FullName == optimizer.FullName
        && type.Methods.Any(method => method is { Name: "step", IsVirtual: true });

    /// <summary>Returns the methods of TorchSharp that create an implicit scalar, themselves or in what they call.</summary>
    private static HashSet<string> Creators()
    {
        var calls = Methods("TorchSharp.dll")
            .GroupBy(Name, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group =>
                    group
                        .SelectMany(Called)
                        .Select(called => IsImplicit(called) ? Creation : Name(called))
                        .ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal
            );
        HashSet<string> creators = new(StringComparer.Ordinal) { Creation };
        int known;
        do
        {
            known = creators.Count;
            creators.UnionWith(calls.Where(pair => pair.Value.Overlaps(creators)).Select(pair => pair.Key).ToArray());
        } while (creators.Count > known);

        return creators;
    }

    private static bool IsImplicit(MethodReference method) =>
        method is { DeclaringType.FullName: "TorchSharp.Scalar", Name: "op_Implicit" };

    private static IEnumerable<MethodReference> Called(MethodDefinition method) =>
        method.HasBody
            ? method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
            : [];

    private static string Name(MethodReference method)
    {
        MethodReference element = method.GetElementMethod();
        IEnumerable<string> parameters = element.Parameters.Select(parameter => parameter.ParameterType.FullName);
        return $"{element.DeclaringType.GetElementType().FullName}::{element.Name}({string.Join(',', parameters)})";
    }

    private static IEnumerable<MethodDefinition> Methods(string assembly) =>
        AssemblyDefinition
            .ReadAssembly(Path.Combine(Workplace.BuiltTool, assembly))
            .MainModule.GetTypes()
            .SelectMany(type => type.Methods);
}
