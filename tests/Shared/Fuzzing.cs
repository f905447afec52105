using System.Globalization;

namespace BreakHis.Testing;

/// <summary>How long readers are fuzzed: briefly, or for BREAKHIS_FUZZ_SECONDS.</summary>
internal static class Fuzzing
{
    /// <summary>The time for each reader in seconds, or -1 if a number of inputs limits it.</summary>
    public static int Seconds { get; } =
        int.TryParse(
            Environment.GetEnvironmentVariable("BREAKHIS_FUZZ_SECONDS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int seconds
        )
            ? seconds
            : -1;

    /// <summary>The number of inputs if no time is set, else -1.</summary>
    public static long Iterations(long usual) => Seconds > 0 ? -1 : usual;
}
