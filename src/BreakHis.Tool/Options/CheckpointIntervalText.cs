using BreakHis.Specs.Problems;
using BreakHis.Training;

namespace BreakHis.Tool.Options;

/// <summary>Parses the checkpoint interval of the command line.</summary>
internal static class CheckpointIntervalText
{
    /// <summary>Parses a number of epochs, or a time in seconds, minutes, hours or days; 0s means after each step.</summary>
    /// <exception cref="InputException">The text is neither.</exception>
    public static CheckpointInterval Parse(string? text)
    {
        if (text is null)
        {
            return CheckpointInterval.Default;
        }

        return Quantity.Time(text) is { } time ? new CheckpointInterval(null, time)
            : Quantity.Parse(text) is (int n and > 0, "epoch" or "epochs") ? new CheckpointInterval(n, null)
            : throw new InputException(
                $"--checkpoint-every: '{text}' is not a time such as 30s, 10m or 2h, or a number of epochs such as 5epochs"
            );
    }
}
