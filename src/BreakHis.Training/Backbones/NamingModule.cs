using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// A module that names its own parts by register_module. TorchSharp would register each field once more, under the
/// field's name.
/// </summary>
internal abstract class NamingModule(string name) : nn.Module<Tensor, Tensor>(name)
{
    protected sealed override void RegisterComponents()
    {
        // Every part has its name already.
    }
}
