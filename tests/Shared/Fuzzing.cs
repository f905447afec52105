using System.Globalization;

namespace BreakHis.Testing;

/// <summary>How long readers are fed with damaged input: a moment, or as long as BREAKHIS_FUZZ_SECONDS says.</summary>
internal static class Fuzzing
{
    /// <summary>The time for each reader in seconds, or -1 where a number of inputs ends it.</summary>
    public static int Seconds { get; } =
        int.TryParse(
            Environment.GetEnvironmentVariable("BREAKHIS_FUZZ_SECONDS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int seconds
        )
            ? seconds
            : -1;

    /// <summary>Inputs where no time is given; -1 where one is.</summary>
    public static long Iterations(long usual) => Seconds > 0 ? -1 : usual;
}
