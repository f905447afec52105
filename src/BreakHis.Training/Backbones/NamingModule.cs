using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// A module that registers its own parts with register_module. TorchSharp would register each field again, under the
/// field's name.
/// </summary>
internal abstract class NamingModule(string name) : nn.Module<Tensor, Tensor>(name)
{
    protected sealed override void RegisterComponents()
    {
        // All parts are already registered.
    }
}
