using System.Reflection;
using System.Reflection.Emit;
using BreakHis.Plans;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests;

/// <summary>docs/architecture.md is true: each folder of the library uses only those before it, and nothing of torch.</summary>
public sealed class ArchitectureTests
{
    private const BindingFlags Everything =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly string[] Folders = ["Specs", "Data", "Plans", "Runs", "Ledger", "Reports"];

    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    [Fact]
    public void A_folder_uses_only_those_before_it()
    {
        List<string> wrong = [];
        int seen = 0;
        foreach (Type type in typeof(Plan).Assembly.GetTypes().Where(t => FolderOf(t) >= 0))
        {
            foreach (Type used in UsedBy(type).Where(used => FolderOf(used) >= 0))
            {
                seen++;
                if (FolderOf(used) > FolderOf(type))
                {
                    wrong.Add($"{type.FullName} uses {used.FullName}");
                }
            }
        }

        Assert.True(seen > 1000, "the test sees what code uses");
        Assert.Empty(wrong.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void The_library_knows_neither_torch_nor_the_console_libraries() =>
        Assert.DoesNotContain(
            typeof(Plan).Assembly.GetReferencedAssemblies(),
            name =>
                name.Name!.Contains("Torch", StringComparison.OrdinalIgnoreCase)
                || name.Name.StartsWith("Spectre", StringComparison.Ordinal)
        );

    [Fact]
    public void Every_link_of_the_documentation_leads_somewhere()
    {
        string[] pages =
        [
            "README.md",
            "CHANGELOG.md",
            .. Directory.GetFiles(SharedFolder.InRepository("docs"), "*.md"),
        ];
        foreach (string page in pages.Select(SharedFolder.InRepository))
        {
            foreach (string link in LinksOf(File.ReadAllText(page)))
            {
                string target = Path.Combine(Path.GetDirectoryName(page)!, link);
                Assert.True(Path.Exists(target), $"{page} links to {link}, which is not there");
            }
        }
    }

    private static IEnumerable<string> LinksOf(string text) =>
        text.Split("](")
            .Skip(1)
            .Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)].Split('#')[0])
            .Where(link => link.Length > 0 && !link.Contains("://", StringComparison.Ordinal));

    private static int FolderOf(Type type)
    {
        string[] parts = (type.Namespace ?? "").Split('.');
        return parts.Length > 1 && parts[0] == "BreakHis" ? Array.IndexOf(Folders, parts[1]) : -1;
    }

    private static IEnumerable<Type> UsedBy(Type type)
    {
        IEnumerable<Type?> own = [type.BaseType, .. type.GetInterfaces()];
        IEnumerable<Type?> fields = type.GetFields(Everything).Select(field => field.FieldType);
        IEnumerable<MethodBase> methods = [.. type.GetMethods(Everything), .. type.GetConstructors(Everything)];
        return own.Concat(fields).Concat(methods.SelectMany(UsedBy)).OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type?> UsedBy(MethodBase method)
    {
        IEnumerable<Type?> signature = method
            .GetParameters()
            .Select(p => p.ParameterType)
            .Append((method as MethodInfo)?.ReturnType);
        return method.GetMethodBody() is { } body
            ? signature
                .Concat(body.LocalVariables.Select(v => v.LocalType))
                .Concat(Tokens(method, body.GetILAsByteArray()!))
            : signature;
    }

    private static IEnumerable<Type?> Tokens(MethodBase method, byte[] il)
    {
        int at = 0;
        while (at < il.Length)
        {
            int value = il[at++];
            OpCode code = Codes[value == 0xFE ? 0xFE00 | il[at++] : value];
            if (
                code.OperandType
                is OperandType.InlineField
                    or OperandType.InlineMethod
                    or OperandType.InlineTok
                    or OperandType.InlineType
            )
            {
                MemberInfo? member = method.Module.ResolveMember(
                    BitConverter.ToInt32(il, at),
                    method.DeclaringType!.GetGenericArguments(),
                    method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : []
                );
                yield return member as Type ?? member?.DeclaringType;
                foreach (
                    Type argument in member is MethodInfo { IsGenericMethod: true } generic
                        ? generic.GetGenericArguments()
                        : []
                )
                {
                    yield return argument;
                }
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
