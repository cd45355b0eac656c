using UserSession.TestHost.StandIns;

namespace UserSession.TestHost.Runner;

/// <summary>What belongs to the process and not to the runspace: set for one script and put back after it.</summary>
internal sealed class Surroundings : IDisposable
{
    private readonly Dictionary<string, string?> before = [];
    private readonly string directory = Environment.CurrentDirectory;

    public Surroundings(Request request)
    {
        foreach (var (name, value) in request.Env)
        {
            before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }
        if (request.Cwd is not null) Environment.CurrentDirectory = request.Cwd;
        StandInCmdlets.ForgetSession();
    }

    public void Dispose()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        Environment.CurrentDirectory = directory;
    }
}
