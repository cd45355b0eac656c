using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>Stand-in for Get-Content: its lines carry properties, which the JSON of 5.1 shows.</summary>
[Cmdlet(VerbsCommon.Get, "Content")]
public sealed class GetContent : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    public string Encoding { get; set; } = "utf8";

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var file = GetUnresolvedProviderPathFromPSPath(path);
            if (!File.Exists(file))
            {
                var missing = new ItemNotFoundException($"Cannot find path '{file}' because it does not exist.");
                WriteError(new ErrorRecord(missing, "PathNotFound", ErrorCategory.ObjectNotFound, path));
                continue;
            }
            var count = 0;
            foreach (var line in Raw ? [File.ReadAllText(file)] : File.ReadLines(file)) WriteObject(Marked(line, file, ++count));
        }
    }

    private static PSObject Marked(string line, string file, int count)
    {
        var marked = new PSObject(line);
        marked.Properties.Add(new PSNoteProperty("PSPath", file));
        marked.Properties.Add(new PSNoteProperty("PSParentPath", System.IO.Path.GetDirectoryName(file)));
        marked.Properties.Add(new PSNoteProperty("PSChildName", System.IO.Path.GetFileName(file)));
        marked.Properties.Add(new PSNoteProperty("ReadCount", count));
        return marked;
    }
}
