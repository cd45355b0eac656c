using System.Collections;
using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>
/// Stand-in for ConvertFrom-Json of PowerShell 7, on the same Newtonsoft.Json with the same settings: whatever looks like
/// a date in ISO 8601 or "/Date(…)/" becomes a DateTime, a person's display name too.
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJson7 : ConvertFromJsonBase
{
    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    public int Depth { get; set; } = 1024;

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override object? Parse(string text)
    {
        var settings = new JsonSerializerSettings
        {
            TypeNameHandling = TypeNameHandling.None,
            MetadataPropertyHandling = MetadataPropertyHandling.Ignore,
            MaxDepth = Depth,
        };
        try
        {
            return JsonConvert.DeserializeObject(text, settings);
        }
        catch (JsonException failure)
        {
            throw new ArgumentException($"Conversion from JSON failed with error: {failure.Message}", failure);
        }
    }

    protected override void Emit(object? value) => WriteObject(FromToken(value), !NoEnumerate);

    private object? FromToken(object? token) => token switch
    {
        JObject entries when AsHashtable => Hashtable(entries),
        JObject entries => CustomObject(
            entries.Properties().Select(entry => KeyValuePair.Create(entry.Name, FromToken(entry.Value))),
            (first, second) => new InvalidOperationException(
                $"Cannot convert the JSON string because it contains keys with different casing. Please use the -AsHashTable switch instead. The key that was attempted to be added to the existing key '{first}' was '{second}'.")),
        JArray items => items.Where(item => item.Type != JTokenType.Comment).Select(FromToken).ToArray(),
        JValue value => value.Value,
        _ => token,
    };

    private Hashtable Hashtable(JObject entries)
    {
        var made = new Hashtable(StringComparer.Ordinal);
        foreach (var entry in entries.Properties()) made[entry.Name] = FromToken(entry.Value);
        return made;
    }
}
