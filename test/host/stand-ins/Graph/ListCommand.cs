using System.Management.Automation;
using System.Text.Json;
using Microsoft.Graph.PowerShell.Models;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>What the stand-ins for commands that list something share: options of the query, and page after page.</summary>
public abstract class ListCommand : GeneratedCommand
{
    [Parameter]
    public string? Filter { get; set; }

    [Parameter]
    [Alias("Select")]
    public string[] Property { get; set; } = [];

    /// <summary>Without it one page is all there is, 100 objects by default.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    [Parameter]
    [Alias("Limit")]
    public int Top { get; set; }

    [Parameter]
    public int PageSize { get; set; }

    [Parameter]
    public string? ConsistencyLevel { get; set; }

    [Parameter]
    [Alias("CV")]
    public string? CountVariable { get; set; }

    /// <summary>Each object goes down the pipeline before the next page is asked for.</summary>
    private protected void List(string path, Func<JsonElement, object> make)
    {
        var left = Top > 0 ? Top : int.MaxValue;
        for (var next = path + Query(); next is not null && left > 0;)
        {
            using var page = JsonDocument.Parse(GraphHttp.Read(() => Request(next), Stopped));
            if (CountVariable is not null && page.RootElement.TryGetProperty("@odata.count", out var count))
                SessionState.PSVariable.Set(CountVariable, count.GetInt32());
            foreach (var item in page.RootElement.GetProperty("value").EnumerateArray())
            {
                if (left-- == 0) return;
                WriteObject(make(item));
            }
            var follows = All || Top > 0;
            next = follows && page.RootElement.TryGetProperty("@odata.nextLink", out var link) ? Relative(link.GetString()!) : null;
        }
    }

    private protected void GetOne<T>(string path) where T : IMicrosoftGraphEntity, new()
    {
        var select = Property.Length > 0 ? $"?$select={Uri.EscapeDataString(string.Join(',', Property))}" : "";
        using var found = JsonDocument.Parse(GraphHttp.Read(() => Request(path + select), Stopped));
        WriteObject(Entity<T>.From(found.RootElement));
    }

    private string Query()
    {
        var parts = new List<string>();
        var size = PageSize > 0 ? PageSize : Math.Min(Top, 999);
        if (size > 0) parts.Add($"$top={size}");
        if (Filter is not null) parts.Add($"$filter={Uri.EscapeDataString(Filter)}");
        if (Property.Length > 0) parts.Add($"$select={Uri.EscapeDataString(string.Join(',', Property))}");
        if (CountVariable is not null) parts.Add("$count=true");
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private HttpRequestMessage Request(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (ConsistencyLevel is not null) request.Headers.Add("ConsistencyLevel", ConsistencyLevel);
        return request;
    }

    private static string Relative(string link) => new Uri(link).PathAndQuery;
}
