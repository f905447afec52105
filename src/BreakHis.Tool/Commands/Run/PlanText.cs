using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using Spectre.Console;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Run;

/// <summary>A plan as text, with everything that the run will do.</summary>
internal static class PlanText
{
    /// <summary>
    /// Prints the complete plan: first what readers look for, then every setting with its resolved value.
    /// </summary>
    public static void Print(PlannedRun run)
    {
        Plan plan = run.Plan;
        TextWriter text = StandardStreams.Out;
        text.WriteLine(Invariant($"{plan.Spec.Name}, seed {plan.Seed}: {plan.SpecFile}"));
        foreach (MatrixChoice choice in plan.Choices)
        {
            text.WriteLine($"  {choice.Path}: {choice.Value}");
        }

        foreach ((string stage, LoopPlan loop) in plan.Stages)
        {
            PrintLoop(text, stage, loop, plan);
        }

        text.WriteLine($"  weights     {plan.Weights.Origin}; preprocessing: {plan.Weights.Preprocessing}");
        foreach (string note in PlanNotes.Warnings(run.Checks).Concat(PlanNotes.Of(plan, run.Checks)))
        {
            text.WriteLine($"  {note}");
        }

        PrintImages(plan);
        (IReadOnlyList<(string, string)> determining, IReadOnlyList<(string, string)> others) = PlanJson.Lines(
            PlanJson.Of(plan).ToString()
        );
        PrintLines(text, "what determines the result", determining);
        PrintLines(text, "other facts", others);
        text.WriteLine();
    }

    private static void PrintLines(TextWriter text, string title, IReadOnlyList<(string Name, string Value)> lines)
    {
        text.WriteLine($"  {title}");
        foreach ((string name, string value) in lines)
        {
            text.WriteLine($"    {name}: {value}");
        }
    }

    private static void PrintLoop(TextWriter text, string name, LoopPlan loop, Plan plan)
    {
        int images = plan.Data.Images.Count(image => image.Side == Side.Train);
        string patience = loop.Patience is int epochs
            ? Invariant($"stops after {Plural.Of(epochs, "epoch")} without improvement")
            : "no early stopping";
        text.WriteLine(
            Invariant(
                $"  {name, -10}  {Plural.Of(images, "image")} at {loop.InputSize} x {loop.InputSize}, {Plural.Of(loop.StepsPerEpoch, "step")} per epoch, batch size {loop.BatchSize}; at most {Plural.Of(loop.Epochs, "epoch")}, {Plural.Of((long)loop.StepsPerEpoch * loop.Epochs, "step")}; {patience}"
            )
        );
    }

    private static void PrintImages(Plan plan)
    {
        Table table = new Table().Border(TableBorder.Simple);
        IReadOnlyList<Side> sides = Sides.In(plan.Data.Images.Select(image => image.Side));
        table.AddColumns(["class", .. sides.SelectMany(side => (string[])[$"{Sides.Of(side)} images", "patients"])]);
        for (int c = 0; c < plan.Data.Classes.Count; c++)
        {
            PlannedImage[] images = [.. plan.Data.Images.Where(image => image.Class == c)];
            table.AddRow([Cell.Of(plan.Data.Classes[c]), .. Counts(images, sides)]);
        }

        table.AddRow(["all", .. Counts(plan.Data.Images, sides)]);
        StandardStreams.OutConsole.Write(table);
    }

    private static IEnumerable<string> Counts(IReadOnlyList<PlannedImage> images, IReadOnlyList<Side> sides) =>
        sides
            .Select(side => images.Where(image => image.Side == side).ToList())
            .SelectMany(side => (string[])[Digits.Of(side.Count), Patients(side)]);

    private static string Patients(IEnumerable<PlannedImage> images) =>
        KnownPatients.Count(images.Select(image => image.Patient)) is > 0 and int count ? Digits.Of(count) : "unknown";
}
