using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BreakHis.Tool.Terminal;

/// <summary>Images per second.</summary>
internal sealed class SpeedColumn : ProgressColumn
{
    /// <summary>The columns of a bar that counts images: name, bar, percentage, speed, remaining time.</summary>
    public static ProgressColumn[] Row() =>
        [
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn(),
            new PercentageColumn(),
            new SpeedColumn(),
            new RemainingTimeColumn(),
        ];

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.Speed is double speed ? speed.ToString("F0", CultureInfo.InvariantCulture) + " img/s" : "");
}
