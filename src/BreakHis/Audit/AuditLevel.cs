namespace BreakHis.Audit;

/// <summary>The depth of a check.</summary>
internal enum AuditLevel
{
    /// <summary>The record is complete and consistent.</summary>
    Record,

    /// <summary>The files of the run match the record.</summary>
    Artifacts,

    /// <summary>The inputs of the run still match the record.</summary>
    Inputs,

    /// <summary>The run is reproduced.</summary>
    Rerun,
}
