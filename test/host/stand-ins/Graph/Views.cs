using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.Graph.PowerShell.Models;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>The tables in which a console shows the SDK's objects.</summary>
internal static class Views
{
    public static void AddTo(InitialSessionState state)
    {
        state.Formats.Add(Table(typeof(MicrosoftGraphUser), "DisplayName", "Id", "Mail", "UserPrincipalName"));
        state.Formats.Add(Table(typeof(MicrosoftGraphGroup), "DisplayName", "Id", "MailNickname", "Description", "GroupTypes"));
        state.Formats.Add(Table(typeof(MicrosoftGraphDirectoryObject), "Id", "DeletedDateTime"));
    }

    private static SessionStateFormatEntry Table(Type type, params string[] columns)
    {
        var table = TableControl.Create();
        foreach (var column in columns) table.AddHeader(label: column);
        var row = table.StartRowDefinition();
        foreach (var column in columns) row.AddPropertyColumn(column);
        var view = new FormatViewDefinition(type.Name, row.EndRowDefinition().EndTable());
        return new SessionStateFormatEntry(new ExtendedTypeDefinition(type.FullName, [view]));
    }
}
