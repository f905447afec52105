using System.CommandLine;
using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Data.Splits;
using BreakHis.Files;
using BreakHis.Plans.Checks;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Data;

/// <summary><c>data split</c>: writes a spec's split to a file that can be published and reused.</summary>
internal static class DataSplit
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var specs = new SpecArguments(one: true, withSeeds: false);
        var output = new Option<string>("--out")
        {
            Description = "CSV file to write",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command(
            "split",
            """
            Write the split of a spec as a CSV file.
            The columns are file and side, and fold if the spec has folds (all folds are written). To use the file on any
            copy of the images, set split: { by: file, file: FILE }. A file with other content is not overwritten.

            Example:
              dotnet breakhis data split my.yaml --out split.csv
            """
        );
        specs.AddTo(command);
        command.Options.Add(output.WritesFile());
        command.SetAction(parsed =>
        {
            PathOption.RequireOther(output, parsed.GetValue(output), RootOptions.HomeOf(parsed), []);
            IReadOnlyList<SpecFile> files = specs.Read(parsed);
            return SpecDataSet.Problems(files) ?? Write(SpecDataSet.Of(files), parsed.GetValue(output)!);
        });
        return command;
    }

    private static int Write(IReadOnlyList<SpecDataSet> data, string path)
    {
        if (data.Count > 1)
        {
            throw new InputException("a matrix over the data gives several splits; choose one with --set");
        }

        PictureSource pictures = PictureSources.Of(data[0].Variant.Spec.Data, data[0].Variant.DataPath);
        DataReview review = data[0]
            .Usable(() =>
                DataReview.Of(
                    data[0].Variant.Spec.Data,
                    data[0].Catalogues(pictures, Present),
                    inspections: null,
                    isSynthetic: true
                )
            );
        if (review.Images.FirstOrDefault(image => image.IsUnread) is { } unread)
        {
            throw new InputException(
                $"{unread.Path} cannot be read; 'dotnet breakhis data check' names all such images, and data.exclude can leave them out"
            );
        }

        string text = SplitFileText.Of([.. review.Splits.SelectMany(Lines)]);
        DemandReadBack(text, path, review);
        if (File.Exists(path) && File.ReadAllText(path) != text)
        {
            throw new InputException($"{path} exists and has other content; move it away, or choose another file");
        }

        AtomicFile.Write(path, text);
        StandardStreams.Out.WriteLine(
            $"{Path.GetFullPath(path)}: {Plural.Of(review.Images.Count, "image")}"
                + (review.Splits.Count > 1 ? $", {review.Splits.Count} folds" : "")
        );
        return 0;
    }

    /// <summary>Names decide the split, so images are not hashed.</summary>
    private static string Present(string path) =>
        FileKind.IsDeadLink(path) ? throw new FileNotFoundException("a link to nothing", path) : "";

    /// <summary>Refuses a file that does not give back the split, such as one with names that no other system has.</summary>
    private static void DemandReadBack(string text, string path, DataReview review)
    {
        try
        {
            var file = SplitFile.Parse(text, path);
            if (
                review.Splits.All(split =>
                    file.SidesOf(review.Images, split.Fold)
                        .Sides.SequenceEqual(split.Data.Images.Select(image => image.Side))
                )
            )
            {
                return;
            }
        }
        catch (DataException e)
        {
            throw new InputException($"the split cannot be written, because an image has an unusual name: {e.Message}");
        }

        throw new InputException("the split cannot be written, because images have unusual names; rename them");
    }

    private static IEnumerable<SplitLine> Lines(SplitReview split) =>
        split
            .Data.Images.Zip(SplitFileText.Names([.. split.Data.Images.Select(image => image.Path)]))
            .Select((image, i) => new SplitLine(i + 2, image.Second, split.Fold, image.First.Side));
}
