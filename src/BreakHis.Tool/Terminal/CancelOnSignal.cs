using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BreakHis.Tool.Terminal;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancellation. A second one ends the process immediately, unless it comes at
/// once: a signal to the whole process group arrives twice, because <c>dotnet</c> passes on its own.
/// </summary>
internal sealed class CancelOnSignal : IDisposable
{
    private static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly Stopwatch _sinceFirst = new();
    private readonly PosixSignalRegistration[] _registrations;

    public CancelOnSignal() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
        ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        lock (_sinceFirst)
        {
            signal.Cancel = !_sinceFirst.IsRunning || _sinceFirst.Elapsed < SameSignal;
            if (_sinceFirst.IsRunning)
            {
                return;
            }

            _sinceFirst.Start();
        }

        string again = signal.Signal == PosixSignal.SIGINT ? " Press Ctrl-C again to stop now." : "";
        StandardStreams.Error.WriteLine($"Stopping after this step.{again}");
        _source.Cancel();
    }
}
