using System.Text;

namespace UserSession.TestHost.Runner;

/// <summary>Serves several scripts from one process, one after the other: a request per line of stdin.</summary>
public static class Serving
{
    public static int FromStandardInput()
    {
        using var events = EventWriter.OnStandardOutput();
        // Console.In would read in the code page of a Windows console.
        using var requests = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        while (requests.ReadLine() is { } line)
        {
            var request = Request.Parse(line);
            using var surroundings = new Surroundings(request);
            events.Restart();
            using var run = new ScriptRun(request, events, hasRealCmdlets: false, processLivesOn: true);
            run.Execute();
        }
        return 0;
    }
}
