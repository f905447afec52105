using System.CommandLine;
using BreakHis.Specs.Schema;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands;

/// <summary><c>schema</c>: prints the JSON Schema of specs.</summary>
internal static class SchemaCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "schema",
            """
            Print the JSON Schema of specs (draft-07), for editors.

            Example:
              dotnet breakhis schema > experiment.schema.json
            """
        );
        command.SetAction(_ => StandardStreams.Out.Write(JsonSchemaWriter.Write()));
        return command;
    }
}
