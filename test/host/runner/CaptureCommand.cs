using System.Management.Automation;

namespace UserSession.TestHost.Runner;

/// <summary>
/// Stands between the script and Out-Default where output is also formatted: tells of every object and passes it on.
/// Errors come this way too, merged as a console host merges them, so that tables and errors keep their order.
/// </summary>
[Cmdlet(VerbsCommunications.Receive, "TestHostOutput")]
public sealed class CaptureCommand : Cmdlet
{
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter(Mandatory = true)]
    public Action<object?>? Take { get; set; }

    protected override void ProcessRecord()
    {
        Take?.Invoke(InputObject);
        WriteObject(InputObject);
    }
}
