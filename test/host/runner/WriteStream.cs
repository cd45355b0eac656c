using System.Management.Automation;
using System.Reflection;

namespace UserSession.TestHost.Runner;

/// <summary>The engine's internal mark on an object that says which stream it came from.</summary>
internal static class WriteStream
{
    private static readonly PropertyInfo Mark =
        typeof(PSObject).GetProperty("WriteStream", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingMemberException("PSObject has no WriteStream any more.");

    public static string Of(PSObject thing) => Mark.GetValue(thing)!.ToString()!;

    public static void MarkAsError(PSObject thing) => Mark.SetValue(thing, Enum.Parse(Mark.PropertyType, "Error"));
}
