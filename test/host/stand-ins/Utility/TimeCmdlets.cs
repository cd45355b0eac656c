using System.Globalization;
using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>Stand-in for Start-Sleep; a stop wakes it.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
public sealed class StartSleep : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim stopped = new();

    [Parameter(ParameterSetName = "Seconds", Mandatory = true, Position = 0)]
    public double Seconds { get; set; }

    [Parameter(ParameterSetName = "Milliseconds", Mandatory = true)]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord() =>
        stopped.Wait(ParameterSetName == "Seconds" ? TimeSpan.FromSeconds(Seconds) : TimeSpan.FromMilliseconds(Milliseconds));

    protected override void StopProcessing() => stopped.Set();

    public void Dispose() => stopped.Dispose();
}

/// <summary>Stand-in for Get-Date.</summary>
[Cmdlet(VerbsCommon.Get, "Date")]
public sealed class GetDate : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public DateTime? Date { get; set; }

    [Parameter]
    public string? Format { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    protected override void ProcessRecord()
    {
        var now = Date ?? DateTime.Now;
        var date = AsUTC ? now.ToUniversalTime() : now;
        WriteObject(Format is null ? date : date.ToString(Format, CultureInfo.InvariantCulture));
    }
}
