using System.Management.Automation.Runspaces;
using Microsoft.Graph.PowerShell.Authentication.Cmdlets;
using Microsoft.Graph.PowerShell.Cmdlets;
using UserSession.TestHost.StandIns.Graph;
using UserSession.TestHost.StandIns.Json;
using UserSession.TestHost.StandIns.Utility;

namespace UserSession.TestHost.StandIns;

/// <summary>Which stand-ins a session gets. Names are spelled out: reading them from attributes would cost at every start.</summary>
public static class StandInCmdlets
{
    private static readonly (string Name, Type Type)[] Json7 =
    [
        ("ConvertTo-Json", typeof(ConvertToJson7)),
        ("ConvertFrom-Json", typeof(ConvertFromJson7)),
    ];

    private static readonly (string Name, Type Type)[] Json51 =
    [
        ("ConvertTo-Json", typeof(ConvertToJson51)),
        ("ConvertFrom-Json", typeof(ConvertFromJson51)),
    ];

    private static readonly (string Name, Type Type)[] Utility =
    [
        ("Import-Csv", typeof(ImportCsv)),
        ("Export-Csv", typeof(ExportCsv)),
        ("ConvertFrom-Csv", typeof(ConvertFromCsv)),
        ("ConvertTo-Csv", typeof(ConvertToCsv)),
        ("Select-Object", typeof(SelectObject)),
        ("Sort-Object", typeof(SortObject)),
        ("Group-Object", typeof(GroupObject)),
        ("Measure-Object", typeof(MeasureObject)),
        ("Write-Progress", typeof(WriteProgressCommand)),
        ("Write-Warning", typeof(WriteWarningCommand)),
        ("Write-Verbose", typeof(WriteVerboseCommand)),
        ("Write-Error", typeof(WriteErrorCommand)),
        ("Write-Output", typeof(WriteOutputCommand)),
        ("Write-Host", typeof(WriteHostCommand)),
        ("Write-Information", typeof(WriteInformationCommand)),
        ("Get-Content", typeof(GetContent)),
        ("Start-Sleep", typeof(StartSleep)),
        ("Get-Date", typeof(GetDate)),
        ("New-Object", typeof(NewObject)),
        ("Add-Member", typeof(AddMember)),
        ("ConvertTo-SecureString", typeof(ConvertToSecureString)),
        ("Format-Table", typeof(FormatTableCommand)),
        ("Format-List", typeof(FormatListCommand)),
        ("Out-String", typeof(OutString)),
    ];

    private static readonly (string Name, Type Type)[] Graph =
    [
        ("Connect-MgGraph", typeof(ConnectMgGraph)),
        ("Disconnect-MgGraph", typeof(DisconnectMgGraph)),
        ("Get-MgContext", typeof(GetMgContext)),
        ("Get-MgEnvironment", typeof(GetMgEnvironment)),
        ("Add-MgEnvironment", typeof(AddMgEnvironment)),
        ("Invoke-MgGraphRequest", typeof(InvokeMgGraphRequest)),
        ("Get-MgUser", typeof(GetMgUser)),
        ("Get-MgGroup", typeof(GetMgGroup)),
        ("Get-MgGroupMember", typeof(GetMgGroupMember)),
        ("Get-MgGroupTransitiveMember", typeof(GetMgGroupTransitiveMember)),
        ("Get-MgGroupMemberAsUser", typeof(GetMgGroupMemberAsUser)),
    ];

    /// <summary>A real pwsh has all of its own but the JSON of Windows PowerShell 5.1; Graph is a stand-in everywhere.</summary>
    public static void AddTo(InitialSessionState state, string dialect, bool hasRealCmdlets)
    {
        Add(state, Graph);
        if (!hasRealCmdlets) Add(state, Utility);
        if (dialect == "5.1") Add(state, Json51);
        else if (!hasRealCmdlets) Add(state, Json7);
        if (dialect == "5.1" && hasRealCmdlets) PutFirst(state, Json51);
        Views.AddTo(state);
    }

    private static void Add(InitialSessionState state, (string Name, Type Type)[] cmdlets)
    {
        foreach (var (name, type) in cmdlets) state.Commands.Add(new SessionStateCmdletEntry(name, type, null));
    }

    /// <summary>A module that pwsh loads later would cover a cmdlet of the same name; it can't cover an alias.</summary>
    private static void PutFirst(InitialSessionState state, (string Name, Type Type)[] cmdlets)
    {
        foreach (var (name, type) in cmdlets)
        {
            state.Commands.Add(new SessionStateCmdletEntry(name + "51", type, null));
            state.Commands.Add(new SessionStateAliasEntry(name, name + "51"));
        }
    }

    /// <summary>The Graph session belongs to the process; the next script of the same process starts without one.</summary>
    public static void ForgetSession() => GraphSession.Forget();
}
