using System.Text.Json;
using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Checkpoints;

/// <summary>Writes and reads the files of a run.</summary>
internal sealed class StageFiles(RunFolder folder)
{
    /// <summary>Writes tensors to a safetensors file, atomically.</summary>
    public void Save(string relative, IEnumerable<(string Name, Tensor Tensor)> state) =>
        SafeTensors.Write(folder.File(relative), state);

    /// <summary>Writes the class names, in the order of the network's outputs.</summary>
    /// <returns>The event that records the file.</returns>
    public ArtifactWritten SaveClasses(string stage, IReadOnlyList<string> classes)
    {
        AtomicFile.Write(folder.File(RunFolder.Classes), JsonSerializer.Serialize(classes) + "\n");
        return Artifact(stage, RunFolder.Classes);
    }

    /// <summary>Writes how the network of the fine_tune stage reads images, so that later runs can use it.</summary>
    /// <param name="inputSize">Height and width of the images, in pixels.</param>
    /// <returns>The event that records the file.</returns>
    public ArtifactWritten SavePreprocessing(LoadedBackbone network, int inputSize)
    {
        using DisposeScope scope = NewDisposeScope();
        SafeTensors.Write(
            folder.File(RunFolder.Preprocessing),
            WeightsMetadata.Tensors(network.Preprocessing),
            WeightsMetadata.Of(network.Backbone.Facts.Name, network.Backbone.Traits, network.Preprocessing, inputSize)
        );
        return Artifact(StageNames.FineTune, RunFolder.Preprocessing);
    }

    /// <summary>Deletes all checkpoints, when the run no longer needs them.</summary>
    public void DeleteCheckpoints()
    {
        string checkpoints = folder.File(RunFolder.Checkpoints);
        if (Directory.Exists(checkpoints))
        {
            Directory.Delete(checkpoints, recursive: true);
        }
    }

    /// <summary>Copies a file's tensors into the tensors of the same names.</summary>
    public void Load(string relative, IEnumerable<(string Name, Tensor Tensor)> state)
    {
        using SafeTensorsContent saved = SafeTensors.Read(folder.File(relative));
        saved.CopyTo(state);
    }

    /// <summary>The event that records a written file.</summary>
    public ArtifactWritten Artifact(string stage, string relative)
    {
        HashedFile file = folder.Hashed(relative);
        return new ArtifactWritten(stage, Path.ChangeExtension(relative, null), relative, file.Sha256, file.Bytes);
    }
}
