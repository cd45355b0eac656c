using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>
/// Stand-in for ConvertFrom-Json of Windows PowerShell 5.1 (JavaScriptSerializer): dates stay text except "\/Date(…)\/",
/// numbers are Int32, Int64, Decimal or Double, arrays are written whole, and there is no other parameter.
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "Json51")]
public sealed class ConvertFromJson51 : ConvertFromJsonBase
{
    protected override object? Parse(string text) => new JavaScriptReader(text).ReadDocument();

    protected override void Emit(object? value) => WriteObject(FromTree(value), enumerateCollection: false);

    private static object? FromTree(object? value) => value switch
    {
        List<KeyValuePair<string, object?>> entries => CustomObject(
            entries.Select(entry => KeyValuePair.Create(entry.Key, FromTree(entry.Value))),
            (first, second) => new InvalidOperationException(
                $"Cannot convert the JSON string because a dictionary that was converted from the string contains the duplicated keys '{first}' and '{second}'.")),
        List<object?> items => items.Select(FromTree).ToArray(),
        _ => value,
    };
}
