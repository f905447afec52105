using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Data.Sources;

public sealed class SyntheticSourceTests
{
    [Theory]
    [InlineData(4, 4, 350, 230, null)]
    [InlineData(100, 10, 350, 230, null)]
    [InlineData(1, 1, 2048, 2048, null)]
    [InlineData(1, 1, 4096, 1024, null)]
    [InlineData(1000, 999, 32, 32, "would take hours to draw")]
    [InlineData(100, 25, 2048, 2048, "would take hours to draw")]
    [InlineData(1, 1, 4096, 4096, "too large to draw")]
    [InlineData(1, 1, 1, 4096, "too large to draw")]
    [InlineData(1, 1, int.MaxValue, int.MaxValue, "too large to draw")]
    public void Tissue_that_takes_hours_or_gigabytes_to_draw_is_refused(
        int patients,
        int images,
        int width,
        int height,
        string? fault
    )
    {
        DataSpec data = new()
        {
            Source = DataSource.Synthetic,
            Split = new SplitSpec { By = SplitUnit.Patient },
            Synthetic = new()
            {
                PatientsPerSubtype = patients,
                ImagesPerPatient = images,
                Width = width,
                Height = height,
            },
        };

        if (fault is null)
        {
            Assert.Equal((patients, width), (SyntheticSource.TissueOf(data).PatientsPerSubtype, width));
        }
        else
        {
            DataException e = Assert.Throws<DataException>(() => SyntheticSource.TissueOf(data));
            Assert.Contains(fault, e.Message, StringComparison.Ordinal);
        }
    }
}
