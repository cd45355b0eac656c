using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>Stand-in for Format-Table: the engine's own formatter, which only lacks its command there.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineInternals.SetImplementation(this, EngineInternals.Formatter("Table"));
}

/// <summary>Stand-in for Format-List, likewise.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineInternals.SetImplementation(this, EngineInternals.Formatter("List"));
}

/// <summary>Stand-in for Out-String, on the engine's own renderer.</summary>
[Cmdlet("Out", "String")]
public sealed class OutString : FrontEndCommandBase
{
    private readonly object renderer = EngineInternals.Renderer();
    private readonly StringWriter text = new();

    public OutString() => EngineInternals.SetImplementation(this, renderer);

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = 120;

    [Parameter]
    public SwitchParameter Stream { get; set; }

    protected override void BeginProcessing()
    {
        EngineInternals.RenderTo(renderer, text, Width);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (Stream) WriteObject(text.ToString().TrimEnd('\n').Split(text.NewLine), enumerateCollection: true);
        else WriteObject(text.ToString());
    }
}
