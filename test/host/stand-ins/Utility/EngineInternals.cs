using System.Management.Automation;
using System.Reflection;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>What Microsoft's own commands reach inside of the engine and ours have to reach from outside.</summary>
internal static class EngineInternals
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const string Formatting = "Microsoft.PowerShell.Commands.Internal.Format.";

    /// <summary>What ends the commands above the given one and lets those below go on.</summary>
    public static Exception StopUpstream(Cmdlet requesting) => (Exception)Make("System.Management.Automation.StopUpstreamCommandsException", requesting);

    /// <summary>The formatter behind Format-Table or Format-List.</summary>
    public static object Formatter(string shape) => Make(Formatting + "InnerFormatShapeCommand", Enum.Parse(Type(Formatting + "FormatShape"), shape));

    /// <summary>The renderer behind Out-String.</summary>
    public static object Renderer() => Make(Formatting + "OutputManagerInner");

    public static void RenderTo(object renderer, TextWriter writer, int width) =>
        renderer.GetType().GetProperty("LineOutput", Any)!.SetValue(renderer, Make(Formatting + "TextWriterLineOutput", writer, width));

    /// <summary>Formatting commands do their work in an inner object that only the engine's assembly can set.</summary>
    public static void SetImplementation(Cmdlet command, object implementation) =>
        typeof(Microsoft.PowerShell.Commands.Internal.Format.FrontEndCommandBase).GetField("implementation", Any)!.SetValue(command, implementation);

    private static object Make(string type, params object[] arguments) =>
        Activator.CreateInstance(Type(type), Any, null, arguments, null)!;

    private static Type Type(string name) => typeof(PSObject).Assembly.GetType(name, throwOnError: true)!;
}
