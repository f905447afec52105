using System.Globalization;
using BreakHis.Specs;
using BreakHis.Training.Stages;

namespace BreakHis.Tool.Commands;

/// <summary>Reads how often to write checkpoints, as people write it.</summary>
internal static class RhythmText
{
    /// <summary>Reads a time in seconds, minutes or hours, 0s being after each step, or a number of epochs.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public static CheckpointRhythm Parse(string? text)
    {
        if (text is null)
        {
            return CheckpointRhythm.Default;
        }

        string unit = text.TrimStart("0123456789".ToCharArray());
        bool isNumber = int.TryParse(
            text[..^unit.Length],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int number
        );
        return (isNumber, unit) switch
        {
            (true, "s") => new CheckpointRhythm(null, TimeSpan.FromSeconds(number)),
            (true, "m") => new CheckpointRhythm(null, TimeSpan.FromMinutes(number)),
            (true, "h") => new CheckpointRhythm(null, TimeSpan.FromHours(number)),
            (true, "epoch" or "epochs") when number > 0 => new CheckpointRhythm(number, null),
            _ => throw new InputException(
                $"--checkpoint-every: '{text}' is neither a time such as 30s, 10m or 2h, nor a number of epochs such as 5epochs"
            ),
        };
    }
}
