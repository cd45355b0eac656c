namespace Microsoft.Graph.PowerShell.Models;

/// <summary>What all stand-ins for the SDK's entities have.</summary>
public interface IMicrosoftGraphEntity
{
    Dictionary<string, object?> AdditionalProperties { get; }
}

/// <summary>Stand-in for a member of a group, of whatever kind: everything but id and deletion is in AdditionalProperties.</summary>
public sealed class MicrosoftGraphDirectoryObject : IMicrosoftGraphEntity
{
    public Dictionary<string, object?> AdditionalProperties { get; } = new(StringComparer.OrdinalIgnoreCase);
    public DateTime? DeletedDateTime { get; set; }
    public string? Id { get; set; }
}
