using System.Runtime.InteropServices;

namespace DeepNet.Training.Running;

/// <summary>
/// Turns the first Ctrl-C, or the first request to terminate (as a batch system or a container makes), into a cancellation. The second
/// one does what it always does: it ends the process.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    private StopSignals() { }

    public CancellationToken Token => source.Token;

    /// <summary>Gets the signal that came, in words; null as long as none did.</summary>
    public string? Reason { get; private set; }

    public bool IsRaised => Reason is not null;

    public static StopSignals Listen(bool enabled)
    {
        var signals = new StopSignals();
        if (!enabled) return signals;
        signals.Register(PosixSignal.SIGINT, "Ctrl-C");
        signals.Register(PosixSignal.SIGTERM, "a request to terminate");
        return signals;
    }

    private void Register(PosixSignal signal, string name)
    {
        try
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                if (IsRaised) return;
                Reason = name;
                context.Cancel = true;
                source.Cancel();
            }));
        }
        catch (PlatformNotSupportedException)
        {
            // Browsers and phones have no signals; tokens work there as everywhere.
        }
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }
}
