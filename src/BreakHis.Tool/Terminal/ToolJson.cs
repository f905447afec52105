using System.Text.Json.Serialization;
using BreakHis.Ledger;

namespace BreakHis.Tool.Terminal;

/// <summary>The JSON of <c>--json</c>, generated at build so that it costs no start-up time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(RunLine))]
[JsonSerializable(typeof(RecordedRun))]
internal sealed partial class ToolJson : JsonSerializerContext;
