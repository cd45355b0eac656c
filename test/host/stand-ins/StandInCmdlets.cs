using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.Graph.PowerShell.Authentication.Cmdlets;
using Microsoft.Graph.PowerShell.Cmdlets;
using UserSession.TestHost.StandIns.Graph;
using UserSession.TestHost.StandIns.Json;

namespace UserSession.TestHost.StandIns;

/// <summary>Which stand-ins a session gets.</summary>
public static class StandInCmdlets
{
    /// <summary>A real pwsh has everything but JSON as Windows PowerShell 5.1 does it.</summary>
    public static void AddTo(InitialSessionState state, string dialect, bool hasRealCmdlets)
    {
        if (dialect == "5.1")
        {
            Add<ConvertToJson51>(state);
            Add<ConvertFromJson51>(state);
        }
        else if (!hasRealCmdlets)
        {
            Add<ConvertToJson7>(state);
            Add<ConvertFromJson7>(state);
        }
        AddGraph(state);
    }

    /// <summary>The Graph session belongs to the process; the next script of the same process starts without one.</summary>
    public static void ForgetSession() => GraphSession.Forget();

    private static void AddGraph(InitialSessionState state)
    {
        Add<ConnectMgGraph>(state);
        Add<DisconnectMgGraph>(state);
        Add<GetMgContext>(state);
        Add<GetMgEnvironment>(state);
        Add<AddMgEnvironment>(state);
        Add<InvokeMgGraphRequest>(state);
        Add<GetMgUser>(state);
        Add<GetMgGroup>(state);
        Add<GetMgGroupMember>(state);
        Add<GetMgGroupTransitiveMember>(state);
        Add<GetMgGroupMemberAsUser>(state);
    }

    private static void Add<T>(InitialSessionState state) where T : Cmdlet
    {
        var name = (CmdletAttribute)Attribute.GetCustomAttribute(typeof(T), typeof(CmdletAttribute))!;
        state.Commands.Add(new SessionStateCmdletEntry($"{name.VerbName}-{name.NounName}", typeof(T), null));
    }
}
