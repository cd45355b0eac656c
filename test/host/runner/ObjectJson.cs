using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;

namespace UserSession.TestHost.Runner;

/// <summary>Objects of the pipeline as data: type names, properties with a type tag, text.</summary>
internal static class ObjectJson
{
    public static void WriteMembers(Utf8JsonWriter json, object? value)
    {
        var thing = value is null ? null : PSObject.AsPSObject(value);
        json.WriteStartArray("typeNames");
        foreach (var name in thing?.TypeNames ?? []) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartObject("properties");
        foreach (var (name, content) in Properties(thing))
        {
            json.WritePropertyName(name);
            WriteTagged(json, content);
        }
        json.WriteEndObject();
        json.WritePropertyName("value");
        WriteTagged(json, value);
        json.WriteString("text", Text(value));
    }

    private static IEnumerable<(string Name, object? Value)> Properties(PSObject? thing)
    {
        if (thing is null || thing.BaseObject is string || thing.BaseObject.GetType().IsPrimitive) yield break;
        if (thing.BaseObject is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries) yield return (Text(entry.Key), entry.Value);
            yield break;
        }
        if (thing.BaseObject is IEnumerable) yield break;
        foreach (var property in thing.Properties) yield return (property.Name, ValueOf(property));
    }

    /// <summary>A getter that throws is data too.</summary>
    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException failure)
        {
            return $"<{failure.Message}>";
        }
    }

    private static void WriteTagged(Utf8JsonWriter json, object? value)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        json.WriteStartObject();
        switch (bare)
        {
            case null:
                json.WriteString("type", "null");
                json.WriteNull("value");
                break;
            case string text:
                json.WriteString("type", "string");
                json.WriteString("value", text);
                break;
            case bool truth:
                json.WriteString("type", "bool");
                json.WriteBoolean("value", truth);
                break;
            case DateTime date:
                json.WriteString("type", "datetime");
                json.WriteString("value", date.ToString("o", CultureInfo.InvariantCulture));
                json.WriteString("kind", date.Kind.ToString());
                break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or decimal:
                WriteNumber(json, bare, Convert.ToDecimal(bare, CultureInfo.InvariantCulture));
                break;
            case float or double when double.IsFinite(Convert.ToDouble(bare, CultureInfo.InvariantCulture)):
                WriteNumber(json, bare, Convert.ToDouble(bare, CultureInfo.InvariantCulture));
                break;
            case IList list:
                json.WriteString("type", "array");
                json.WriteStartArray("value");
                foreach (var item in list) WriteTagged(json, item);
                json.WriteEndArray();
                break;
            default:
                json.WriteString("type", bare.GetType().FullName);
                json.WriteString("value", Text(value));
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, object number, decimal value)
    {
        json.WriteString("type", "number");
        json.WriteNumber("value", value);
        json.WriteString("of", number.GetType().Name);
    }

    private static void WriteNumber(Utf8JsonWriter json, object number, double value)
    {
        json.WriteString("type", "number");
        json.WriteNumber("value", value);
        json.WriteString("of", number.GetType().Name);
    }

    private static string Text(object? value)
    {
        try
        {
            return value?.ToString() ?? "";
        }
        catch (RuntimeException failure)
        {
            return $"<{failure.Message}>";
        }
    }
}
