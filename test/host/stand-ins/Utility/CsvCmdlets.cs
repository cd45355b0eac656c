using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>Stand-in for Import-Csv: rows come while the file is read.</summary>
[Cmdlet(VerbsData.Import, "Csv")]
public sealed class ImportCsv : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    [Parameter]
    public string Encoding { get; set; } = "utf8";

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            using var text = new StreamReader(GetUnresolvedProviderPathFromPSPath(path));
            foreach (var row in Csv.Objects(text, Delimiter)) WriteObject(row);
        }
    }
}

/// <summary>Stand-in for ConvertFrom-Csv.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Csv")]
public sealed class ConvertFromCsv : PSCmdlet
{
    private readonly List<string> lines = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string[] InputObject { get; set; } = [];

    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    protected override void ProcessRecord() => lines.AddRange(InputObject);

    protected override void EndProcessing() =>
        WriteObject(Csv.Objects(new StringReader(string.Join('\n', lines)), Delimiter), enumerateCollection: true);
}

/// <summary>What ConvertTo-Csv and Export-Csv share: columns are those of the first object.</summary>
public abstract class CsvOutput : PSCmdlet
{
    private string[]? columns;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter]
    public char Delimiter { get; set; } = ',';

    [Parameter]
    public SwitchParameter NoTypeInformation { get; set; }

    protected override void ProcessRecord()
    {
        if (columns is null)
        {
            columns = [.. InputObject.Properties.Select(property => property.Name)];
            Give(Csv.Row(columns, Delimiter));
        }
        Give(Csv.Row(columns.Select(name => InputObject.Properties[name]?.Value), Delimiter));
    }

    private protected abstract void Give(string line);
}

/// <summary>Stand-in for ConvertTo-Csv.</summary>
[Cmdlet(VerbsData.ConvertTo, "Csv")]
public sealed class ConvertToCsv : CsvOutput
{
    private protected override void Give(string line) => WriteObject(line);
}

/// <summary>Stand-in for Export-Csv.</summary>
[Cmdlet(VerbsData.Export, "Csv")]
public sealed class ExportCsv : CsvOutput, IDisposable
{
    private StreamWriter? file;

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter]
    public string Encoding { get; set; } = "utf8";

    protected override void BeginProcessing() => file = new StreamWriter(GetUnresolvedProviderPathFromPSPath(Path));

    private protected override void Give(string line) => file!.WriteLine(line);

    public void Dispose() => file?.Dispose();
}
