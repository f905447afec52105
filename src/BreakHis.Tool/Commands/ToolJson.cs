using System.Text.Json;
using System.Text.Json.Serialization;
using BreakHis.Audit;
using BreakHis.Audit.Output;
using BreakHis.Comparisons;
using BreakHis.Comparisons.Simulations;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans.Checks;
using BreakHis.Runs;
using BreakHis.Tool.Commands.Data;
using BreakHis.Tool.Commands.Weights;

namespace BreakHis.Tool.Commands;

/// <summary>
/// The JSON of <c>--json</c>, generated at build time so that it does not slow down the start. NaN is written as text.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [
        typeof(RunStateWord),
        typeof(SideWord),
        typeof(AuditLevelWord),
        typeof(AuditOutcomeWord),
        typeof(DataWeightWord),
        typeof(LeakVerdictWord),
        typeof(VerdictKindWord),
    ]
)]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(RecordedRun))]
[JsonSerializable(typeof(CacheEntry))]
[JsonSerializable(typeof(AuditSummary))]
[JsonSerializable(typeof(DataReport))]
[JsonSerializable(typeof(KnownWeightsLine))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(SeveralComparisons))]
[JsonSerializable(typeof(CalibratedTests))]
[JsonSerializable(typeof(PowerTable))]
internal sealed partial class ToolJson : JsonSerializerContext;

/// <summary>finished, failed and so on, as in the ledger.</summary>
internal sealed class RunStateWord() : JsonStringEnumConverter<RunState>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>train or validation, as in the ledger.</summary>
internal sealed class SideWord() : JsonStringEnumConverter<Side>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>record, artifacts, inputs or rerun.</summary>
internal sealed class AuditLevelWord() : JsonStringEnumConverter<AuditLevel>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>pass, fail or inconclusive.</summary>
internal sealed class AuditOutcomeWord() : JsonStringEnumConverter<AuditOutcome>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>note, warning or error.</summary>
internal sealed class DataWeightWord() : JsonStringEnumConverter<DataWeight>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>better, worse, equivalent or inconclusive.</summary>
internal sealed class VerdictKindWord() : JsonStringEnumConverter<VerdictKind>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>clean, doubt, leak or not_checked.</summary>
internal sealed class LeakVerdictWord() : JsonStringEnumConverter<LeakVerdict>(JsonNamingPolicy.SnakeCaseLower);
