using System.Text;

namespace UserSession.TestHost.Runner;

/// <summary>The door for a process that runs one script: the test host's own, or a real pwsh that loaded this assembly.</summary>
public static class Entry
{
    /// <summary>Called by a script in pwsh, which brings the real cmdlets.</summary>
    public static int Run(string requestFile) => Run(requestFile, hasRealCmdlets: true);

    /// <summary>Runs the request of that file and returns the exit code.</summary>
    public static int Run(string requestFile, bool hasRealCmdlets)
    {
        var request = Request.Parse(File.ReadAllText(requestFile, Encoding.UTF8));
        if (request.Console) Console.OutputEncoding = Encoding.UTF8;
        using var events = request.Console ? new EventWriter(Stream.Null) : EventWriter.OnStandardOutput();
        using var surroundings = new Surroundings(request);
        using var run = new ScriptRun(request, events, hasRealCmdlets, processLivesOn: false);
        ConsoleCancelEventHandler onInterrupt = (_, interrupt) =>
        {
            interrupt.Cancel = true;
            run.Stop();
        };
        Console.CancelKeyPress += onInterrupt;
        try
        {
            return run.Execute();
        }
        finally
        {
            Console.CancelKeyPress -= onInterrupt;
        }
    }
}
