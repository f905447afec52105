using System.Text.Json;
using BreakHis.Data;
using BreakHis.Json;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Specs;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using Spectre.Console;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Data;

/// <summary>The review of a data set as text or JSON.</summary>
internal static class DataReviewText
{
    /// <summary>Prints the review.</summary>
    public static void Print(SpecDataSet data, DataReview review, bool json)
    {
        TextWriter text = StandardStreams.Out;
        if (json)
        {
            text.WriteLine(
                JsonSerializer.Serialize(Report(data.Name, data.Variant.DataPath, review), ToolJson.Default.DataReport)
            );
            return;
        }

        int patients = KnownPatients.Count(review.Images.Select(image => image.Patient));
        text.WriteLine(
            Invariant(
                $"{data.Name}: {Plural.Of(review.Images.Count, "image")} of {Patients(patients)} in {data.Variant.DataPath ?? "memory (synthetic)"}"
            )
        );
        PrintCounts(review, data.Variant.Spec.Data.Source == DataSource.Folders ? "class" : "subtype");
        text.WriteLine($"checked: {string.Join(", ", review.Inspected)}");
        foreach (DataFinding finding in review.Findings)
        {
            text.WriteLine($"{SnakeCase.Of(finding.Weight)}: {finding.About}: {finding.Text}");
            foreach (string path in finding.Paths.Count > Listing.Shown ? finding.Paths : [])
            {
                text.WriteLine($"  {path}");
            }
        }

        if (review.Findings.Count == 0)
        {
            text.WriteLine("no problems found in the images");
        }

        foreach (SplitReview split in review.Splits)
        {
            PrintSplit(text, split);
        }

        text.WriteLine();
    }

    private static void PrintCounts(DataReview review, string groups)
    {
        int[] magnifications = [.. review.Images.Select(image => image.Magnification).Distinct().Order()];
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumns([groups, "patient", .. magnifications.Select(Heading), "all"]);
        foreach (
            IGrouping<string, CatalogueImage>? subtype in review
                .Images.GroupBy(image => image.Subtype, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
        )
        {
            var byPatient = subtype
                .GroupBy(image => image.Patient, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .ToList();
            Row(table, subtype.Key, Patients(byPatient.Count(p => p.Key.Length > 0)), [.. subtype]);
            foreach (IGrouping<string, CatalogueImage>? patient in byPatient.Where(p => p.Key.Length > 0))
            {
                Row(table, "", patient.Key, [.. patient]);
            }
        }

        Row(table, "all", "", [.. review.Images]);
        StandardStreams.OutConsole.Write(table);

        void Row(Table to, string subtype, string patient, CatalogueImage[] images) =>
            to.AddRow([
                Cell.Of(subtype),
                Cell.Of(patient),
                .. magnifications.Select(m => Invariant($"{images.Count(image => image.Magnification == m)}")),
                Invariant($"{images.Length}"),
            ]);
    }

    private static string Patients(int count) => count > 0 ? Plural.Of(count, "patient") : "unknown patients";

    private static void PrintSplit(TextWriter text, SplitReview split)
    {
        IReadOnlyList<PlannedImage> images = split.Data.Images;
        IEnumerable<string> counts = Sides
            .In(images.Select(image => image.Side))
            .Select(side => Plural.Of(images.Count(image => image.Side == side), $"{Sides.Of(side)} image"));
        text.WriteLine($"split {split.Title}: {string.Join(", ", counts)}");
        foreach (string missing in PlanNotes.MissingClasses(split.Data))
        {
            text.WriteLine($"  warning: {missing}");
        }

        foreach (LeakCheck check in split.Checks)
        {
            text.WriteLine($"  {check.Word}: {LeakCheck.Title(check.Name)}: {check.Text}");
        }
    }

    private static DataReport Report(string name, string? folder, DataReview review) =>
        new(
            name,
            folder,
            review.Images.Count,
            [
                .. review
                    .Images.GroupBy(image => (image.Subtype, image.Magnification, image.Patient))
                    .OrderBy(group => group.Key.Subtype, StringComparer.Ordinal)
                    .ThenBy(group => group.Key.Magnification)
                    .ThenBy(group => group.Key.Patient, StringComparer.Ordinal)
                    .Select(group => new DataCount(
                        group.Key.Subtype,
                        group.Key.Magnification,
                        group.Key.Patient,
                        group.Count()
                    )),
            ],
            review.Inspected,
            review.Findings,
            [.. review.Splits.Select(split => new SplitReport(split.Title, split.Data.SplitHash, split.Checks))]
        );

    private static string Heading(int magnification) => magnification == 0 ? "images" : Invariant($"{magnification}X");
}

/// <summary>The output of <c>data check --json</c>.</summary>
internal sealed record DataReport(
    string Name,
    string? Folder,
    int Images,
    IReadOnlyList<DataCount> Counts,
    IReadOnlyList<string> Checked,
    IReadOnlyList<DataFinding> Findings,
    IReadOnlyList<SplitReport> Splits
);

/// <summary>The number of images of one subtype, magnification and patient.</summary>
internal sealed record DataCount(string Subtype, int Magnification, string Patient, int Images);

/// <summary>A split with its checks.</summary>
internal sealed record SplitReport(string Title, string Sha256, IReadOnlyList<LeakCheck> Checks);
