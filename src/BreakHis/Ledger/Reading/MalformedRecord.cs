using System.Text.Json;
using BreakHis.Wording;

namespace BreakHis.Ledger.Reading;

/// <summary>A run whose record cannot be read.</summary>
/// <param name="Reason">Why, on one line.</param>
internal sealed record MalformedRun(string Id, string Reason);

/// <summary>
/// Recognizes records that are not in this tool's format. Anybody may have written them, and one of them must not keep
/// the others from being read.
/// </summary>
internal static class MalformedRecord
{
    /// <summary>Returns whether reading a record can cause an exception.</summary>
    public static bool IsCause(Exception e) =>
        e
            is JsonException
                or FormatException
                or InvalidOperationException
                or InvalidCastException
                or KeyNotFoundException
                or ArgumentException
                or IndexOutOfRangeException
                or NullReferenceException
                or OverflowException;

    /// <summary>Returns what is read from the record of a run.</summary>
    /// <exception cref="LedgerException">The record is malformed.</exception>
    public static T Understood<T>(string run, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsCause(e))
        {
            throw new LedgerException(
                LedgerFault.Malformed,
                $"run {run} cannot be read, because its record is not in this tool's format ({OneLine.Of(e.Message)}); 'dotnet breakhis audit {run}' checks it, and 'dotnet breakhis ledger quarantine {run}' takes it out of all lists",
                e
            );
        }
    }
}
