using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json;
using Microsoft.PowerShell;
using UserSession.TestHost.StandIns;

namespace UserSession.TestHost.Runner;

/// <summary>What a fresh runspace holds.</summary>
internal static class Session
{
    public static InitialSessionState Create(Request request, bool hasRealCmdlets)
    {
        var state = InitialSessionState.CreateDefault2();
        // Known on Windows only; scripts of this checkout are not signed.
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = ExecutionPolicy.Bypass;
        state.Commands.Add(new SessionStateCmdletEntry("Receive-TestHostOutput", typeof(CaptureCommand), null));
        StandInCmdlets.AddTo(state, request.Dialect, hasRealCmdlets);
        foreach (var (name, value) in request.Preferences)
            state.Variables.Add(new SessionStateVariableEntry(name, value, null));
        return state;
    }

    /// <summary>As a script would have written the value: objects are PSCustomObjects.</summary>
    public static object? FromJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt32(out var whole) ? whole : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(FromJson).ToArray(),
        JsonValueKind.Object => CustomObject(value),
        _ => null,
    };

    /// <summary>Merged into the output, an error record differs from one that was written as output by this mark only.</summary>
    public static bool IsFromErrorStream(PSObject thing) => WriteStream.Of(thing) == "Error";

    /// <summary>Shows the error that ended a script, as console hosts do: by way of Out-Default.</summary>
    public static void ShowError(Runspace runspace, ErrorRecord error)
    {
        using var shell = PowerShell.Create(runspace);
        var thing = new PSObject(error);
        WriteStream.MarkAsError(thing);
        shell.AddCommand("Out-Default").AddParameter("InputObject", thing).Invoke();
    }

    private static PSObject CustomObject(JsonElement value)
    {
        var made = new PSObject();
        foreach (var property in value.EnumerateObject())
            made.Properties.Add(new PSNoteProperty(property.Name, FromJson(property.Value)));
        return made;
    }
}
