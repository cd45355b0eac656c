using System.Reflection;
using System.Text.Json;
using Microsoft.Graph.PowerShell.Models;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>The users that commands for groups give: of a type with the same full name in another assembly.</summary>
internal static class GroupUser
{
    public static readonly Func<JsonElement, object> From = typeof(Entity<>)
        .MakeGenericType(Assembly.Load("UserSession.TestHost.GroupUsers").GetType(typeof(MicrosoftGraphUser).FullName!, throwOnError: true)!)
        .GetMethod("From")!
        .CreateDelegate<Func<JsonElement, object>>();
}
