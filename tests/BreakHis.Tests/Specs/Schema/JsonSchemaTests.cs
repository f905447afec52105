using BreakHis.Specs.Schema;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Specs.Schema;

public sealed class JsonSchemaTests
{
    /// <summary>Set BREAKHIS_UPDATE=1 to write the file instead of comparing it.</summary>
    [Fact]
    public void The_committed_schema_is_up_to_date()
    {
        string path = SharedFolder.InRepository("docs/experiment.schema.json");
        if (Environment.GetEnvironmentVariable("BREAKHIS_UPDATE") == "1")
        {
            File.WriteAllText(path, JsonSchemaWriter.Write());
        }

        Assert.Equal(File.ReadAllText(path), JsonSchemaWriter.Write());
    }
}
