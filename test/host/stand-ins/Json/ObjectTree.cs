using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Reflection;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>
/// Boils a PowerShell object down to what JSON has: primitives, dictionaries and lists; what lies deeper than `depth`
/// becomes text.
/// </summary>
internal sealed class ObjectTree(int depth, bool decoratesText)
{
    public bool WasCut { get; private set; }

    public object? From(object? value, int level = 0)
    {
        var thing = value as PSObject;
        var bare = thing is null ? value : thing.BaseObject;
        if (bare is null or DBNull) return null;
        var isSimple = bare is string or char or DateTime or DateTimeOffset or Guid or Uri or decimal or BigInteger or Enum
            || bare.GetType().IsPrimitive;
        if (isSimple) return Decorated(thing, bare, level, PSMemberViewTypes.Extended);
        if (level > depth)
        {
            WasCut = true;
            return LanguagePrimitives.ConvertTo<string>(thing ?? bare);
        }
        return bare switch
        {
            IDictionary entries => Decorated(thing, FromDictionary(entries, level), level, PSMemberViewTypes.Extended),
            IEnumerable items => Decorated(thing, FromItems(items, level), level, PSMemberViewTypes.Extended),
            _ => Decorated(thing, FromMembers(bare, level), level, PSMemberViewTypes.Extended | PSMemberViewTypes.Adapted),
        };
    }

    private List<object?> FromItems(IEnumerable items, int level)
    {
        var made = new List<object?>();
        foreach (var item in items) made.Add(From(item, level + 1));
        return made;
    }

    private Dictionary<string, object?> FromDictionary(IDictionary entries, int level)
    {
        var made = new Dictionary<string, object?>();
        foreach (DictionaryEntry entry in entries)
        {
            if (entry.Key is not string key)
                throw new InvalidOperationException(
                    $"The type '{entries.GetType().FullName}' is not supported for serialization or deserialization of a dictionary. Keys must be strings.");
            made.Add(key, From(entry.Value, level + 1));
        }
        return made;
    }

    private Dictionary<string, object?> FromMembers(object bare, int level)
    {
        var made = new Dictionary<string, object?>();
        // A PSCustomObject has nothing of its own: all it holds comes with the decoration.
        if (bare is PSCustomObject) return made;
        const BindingFlags mine = BindingFlags.Public | BindingFlags.Instance;
        foreach (var field in bare.GetType().GetFields(mine)) made[field.Name] = From(field.GetValue(bare), level + 1);
        foreach (var property in bare.GetType().GetProperties(mine))
            if (property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
                made[property.Name] = From(Quietly(() => property.GetValue(bare)), level + 1);
        return made;
    }

    /// <summary>Adds what Add-Member and the type system put on the object; what was no dictionary becomes one for it.</summary>
    private object? Decorated(PSObject? thing, object? bare, int level, PSMemberViewTypes views)
    {
        if (thing is null || (!decoratesText && bare is string or DateTime)) return bare;
        var made = bare as Dictionary<string, object?>;
        var holder = made ?? new Dictionary<string, object?> { ["value"] = bare };
        var members = views.HasFlag(PSMemberViewTypes.Adapted) ? thing.Properties : Extended(thing);
        foreach (var property in members)
            if (!holder.ContainsKey(property.Name)) holder[property.Name] = From(Quietly(() => property.Value), level + 1);
        // The type system of 5.1 gives every wrapped array a Count, so an array from a pipeline becomes an object there.
        if (decoratesText && thing.BaseObject is Array array) holder["Count"] = array.Length;
        return made is null && holder.Count == 1 ? bare : holder;
    }

    private static IEnumerable<PSPropertyInfo> Extended(PSObject thing) =>
        thing.Properties.Where(property => property is PSNoteProperty or PSScriptProperty or PSCodeProperty or PSAliasProperty);

    /// <summary>A getter that fails gives null, as both real serializers have it.</summary>
    private static object? Quietly(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is TargetInvocationException or GetValueException)
        {
            return null;
        }
    }
}
