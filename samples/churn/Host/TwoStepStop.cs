using System.Runtime.InteropServices;

namespace ChurnHost;

/// <summary>Ctrl+C in two steps: the first asks for a polite stop, which lets requests finish; the second stops at once.</summary>
internal sealed class TwoStepStop : IDisposable
{
    private readonly CancellationTokenSource _polite = new();
    private readonly CancellationTokenSource _atOnce = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public TwoStepStop()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Polite => _polite.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken AtOnce => _atOnce.Token;

    /// <summary>Hears no more signals. One that came just before may still be on its way, so the sources stay.</summary>
    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_polite.IsCancellationRequested)
        {
            Console.WriteLine("Stopping at once.");
            _atOnce.Cancel();
            return;
        }

        Console.WriteLine();
        Console.WriteLine("Stopping: requests may finish first. Press Ctrl+C again to stop at once.");
        _polite.Cancel();
    }
}
