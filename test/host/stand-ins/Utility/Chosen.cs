using System.Collections;
using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>A property as users name it in -Property: by name, by wildcard, by script, or by @{Name=…;Expression=…}.</summary>
internal static class Chosen
{
    public static IEnumerable<PSNoteProperty> From(PSObject thing, object[] properties)
    {
        foreach (var property in properties)
        {
            var bare = property is PSObject wrapped ? wrapped.BaseObject : property;
            if (bare is string pattern && WildcardPattern.ContainsWildcardCharacters(pattern))
            {
                foreach (var match in thing.Properties.Match(pattern)) yield return new PSNoteProperty(match.Name, match.Value);
                continue;
            }
            yield return new PSNoteProperty(Name(bare), Value(thing, bare));
        }
    }

    public static object? Value(PSObject thing, object property) => property switch
    {
        ScriptBlock script => Evaluate(script, thing),
        IDictionary made => Value(thing, Entry(made, "Expression", "e")!),
        PSObject wrapped => Value(thing, wrapped.BaseObject),
        _ when thing.BaseObject is IDictionary entries => entries[property],
        _ => thing.Properties[property.ToString()]?.Value,
    };

    private static string Name(object property) => property switch
    {
        IDictionary made => (Entry(made, "Name", "n", "Label", "l") ?? Entry(made, "Expression", "e"))!.ToString()!,
        _ => property.ToString()!,
    };

    private static object? Entry(IDictionary made, params string[] names) =>
        names.Where(name => made.Contains(name)).Select(name => made[name]).FirstOrDefault();

    private static object? Evaluate(ScriptBlock script, PSObject thing)
    {
        var found = script.InvokeWithContext(null, [new PSVariable("_", thing)]);
        return found.Count switch { 0 => null, 1 => found[0], _ => found.ToArray() };
    }
}
