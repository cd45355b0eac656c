using System.Collections;
using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>The forms in which Invoke-MgGraphRequest gives an answer.</summary>
public enum GraphOutput { HashTable, PSObject, HttpResponseMessage, Json }

/// <summary>Turns the text of an answer into one of those forms; date-like texts become dates in the first two.</summary>
internal static class GraphOutputs
{
    public static object? From(string text, GraphOutput form) =>
        form == GraphOutput.Json ? text : From(JsonConvert.DeserializeObject(text), form == GraphOutput.PSObject);

    private static object? From(object? token, bool asObjects)
    {
        switch (token)
        {
            case JObject entries when asObjects:
                var custom = new PSObject();
                foreach (var entry in entries.Properties()) custom.Properties.Add(new PSNoteProperty(entry.Name, From(entry.Value, asObjects)));
                return custom;
            case JObject entries:
                var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
                foreach (var entry in entries.Properties()) table[entry.Name] = From(entry.Value, asObjects);
                return table;
            case JArray items:
                return items.Select(item => From(item, asObjects)).ToArray();
            case JValue value:
                return value.Value;
            default:
                return token;
        }
    }
}
