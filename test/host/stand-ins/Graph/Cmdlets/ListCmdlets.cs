using System.Management.Automation;
using Microsoft.Graph.PowerShell.Models;
using UserSession.TestHost.StandIns.Graph;

namespace Microsoft.Graph.PowerShell.Cmdlets;

/// <summary>Stand-in for Get-MgUser.</summary>
[Cmdlet(VerbsCommon.Get, "MgUser", DefaultParameterSetName = "List")]
[OutputType(typeof(MicrosoftGraphUser))]
public sealed class GetMgUser : ListCommand
{
    [Parameter(ParameterSetName = "Get", Mandatory = true)]
    public string UserId { get; set; } = "";

    protected override void Work()
    {
        if (ParameterSetName == "Get") GetOne<MicrosoftGraphUser>($"/v1.0/users/{Uri.EscapeDataString(UserId)}");
        else List("/v1.0/users", Entity<MicrosoftGraphUser>.From);
    }
}

/// <summary>Stand-in for Get-MgGroup.</summary>
[Cmdlet(VerbsCommon.Get, "MgGroup", DefaultParameterSetName = "List")]
[OutputType(typeof(MicrosoftGraphGroup))]
public sealed class GetMgGroup : ListCommand
{
    [Parameter(ParameterSetName = "Get", Mandatory = true)]
    public string GroupId { get; set; } = "";

    protected override void Work()
    {
        if (ParameterSetName == "Get") GetOne<MicrosoftGraphGroup>($"/v1.0/groups/{Uri.EscapeDataString(GroupId)}");
        else List("/v1.0/groups", Entity<MicrosoftGraphGroup>.From);
    }
}

/// <summary>What the stand-ins for commands on the members of a group share.</summary>
public abstract class MemberCommand : ListCommand
{
    [Parameter(Mandatory = true)]
    public string GroupId { get; set; } = "";

    private protected string Group => $"/v1.0/groups/{Uri.EscapeDataString(GroupId)}";
}

/// <summary>Stand-in for Get-MgGroupMember: members of any kind, all of one type.</summary>
[Cmdlet(VerbsCommon.Get, "MgGroupMember")]
[OutputType(typeof(MicrosoftGraphDirectoryObject))]
public sealed class GetMgGroupMember : MemberCommand
{
    protected override void Work() => List(Group + "/members", Entity<MicrosoftGraphDirectoryObject>.From);
}

/// <summary>Stand-in for Get-MgGroupTransitiveMember.</summary>
[Cmdlet(VerbsCommon.Get, "MgGroupTransitiveMember")]
[OutputType(typeof(MicrosoftGraphDirectoryObject))]
public sealed class GetMgGroupTransitiveMember : MemberCommand
{
    protected override void Work() => List(Group + "/transitiveMembers", Entity<MicrosoftGraphDirectoryObject>.From);
}

/// <summary>Stand-in for Get-MgGroupMemberAsUser: only the users, as users of the type that the module for groups has.</summary>
[Cmdlet(VerbsCommon.Get, "MgGroupMemberAsUser")]
[OutputType(typeof(MicrosoftGraphUser))]
public sealed class GetMgGroupMemberAsUser : MemberCommand
{
    protected override void Work() => List(Group + "/members/microsoft.graph.user", GroupUser.From);
}
