using System.CommandLine;

namespace BreakHis.Tool.Commands.Data;

/// <summary><c>data</c>: checks, splits and generates image data.</summary>
internal static class DataCommand
{
    /// <summary>Creates the command and its subcommands.</summary>
    public static Command Create() =>
        new(
            "data",
            """
            Check, split and generate image data.

            Examples:
              dotnet breakhis data check experiments/quickstart.yaml
              dotnet breakhis data split my.yaml --out split.csv
              dotnet breakhis data synthesize experiments/quickstart.yaml --out data/tissue
            """
        )
        {
            DataCheck.Create(),
            DataSplit.Create(),
            DataSynthesize.Create(),
        };
}
