using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>What Sort-, Group- and Measure-Object share: they need all the input first.</summary>
public abstract class GatheringCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    private protected List<PSObject> Gathered { get; } = [];

    protected override void ProcessRecord()
    {
        if (InputObject is not null) Gathered.Add(InputObject);
    }
}

/// <summary>Stand-in for Sort-Object.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObject : GatheringCommand
{
    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    protected override void EndProcessing()
    {
        var order = Comparer<PSObject>.Create(Compare);
        var sorted = Descending ? Gathered.OrderByDescending(thing => thing, order) : Gathered.OrderBy(thing => thing, order);
        PSObject? before = null;
        foreach (var thing in sorted)
        {
            if (!Unique || before is null || Compare(before, thing) != 0) WriteObject(thing);
            before = thing;
        }
    }

    private int Compare(PSObject? left, PSObject? right)
    {
        if (Property.Length == 0) return LanguagePrimitives.Compare(left, right, ignoreCase: true);
        return Property
            .Select(property => LanguagePrimitives.Compare(Chosen.Value(left!, property), Chosen.Value(right!, property), ignoreCase: true))
            .FirstOrDefault(order => order != 0);
    }
}

/// <summary>Stand-in for Group-Object.</summary>
[Cmdlet("Group", "Object")]
public sealed class GroupObject : GatheringCommand
{
    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    protected override void EndProcessing()
    {
        foreach (var group in Gathered.GroupBy(Key, StringComparer.OrdinalIgnoreCase))
        {
            var made = new PSObject();
            made.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GroupInfo");
            made.Properties.Add(new PSNoteProperty("Count", group.Count()));
            made.Properties.Add(new PSNoteProperty("Name", group.Key));
            made.Properties.Add(new PSNoteProperty("Group", group.ToArray()));
            WriteObject(made);
        }
    }

    private string Key(PSObject thing) => Property.Length == 0
        ? thing.ToString()
        : string.Join(", ", Property.Select(property => Chosen.Value(thing, property)?.ToString()));
}

/// <summary>Stand-in for Measure-Object.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObject : GatheringCommand
{
    [Parameter(Position = 0)]
    public string? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    protected override void EndProcessing()
    {
        var values = Gathered.Select(thing => Property is null ? thing : Chosen.Value(thing, Property)).Where(value => value is not null).ToArray();
        var needsNumbers = (Sum || Average || Minimum || Maximum) && values.Length > 0;
        var numbers = needsNumbers ? values.Select(value => LanguagePrimitives.ConvertTo<double>(value)).ToArray() : [];
        var made = new PSObject();
        void Add(string name, object? value) => made.Properties.Add(new PSNoteProperty(name, value));
        Add("Count", values.Length);
        Add("Average", Average && needsNumbers ? numbers.Average() : null);
        Add("Sum", Sum ? numbers.Sum() : null);
        Add("Maximum", Maximum && needsNumbers ? numbers.Max() : null);
        Add("Minimum", Minimum && needsNumbers ? numbers.Min() : null);
        Add("Property", Property);
        WriteObject(made);
    }
}
