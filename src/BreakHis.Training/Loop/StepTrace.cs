using System.Text.Json;
using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Optimizers;
using BreakHis.Wording;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>
/// Writes one line per training step of a stage, with hashes of all inputs, parameters and results. Tracing changes no
/// number, but makes steps several times slower.
/// </summary>
internal sealed class StepTrace : IDisposable
{
    private readonly StageModel _model;
    private readonly OptimizerHelper _optimizer;
    private readonly StreamWriter _file;
    private readonly List<TracedPart> _modules = [];
    private TracedStep? _step;

    private StepTrace(string file, StageModel model, OptimizerHelper optimizer)
    {
        (_model, _optimizer) = (model, optimizer);
        _file = new StreamWriter(file, append: true) { AutoFlush = true, NewLine = "\n" };
        foreach ((string name, nn.Module<Tensor, Tensor> module) in model.Modules)
        {
            module.register_forward_hook((_, _, output) => Ran(name, output));
        }
    }

    /// <summary>
    /// Begins a trace or resumes one. Lines after the checkpoint are dropped, because their steps run again. If the
    /// trace lacks steps before the checkpoint, the stage gets no trace.
    /// </summary>
    /// <param name="stepsDone">Number of steps before the checkpoint.</param>
    /// <returns>The trace, or null if the stage gets none.</returns>
    public static StepTrace? Begin(RunFolder folder, StageModel model, OptimizerHelper optimizer, int stepsDone)
    {
        string file = folder.File(RunFolder.Trace(model.Stage));
        TracedStep[] before = stepsDone > 0 ? Read(file, stepsDone) : [];
        if (before.Length < stepsDone)
        {
            File.Delete(file);
            return null;
        }

        AtomicFile.Write(file, string.Concat(before.Select(step => step.Line() + "\n")));
        return new StepTrace(file, model, optimizer);
    }

    /// <summary>Begins a step.</summary>
    public void Begin(int epoch, int step, IReadOnlyList<string> images, Tensor inputs, ulong dropoutSeed)
    {
        _modules.Clear();
        _step = new TracedStep(epoch, step, images, HashOf(inputs), Digits.Of(dropoutSeed), [], "", [], []);
    }

    /// <summary>Records the loss after the backward pass, before the optimizer's step.</summary>
    public void Propagated(double loss) =>
        _step = _step! with
        {
            Modules = [.. _modules],
            Loss = Digits.InFull(loss),
            Gradients =
            [
                .. _model
                    .Trained.Where(t => t.Parameter.grad is not null)
                    .Select(t => new TracedPart(t.Name, HashOf(t.Parameter.grad!))),
            ],
        };

    /// <summary>Ends a step, after the optimizer's step.</summary>
    public void End()
    {
        // Frozen parameters do not change.
        TracedPart[] state =
        [
            .. _model
                .State.Where(t => t.Tensor is not Parameter || t.Tensor.requires_grad)
                .Select(t => new TracedPart(t.Name, HashOf(t.Tensor))),
            new(OptimizerStateTensor.Name, HashOf(OptimizerStateTensor.Of(_optimizer))),
        ];
        _file.WriteLine((_step! with { State = state }).Line());
        _step = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private Tensor Ran(string name, Tensor output)
    {
        // Validation runs the same modules, outside of a step.
        if (_step is not null)
        {
            _modules.Add(new TracedPart(name, HashOf(output)));
        }

        return output;
    }

    /// <summary>Returns the first steps of a trace; none if it cannot be read, or is not a trace.</summary>
    private static TracedStep[] Read(string file, int steps)
    {
        try
        {
            return [.. TracedStep.Read(file).Take(steps)];
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return [];
        }
    }

    private static string HashOf(Tensor tensor) => StateHash.Of([("", tensor)]);
}
