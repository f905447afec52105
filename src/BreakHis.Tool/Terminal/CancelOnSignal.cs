using System.Runtime.InteropServices;

namespace BreakHis.Tool.Terminal;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancellation. A second one ends the process immediately.</summary>
internal sealed class CancelOnSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
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
        if (!_source.IsCancellationRequested)
        {
            signal.Cancel = true;
            StandardStreams.Error.WriteLine("Stopping after this step. Press Ctrl-C again to stop now.");
            _source.Cancel();
        }
    }
}
