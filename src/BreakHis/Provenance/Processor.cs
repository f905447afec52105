using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BreakHis.Provenance;

/// <summary>
/// The processor: its model, and the instruction sets that determine the code paths of numerical libraries.
/// </summary>
internal static class Processor
{
    private const string CpuInfo = "/proc/cpuinfo";

    private static readonly string[] Relevant = ["amx", "asimd", "avx", "bf16", "f16c", "fma", "i8mm", "sse4", "sve"];

    /// <summary>Returns the name of the model, or a substitute if it is unknown.</summary>
    public static string Model() => Model(CpuInfoLines());

    /// <summary>Returns the instruction sets by their names in /proc/cpuinfo, in ordinal order.</summary>
    public static IReadOnlyList<string> InstructionSets() =>
        InstructionSets(CpuInfoLines()) is { Count: > 0 } known ? known : [.. OfRuntime()];

    internal static string Model(IReadOnlyList<string> lines) =>
        Field(lines, "model name")
        ?? Arm(lines)
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    internal static IReadOnlyList<string> InstructionSets(IReadOnlyList<string> lines) =>
        [
            .. (Field(lines, "flags") ?? Field(lines, "Features") ?? "")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(flag => Relevant.Any(part => flag.Contains(part, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal),
        ];

    private static string? Arm(IReadOnlyList<string> lines) =>
        Field(lines, "CPU implementer") is { } maker
            ? $"ARM implementer {maker} part {Field(lines, "CPU part")}"
            : null;

    private static string? Field(IReadOnlyList<string> lines, string name) =>
        lines
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0] == name)
            ?[1];

    private static string[] CpuInfoLines()
    {
        try
        {
            return File.ReadAllLines(CpuInfo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> OfRuntime()
    {
        (string Name, bool Supported)[] sets =
        [
            ("asimd", AdvSimd.IsSupported),
            ("avx", Avx.IsSupported),
            ("avx2", Avx2.IsSupported),
            ("avx512bw", Avx512BW.IsSupported),
            ("avx512f", Avx512F.IsSupported),
            ("avx_vnni", AvxVnni.IsSupported),
            ("fma", Fma.IsSupported),
            ("sse4_1", Sse41.IsSupported),
            ("sse4_2", Sse42.IsSupported),
        ];
        return sets.Where(set => set.Supported).Select(set => set.Name);
    }
}
