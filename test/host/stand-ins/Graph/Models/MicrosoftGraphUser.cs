namespace Microsoft.Graph.PowerShell.Models;

/// <summary>
/// Stand-in for the SDK's user with its 132 properties, kept in three files by what an unselected one is. Like the real
/// one it is neither dictionary nor list, and its text is the name of its type.
/// </summary>
public sealed partial class MicrosoftGraphUser : IMicrosoftGraphEntity
{
    public Dictionary<string, object?> AdditionalProperties { get; } = new(StringComparer.OrdinalIgnoreCase);
}
