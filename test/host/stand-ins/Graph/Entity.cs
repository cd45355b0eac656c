using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Graph.PowerShell.Models;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>Fills entities from JSON: a property that the type has goes there, any other into AdditionalProperties.</summary>
internal static class Entity<T> where T : IMicrosoftGraphEntity, new()
{
    private static readonly Dictionary<string, PropertyInfo> Known =
        typeof(T).GetProperties().Where(property => property.CanWrite).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    public static T From(JsonElement json)
    {
        var made = new T();
        foreach (var property in json.EnumerateObject())
        {
            if (!Known.TryGetValue(property.Name, out var target)) made.AdditionalProperties[property.Name] = Plain(property.Value);
            else if (property.Value.ValueKind != JsonValueKind.Null) Fill(made, target, property.Value);
        }
        return made;
    }

    private static void Fill(T made, PropertyInfo target, JsonElement value)
    {
        if (target.GetValue(made) is MicrosoftGraphPart part)
        {
            foreach (var inner in value.EnumerateObject()) part.AdditionalProperties[inner.Name] = Plain(inner.Value);
            return;
        }
        var type = Nullable.GetUnderlyingType(target.PropertyType) ?? target.PropertyType;
        target.SetValue(made, type switch
        {
            _ when type == typeof(DateTime) => Date(value.GetString()!),
            _ when type == typeof(string[]) => value.EnumerateArray().Select(item => item.GetString()!).ToArray(),
            _ => Plain(value),
        });
    }

    private static DateTime Date(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt32(out var whole) ? whole : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToArray(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(inner => inner.Name, inner => Plain(inner.Value)),
        _ => null,
    };
}
