using System.Text.Json;
using BreakHis.Data;
using BreakHis.Runs;
using BreakHis.Training.Weights;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>Writes and reads the files of a run.</summary>
internal sealed class StageFiles(RunFolder folder)
{
    /// <summary>Writes tensors as safetensors, atomically.</summary>
    public void Save(string relative, IEnumerable<(string Name, Tensor Tensor)> state)
    {
        string path = folder.File(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        SafeTensors.Write(path, state);
    }

    /// <summary>Writes the class names, in the order of the network's outputs.</summary>
    public void SaveClasses(IReadOnlyList<string> classes)
    {
        WholeFile.Write(folder.File(RunFolder.Classes), JsonSerializer.Serialize(classes) + "\n");
    }

    /// <summary>Copies a file's tensors into those of the same names.</summary>
    public void Load(string relative, IEnumerable<(string Name, Tensor Tensor)> state)
    {
        using IDisposable noGradient = no_grad();
        using SafeTensorsContent saved = SafeTensors.Read(folder.File(relative));
        foreach ((string name, Tensor tensor) in state)
        {
            tensor.copy_(saved.Tensors[name]);
        }
    }

    /// <summary>The event that a file was written.</summary>
    public ArtifactWritten Artifact(string stage, string relative)
    {
        string path = folder.File(relative);
        return new ArtifactWritten(
            stage,
            Path.ChangeExtension(relative, null),
            relative,
            FileHash.Sha256(path),
            new FileInfo(path).Length
        );
    }
}
