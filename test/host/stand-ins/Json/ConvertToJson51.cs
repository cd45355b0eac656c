using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>
/// Stand-in for ConvertTo-Json of Windows PowerShell 5.1: texts that carry properties (lines from Get-Content do) become
/// {"value": …}, dates "\/Date(ms)\/", and &lt; &gt; &amp; ' are escaped. A session
/// knows it as ConvertTo-Json; its own name differs because an assembly may hold each name once.
/// </summary>
[Cmdlet(VerbsData.ConvertTo, "Json51")]
public sealed class ConvertToJson51 : ConvertToJsonBase
{
    protected override string Render(object? value) =>
        new JavaScriptWriter(indented: !Compress).Write(new ObjectTree(Depth, decoratesText: true).From(value));
}
