using System.CommandLine;
using BreakHis.Data;
using BreakHis.Data.Synthetic;
using BreakHis.Specs;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands;

/// <summary><c>data</c>: what concerns images alone.</summary>
internal static class DataCommand
{
    /// <summary>The command and those below it.</summary>
    public static Command Create() => new("data", "Images: make made-up tissue") { Synthesize() };

    private static Command Synthesize()
    {
        var specs = new SpecArguments();
        var output = new Option<string>("--out")
        {
            Description = "The folder to write to; files that are there already are kept if they are the same",
            HelpName = "DIR",
            Required = true,
        };
        var command = new Command(
            "synthesize",
            """
            Write the made-up tissue of a spec as PNG files, in BreaKHis's own layout and file names.

            Example:
              dotnet breakhis data synthesize experiments/quickstart.yaml --out data/tissue
            """
        );
        specs.AddTo(command);
        command.Options.Add(output);
        command.SetAction(
            (parsed, cancellation) => Task.FromResult(Write(specs.Read(parsed), parsed.GetValue(output)!, cancellation))
        );
        return command;
    }

    private static int Write(IReadOnlyList<SpecFile> files, string folder, CancellationToken cancellation)
    {
        Problem[] problems = [.. files.SelectMany(file => file.Problems)];
        if (problems.Length > 0)
        {
            return Failure.Of(problems);
        }

        foreach (SpecFile file in files)
        {
            DataSpec data = file.Variants[0].Spec.Data;
            if (data.Source != DataSource.Synthetic)
            {
                Problem problem = file.Variants[0]
                    .ProblemAt(
                        ProblemCodes.Data,
                        "data.source",
                        "only synthetic images can be made; this spec reads images"
                    );
                return Failure.Of([problem]);
            }

            TissueSpec tissue = SyntheticSource.TissueOf(data);
            IReadOnlyList<SlideImage> images = Tissue.Layout(tissue);
            Parallel.ForEach(
                images,
                new ParallelOptions { CancellationToken = cancellation },
                image => Write(tissue, image, folder)
            );
            Screen.Out.Profile.Out.Writer.WriteLine($"{Path.GetFullPath(folder)}: {images.Count} images");
        }

        return 0;
    }

    private static void Write(TissueSpec tissue, SlideImage image, string folder)
    {
        string path = Path.Combine(folder, image.Path);
        byte[] png = new Picture(tissue.Width, tissue.Height, Tissue.Draw(tissue, image)).ToPng();
        if (File.Exists(path))
        {
            if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(png))
            {
                throw new InputException($"{path}: is there already and is another picture; choose another folder");
            }

            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = path + ".part";
        File.WriteAllBytes(unfinished, png);
        File.Move(unfinished, path);
    }
}
