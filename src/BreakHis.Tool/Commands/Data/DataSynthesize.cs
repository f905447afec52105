using System.CommandLine;
using System.Runtime.ExceptionServices;
using System.Text;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Data.Synthetic;
using BreakHis.Files;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Data;

/// <summary><c>data synthesize</c>: writes synthetic tissue to files.</summary>
internal static class DataSynthesize
{
    private const string MarkerText =
        "The images in this folder are synthetic: a program drew them. They imitate BreaKHis and say nothing about it.\n";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var specs = new SpecArguments(withSeeds: false);
        var output = new Option<string>("--out")
        {
            Description = "Folder to write to; existing files are kept if they are identical",
            HelpName = "DIR",
            Required = true,
        };
        var command = new Command(
            "synthesize",
            """
            Write the synthetic tissue of a spec as PNG files.
            Folders and file names follow BreaKHis.

            Example:
              dotnet breakhis data synthesize experiments/quickstart.yaml --out data/tissue
            """
        );
        specs.AddTo(command);
        command.Options.Add(output.WritesFolder());
        command.SetAction(parsed =>
        {
            PathOption.RequireOther(output, parsed.GetValue(output), RootOptions.HomeOf(parsed), []);
            using var interruption = new CancelOnSignal();
            return Write(specs.Read(parsed), parsed.GetValue(output)!, interruption.Token);
        });
        return command;
    }

    private static int Write(IReadOnlyList<SpecFile> files, string folder, CancellationToken cancellation)
    {
        Problem[] problems = [.. files.SelectMany(file => file.Problems)];
        if (problems.Length > 0)
        {
            return Failure.Of(problems);
        }

        SpecVariant[] variants = [.. files.SelectMany(file => file.Variants)];
        Problem[] others =
        [
            .. variants
                .Where(variant => variant.Spec.Data.Source != DataSource.Synthetic)
                .Select(variant =>
                    variant.ProblemAt(
                        ProblemCodes.Data,
                        "data.source",
                        "only source synthetic generates images; this spec reads its images from a folder"
                    )
                )
                .Distinct(),
        ];
        if (others.Length > 0)
        {
            return Failure.Of(others);
        }

        // Seeds and most axes of a matrix do not affect the images.
        foreach (SpecVariant variant in variants.DistinctBy(v => TissueKey(v.Spec.Data)))
        {
            TissueSpec tissue = SyntheticSource.TissueOf(variant.Spec.Data);
            IReadOnlyList<SlideImage> images = Tissue.Layout(tissue);
            DemandNoOthers(images, folder);
            WriteMarker(folder);
            WriteAll(tissue, images, folder, cancellation);
            StandardStreams.Out.WriteLine($"{Path.GetFullPath(folder)}: {Plural.Of(images.Count, "image")}");
        }

        return 0;
    }

    /// <summary>Refuses a folder with images of a different draw, which could be mistaken for this one's.</summary>
    private static void DemandNoOthers(IReadOnlyList<SlideImage> images, string folder)
    {
        var own = images
            .Select(image => Path.GetFullPath(Path.Combine(folder, image.Path)))
            .ToHashSet(StringComparer.Ordinal);
        string? other = Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, "*.png", FolderTree.WithoutLinks)
                .Select(Path.GetFullPath)
                .FirstOrDefault(file => !own.Contains(file))
            : null;
        if (other is not null)
        {
            throw new InputException($"{other}: is not an image of this spec; choose another folder");
        }
    }

    private static void WriteMarker(string folder)
    {
        Directory.CreateDirectory(folder);
        WriteNew(Path.Combine(folder, SyntheticSource.Marker), Encoding.UTF8.GetBytes(MarkerText));
    }

    /// <summary>Writes a file, unless it is there.</summary>
    /// <exception cref="InputException">Another file is there.</exception>
    private static void WriteNew(string path, byte[] content)
    {
        FileKind.RequireRegular(path);
        if (!File.Exists(path))
        {
            AtomicFile.Write(path, content);
        }
        else if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            throw new InputException($"{path}: already exists with other content; choose another folder");
        }
    }

    private static void WriteAll(
        TissueSpec tissue,
        IReadOnlyList<SlideImage> images,
        string folder,
        CancellationToken cancellation
    )
    {
        try
        {
            Parallel.ForEach(
                images,
                new ParallelOptions { CancellationToken = cancellation },
                image => Write(tissue, image, folder)
            );
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void Write(TissueSpec tissue, SlideImage image, string folder)
    {
        string path = Path.Combine(folder, image.Path);
        WriteNew(path, new Picture(tissue.Width, tissue.Height, Tissue.Draw(tissue, image)).ToPng());
    }

    private static (SyntheticSpec?, string) TissueKey(DataSpec data) =>
        (data.Synthetic, string.Join(',', data.Magnifications));
}
