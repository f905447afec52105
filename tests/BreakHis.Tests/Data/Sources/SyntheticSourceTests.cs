using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Data.Sources;

public sealed class SyntheticSourceTests
{
    [Theory]
    [InlineData(4, 4, 350, 230, true)]
    [InlineData(100, 10, 350, 230, true)]
    [InlineData(1000, 999, 32, 32, false)]
    [InlineData(100, 25, 4096, 4096, false)]
    public void Tissue_that_takes_hours_to_draw_is_refused(
        int patients,
        int images,
        int width,
        int height,
        bool isDrawn
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

        if (isDrawn)
        {
            Assert.Equal((patients, width), (SyntheticSource.TissueOf(data).PatientsPerSubtype, width));
        }
        else
        {
            DataException e = Assert.Throws<DataException>(() => SyntheticSource.TissueOf(data));
            Assert.Contains("would take hours to draw", e.Message, StringComparison.Ordinal);
        }
    }
}
