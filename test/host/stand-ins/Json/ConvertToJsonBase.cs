using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>What both dialects of the ConvertTo-Json stand-in share: gathering the input.</summary>
public abstract class ConvertToJsonBase : PSCmdlet
{
    private readonly List<object?> inputs = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    protected override void ProcessRecord() => inputs.Add(InputObject);

    protected override void EndProcessing()
    {
        if (inputs.Count > 0) WriteObject(Render(inputs.Count > 1 ? inputs : inputs[0]));
    }

    protected abstract string Render(object? value);
}
