using System.Diagnostics;
using System.Management.Automation;

namespace UserSession.TestHost.Runner;

/// <summary>Presses Ctrl+C when the request says so, and tells how long the pipeline took to end.</summary>
internal sealed class StopWatcher(PowerShell shell, StopAfter? when, EventWriter events) : IDisposable
{
    private int outputs;
    private int pressed;
    private Timer? timer;
    private Task stopping = Task.CompletedTask;

    public void Start()
    {
        if (when?.Ms is { } ms) timer = new Timer(_ => Press(), null, ms, Timeout.Infinite);
    }

    public void CountOutput()
    {
        if (++outputs == when?.Outputs) Press();
    }

    /// <summary>Never waits: the caller may be the pipeline's own thread, which has to come to an end first.</summary>
    public void Press()
    {
        if (Interlocked.Exchange(ref pressed, 1) == 1) return;
        var since = Stopwatch.StartNew();
        stopping = Task.Run(() =>
        {
            shell.Stop();
            var took = Math.Round(since.Elapsed.TotalMilliseconds, 1);
            events.Write("stopped", json => json.WriteNumber("took", took));
        });
    }

    /// <summary>The pipeline has ended: whatever is still to tell of the stop is told.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        stopping.Wait();
    }
}
