using BreakHis.Testing;
using Xunit;

namespace BreakHis.Training.Tests.Weights;

/// <summary>The files of wrapped_weights.py, written once for all tests. None of them changes a file.</summary>
public sealed class WrappedFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<TemporaryFolder> _written;

    public WrappedFiles() => _written = new(Written);

    /// <summary>The path of a file or folder.</summary>
    public string this[string name] => _written.Value[name];

    public void Dispose() => _folder.Dispose();

    private TemporaryFolder Written()
    {
        PythonReference.Run("torch, torchvision", "wrapped_weights.py", _folder.Path);
        return _folder;
    }
}

/// <summary>Tests that read these files.</summary>
[CollectionDefinition]
public sealed class Wrapping : ICollectionFixture<WrappedFiles>;
