using BreakHis.Testing;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using PureHDF;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Formats;

public sealed class KerasFileTests
{
    [Fact]
    public void A_file_of_something_else_is_refused_and_what_it_contains_is_named()
    {
        using var scratch = new TemporaryFolder();
        new H5File { ["images"] = new float[8], ["labels"] = new int[2] }.Write(scratch["file.h5"]);

        WeightsException e = Assert.Throws<WeightsException>(() => KerasFile.Read(scratch["file.h5"]));

        Assert.EndsWith("it contains images, labels, but no layers with weights", e.Message, StringComparison.Ordinal);
    }
}
