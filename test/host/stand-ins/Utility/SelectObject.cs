using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>Stand-in for Select-Object; -First ends the commands above it, as the real one does.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObject : PSCmdlet
{
    private readonly Queue<PSObject> lastOnes = new();
    private int seen;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public int First { get; set; } = int.MaxValue;

    [Parameter]
    public int Last { get; set; }

    [Parameter]
    public int Skip { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null) return;
        seen++;
        if (seen <= Skip) return;
        if (Last > 0)
        {
            lastOnes.Enqueue(InputObject);
            if (lastOnes.Count > Last) lastOnes.Dequeue();
            return;
        }
        if (seen - Skip <= First) Give(InputObject);
        if (seen - Skip >= First) throw EngineInternals.StopUpstream(this);
    }

    protected override void EndProcessing()
    {
        foreach (var thing in lastOnes) Give(thing);
    }

    private void Give(PSObject thing)
    {
        if (ExpandProperty is not null)
        {
            WriteObject(Chosen.Value(thing, ExpandProperty), enumerateCollection: true);
            return;
        }
        if (Property.Length == 0)
        {
            WriteObject(thing);
            return;
        }
        var made = new PSObject();
        foreach (var property in Chosen.From(thing, Property))
            if (made.Properties[property.Name] is null) made.Properties.Add(property);
        made.TypeNames.Insert(0, "Selected." + thing.BaseObject.GetType().FullName);
        WriteObject(made);
    }
}
