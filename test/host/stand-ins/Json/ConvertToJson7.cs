using Newtonsoft.Json;
using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>Stand-in for ConvertTo-Json of PowerShell 7: Newtonsoft.Json, with a warning where depth cuts something off.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJson7 : ConvertToJsonBase
{
    protected override string Render(object? value)
    {
        var tree = new ObjectTree(Depth, decoratesText: false);
        var bare = tree.From(value);
        if (tree.WasCut) WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
        return JsonConvert.SerializeObject(bare, Compress ? Formatting.None : Formatting.Indented);
    }
}
