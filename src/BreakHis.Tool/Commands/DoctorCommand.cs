using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Pictures.Tiff;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training;
using BreakHis.Training.Determinism;
using BreakHis.Training.Libtorch;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Known;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands;

/// <summary><c>doctor</c>: checks this machine and suggests fixes.</summary>
internal static class DoctorCommand
{
    private const int LongestMessage = 200;

    private const string TorchSubject = "torch";

    private const string GpuSubject = "gpu";

    private const string WeightsSubject = "weights";

    /// <summary>An uncompressed TIFF image of 2 x 1 pixels.</summary>
    private const string Tiff =
        "SUkqAAgAAAAIAAABAwABAAAAAgAAAAEBAwABAAAAAQAAAAIBAwABAAAACAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAAABEBBAABAAAAbgAA"
        + "ABUBAwABAAAAAwAAABcBBAABAAAABgAAAAAAAAD/AAABAgM=";

    private enum Verdict
    {
        Ok,
        Note,
        Wrong,
    }

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "doctor",
            """
            Check this machine and suggest fixes.
            Exits with 1 if something is wrong.

            Example:
              dotnet breakhis doctor
            """
        );
        command.SetAction(parsed => Examine(RootOptions.HomeOf(parsed)));
        return command;
    }

    private static int Examine(HomeFolder home)
    {
        bool well = true;
        (string Subject, Func<HomeFolder, Finding> Check)[] checks =
        [
            ("system", System),
            (TorchSubject, Torch),
            (GpuSubject, Gpu),
            ("images", Images),
            ("images", TiffImages),
            .. BackboneFacts.All.Select(backbone =>
                (WeightsSubject, (Func<HomeFolder, Finding>)(folder => Weights(backbone.Name, folder)))
            ),
            ("home", Home),
            ("ledger", Ledger),
            ("git", Git),
        ];
        bool torchWorks = true;
        foreach ((string subject, Func<HomeFolder, Finding> check) in checks)
        {
            if (!torchWorks && subject is (GpuSubject or WeightsSubject))
            {
                continue;
            }

            Finding finding = Safely(check, home);
            torchWorks &= subject != TorchSubject || finding.Verdict != Verdict.Wrong;
            well &= finding.Verdict != Verdict.Wrong;
            string mark = finding.Verdict switch
            {
                Verdict.Ok => CheckMark.Ok,
                Verdict.Note => CheckMark.Note,
                Verdict.Wrong => CheckMark.Wrong,
                _ => throw new UnreachableException($"unknown: {finding.Verdict}"),
            };
            StandardStreams.Out.WriteLine($"{mark}  {subject, -8} {finding.Says}");
            if (finding.Fix is not null)
            {
                StandardStreams.Out.WriteLine($"       {"", -8} -> {finding.Fix}");
            }
        }

        return well ? 0 : Failure.Found;
    }

    private static Finding Safely(Func<HomeFolder, Finding> check, HomeFolder home)
    {
        try
        {
            return check(home);
        }
        catch (TrainingException e)
        {
            return new Finding(Verdict.Wrong, OneLine.Of(e.Message));
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or TypeInitializationException
                        or DllNotFoundException
                        or NotSupportedException
                        or BadImageFormatException
                        or DataException
            )
        {
            // The runtime lists every path that it tried at the end of this message.
            return new Finding(
                Verdict.Wrong,
                Clipped.To(LongestMessage, OneLine.Of(e.GetBaseException().Message)),
                "reinstall the tool; if that does not help, report this line"
            );
        }
    }

    private static Finding System(HomeFolder home) =>
        new(
            Verdict.Ok,
            Invariant(
                $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}, {Plural.Of(Environment.ProcessorCount, "core")}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB"
            )
        );

    private static Finding Torch(HomeFolder home)
    {
        MachineFacts facts = ComputeFacts.Gather(DeviceNames.Auto, DeterminismKind.Native);
        string from = InstalledPyTorch.IsLoaded
            ? $", from {Path.GetDirectoryName(LoadedModule.PathOf("torch_cpu"))}"
            : "";
        return new Finding(
            Verdict.Ok,
            $"TorchSharp {facts.Software[SoftwareNames.TorchSharp]}, libtorch {facts.Software[SoftwareNames.Libtorch]}, {facts.Software[SoftwareNames.InstructionSet]}{from}"
        );
    }

    private static Finding Gpu(HomeFolder home)
    {
        IReadOnlyDictionary<string, string> software = ComputeFacts
            .Gather(DeviceNames.Auto, DeterminismKind.Native)
            .Software;
        return software.TryGetValue(SoftwareNames.Gpu, out string? card)
                ? new Finding(
                    Verdict.Ok,
                    $"{card}, driver {software[SoftwareNames.CudaDriver]}, CUDA {software[SoftwareNames.Cuda]}, cuDNN {software[SoftwareNames.CuDnn]}"
                )
            : InstalledPyTorch.HasCuda()
                ? new Finding(Verdict.Note, "no GPU; runs use the CPU", "nvidia-smi shows whether there is a driver")
            : new Finding(
                Verdict.Note,
                "no GPU; runs use the CPU",
                $"for an NVIDIA GPU, set {InstalledPyTorch.Variable} to the folder of an installed PyTorch (see docs/gpu.md in the tool's repository)"
            );
    }

    private static Finding Images(HomeFolder home)
    {
        var picture = new Picture(2, 1, [255, 0, 0, 1, 2, 3]);
        bool same = Picture.Decode(picture.ToPng(), "test image").Rgb.SequenceEqual(picture.Rgb);
        return new Finding(
            same ? Verdict.Ok : Verdict.Wrong,
            same ? "PNG is written and read losslessly" : "PNG is not read back as written"
        );
    }

    private static Finding TiffImages(HomeFolder home)
    {
        bool same = Picture.Decode(Convert.FromBase64String(Tiff), "test image.tif").Rgb is [255, 0, 0, 1, 2, 3];
        return new Finding(
            same ? Verdict.Ok : Verdict.Wrong,
            same ? $"TIFF is read losslessly, by libvips {Libvips.Version}" : "TIFF is not read as written"
        );
    }

    private static Finding Weights(string backbone, HomeFolder home)
    {
        var known = KnownWeights.Of(backbone);
        bool bundled = known.Bundled;
        if (!bundled && !known.HasPublished(HomeFolder.WeightsOf(home.Weights, backbone)))
        {
            return new Finding(
                Verdict.Note,
                $"{backbone}: not on this machine",
                $"dotnet breakhis weights fetch {backbone} (a run also downloads them)"
            );
        }

        try
        {
            WeightsPlan weights = PlannedWeights.Of(new ModelSpec { Backbone = backbone }, null, home.Weights);
            return new Finding(
                Verdict.Ok,
                $"{backbone}: imagenet, weights hash {ShortHash.Dotted(weights.Sha256)}, {weights.Origin}"
            );
        }
        catch (WeightsException e)
        {
            return new Finding(
                bundled ? Verdict.Wrong : Verdict.Note,
                $"{backbone}: {e.Message}",
                "or set model.weights in the spec to a file"
            );
        }
    }

    private static Finding Home(HomeFolder home)
    {
        Directory.CreateDirectory(home.Path);
        string probe = Path.Combine(home.Path, $".doctor.{Environment.ProcessId}");
        File.WriteAllText(probe, "");
        File.Delete(probe);
        long free = new DriveInfo(home.Path).AvailableFreeSpace >> 30;
        return new Finding(
            free < 2 ? Verdict.Note : Verdict.Ok,
            Invariant($"{home.Path} is writable, {free} GiB free"),
            free < 2 ? "checkpoints and features need space: choose another folder with --home" : null
        );
    }

    private static Finding Ledger(HomeFolder home)
    {
        try
        {
            using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
            RunList list = ledger.List(new RunFilter());
            string runs =
                $"{home.Ledger}: {Plural.Of(list.Runs.Count, "run")}{(list.Quarantined.Count == 0 ? "" : $", and {list.Quarantined.Count} in quarantine")}";
            return list.Malformed is [var first, ..]
                ? new Finding(
                    Verdict.Wrong,
                    $"{runs}, and {Plural.Of(list.Malformed.Count, "malformed record")}",
                    $"'dotnet breakhis ledger quarantine {first.Id}' takes one out of all lists"
                )
                : new Finding(Verdict.Ok, runs);
        }
        catch (LedgerException e) when (e.Fault == LedgerFault.Missing)
        {
            return new Finding(Verdict.Ok, "none yet; the first run creates it");
        }
        catch (LedgerException e) when (e.Fault == LedgerFault.Refused)
        {
            return new Finding(Verdict.Wrong, e.Message);
        }
        catch (LedgerException e)
        {
            return new Finding(Verdict.Wrong, e.Message, "move the file away, or choose another folder with --home");
        }
    }

    private static Finding Git(HomeFolder home)
    {
        string folder = RootOptions.WorkFolder();
        CodeState code = GitProvenance.Read(folder, recordUntracked: false, [home.Path]);
        return GitProvenance.Missing(code.Entries) is string missing ? new Finding(Verdict.Wrong, missing)
            : code.WithoutCommit is string none ? new Finding(Verdict.Note, none, "commit your specs")
            : code.Gaps is string gaps ? new Finding(Verdict.Note, gaps, "commit it, or let .gitignore name it")
            : code.Entries.Any(entry => entry.Name == ProvenanceNames.GitCommit)
                ? new Finding(
                    Verdict.Ok,
                    $"{folder} is a git repository: every run records the commit and uncommitted changes"
                )
            : new Finding(
                Verdict.Note,
                "not a git repository: runs cannot record the commit of their code",
                "run git init and commit your specs"
            );
    }

    private sealed record Finding(Verdict Verdict, string Says, string? Fix = null);
}
