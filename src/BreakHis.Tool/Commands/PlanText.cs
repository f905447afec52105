using System.Globalization;
using BreakHis.Plans;
using BreakHis.Specs;
using Spectre.Console;

namespace BreakHis.Tool.Commands;

/// <summary>A plan as text: everything that is to happen.</summary>
internal static class PlanText
{
    /// <summary>Prints the whole plan.</summary>
    public static void Print(IAnsiConsole console, Plan plan)
    {
        TextWriter text = console.Profile.Out.Writer;
        text.WriteLine(Invariant($"{plan.Spec.Name}, seed {plan.Seed}: {plan.SpecFile}"));
        foreach (MatrixChoice choice in plan.Choices)
        {
            text.WriteLine($"  {choice.Path}: {choice.Value}");
        }

        text.WriteLine($"  fingerprint  {plan.Fingerprint}");
        text.WriteLine($"  spec hash    {plan.SpecHash}");
        text.WriteLine(Invariant($"  device       {plan.Device}, {plan.Threads} threads, {plan.Spec.Precision}"));
        text.WriteLine($"  backbone     {plan.Spec.Model.Backbone}");
        text.WriteLine($"  weights      {plan.Weights.Name}: {plan.Weights.Origin}");
        text.WriteLine($"               SHA-256 {plan.Weights.Sha256}");
        PrintStage(text, "bottleneck", plan.Bottleneck.Loop, plan);
        text.WriteLine($"    features   {plan.Bottleneck.FeaturesKey}");
        if (plan.FineTune is not null)
        {
            PrintStage(text, "fine_tune", plan.FineTune.Loop, plan);
            PrintFineTune(text, plan.FineTune);
        }

        PrintImages(console, plan);
        foreach (string note in PlanNotes.Of(plan))
        {
            text.WriteLine($"  note: {note}");
        }

        foreach ((string name, string value) in plan.Software)
        {
            text.WriteLine($"  {name}: {value}");
        }

        text.WriteLine();
    }

    private static void PrintStage(TextWriter text, string name, LoopPlan loop, Plan plan)
    {
        int images = plan.Data.Images.Count(image => image.Side == Side.Train);
        string patience = loop.Patience is int epochs
            ? Invariant($"stops after {epochs} epochs without a better {loop.Monitor}")
            : "no early stopping";
        text.WriteLine($"  {name}");
        text.WriteLine(Invariant($"    input      3 x {loop.InputSize} x {loop.InputSize}, resized {loop.Resize}"));
        text.WriteLine(
            Invariant(
                $"    head       dense [{string.Join(", ", loop.Dense)}], dropout {loop.Dropout}, {plan.Data.Classes.Count} classes"
            )
        );
        text.WriteLine(Invariant($"    optimizer  {loop.Optimizer}"));
        text.WriteLine(
            Invariant(
                $"    steps      {loop.StepsPerEpoch} an epoch of {loop.BatchSize} images, of {images}; at most {loop.Epochs} epochs, {(long)loop.StepsPerEpoch * loop.Epochs} steps"
            )
        );
        text.WriteLine($"    stops      {patience}; keeps the {loop.Keep} epoch by {loop.Monitor}");
    }

    private static void PrintFineTune(TextWriter text, FineTunePlan stage)
    {
        string from = stage.TrainFrom.Block ?? Invariant($"Keras layer {stage.TrainFrom.KerasLayer}");
        text.WriteLine($"    trains     from {from} upwards");
        text.WriteLine(Invariant($"    batch norm {stage.BatchNorm}, momentum {stage.BatchNormMomentum}"));
        text.WriteLine(
            $"    augments   {(stage.Augmentation is null ? "nothing" : Invariant($"{stage.Augmentation}"))}"
        );
    }

    private static void PrintImages(IAnsiConsole console, Plan plan)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("class", "train images", "patients", "validation images", "patients");
        for (int c = 0; c < plan.Data.Classes.Count; c++)
        {
            PlannedImage[] images = [.. plan.Data.Images.Where(image => image.Class == c)];
            table.AddRow([Markup.Escape(plan.Data.Classes[c]), .. Counts(images)]);
        }

        table.AddRow(["all", .. Counts(plan.Data.Images)]);
        console.Write(table);
    }

    private static IEnumerable<string> Counts(IReadOnlyList<PlannedImage> images) =>
        Enum.GetValues<Side>()
            .Select(side => images.Where(image => image.Side == side).ToList())
            .SelectMany(side =>
                (int[])
                    [
                        side.Count,
                        side.Where(i => i.Patient.Length > 0)
                            .Select(i => i.Patient)
                            .Distinct(StringComparer.Ordinal)
                            .Count(),
                    ]
            )
            .Select(count => count.ToString(CultureInfo.InvariantCulture));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
