namespace Microsoft.Graph.PowerShell.Models;

/// <summary>Stand-in for the SDK's group, with the properties that scripts use most.</summary>
public sealed class MicrosoftGraphGroup : IMicrosoftGraphEntity
{
    public Dictionary<string, object?> AdditionalProperties { get; } = new(StringComparer.OrdinalIgnoreCase);
    public string? Classification { get; set; }
    public DateTime? CreatedDateTime { get; set; }
    public DateTime? DeletedDateTime { get; set; }
    public string? Description { get; set; }
    public string? DisplayName { get; set; }
    public DateTime? ExpirationDateTime { get; set; }
    public string[]? GroupTypes { get; set; }
    public string? Id { get; set; }
    public bool? IsAssignableToRole { get; set; }
    public string? Mail { get; set; }
    public bool? MailEnabled { get; set; }
    public string? MailNickname { get; set; }
    public object[]? Members { get; set; }
    public string? MembershipRule { get; set; }
    public bool? OnPremisesSyncEnabled { get; set; }
    public object[]? Owners { get; set; }
    public string[]? ProxyAddresses { get; set; }
    public bool? SecurityEnabled { get; set; }
    public string? SecurityIdentifier { get; set; }
    public string? Visibility { get; set; }
}
