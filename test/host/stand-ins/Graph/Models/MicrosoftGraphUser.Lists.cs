namespace Microsoft.Graph.PowerShell.Models;

/// <summary>Lists: null unless selected.</summary>
public sealed partial class MicrosoftGraphUser
{
    public string[]? BusinessPhones { get; set; }
    public string[]? ImAddresses { get; set; }
    public string[]? Interests { get; set; }
    public string[]? OtherMails { get; set; }
    public string[]? PastProjects { get; set; }
    public string[]? ProxyAddresses { get; set; }
    public string[]? Responsibilities { get; set; }
    public string[]? Schools { get; set; }
    public string[]? Skills { get; set; }
    public object[]? Activities { get; set; }
    public object[]? AgreementAcceptances { get; set; }
    public object[]? AppRoleAssignments { get; set; }
    public object[]? AssignedLicenses { get; set; }
    public object[]? AssignedPlans { get; set; }
    public object[]? CalendarGroups { get; set; }
    public object[]? CalendarView { get; set; }
    public object[]? Calendars { get; set; }
    public object[]? Chats { get; set; }
    public object[]? ContactFolders { get; set; }
    public object[]? Contacts { get; set; }
    public object[]? CreatedObjects { get; set; }
    public object[]? DeviceManagementTroubleshootingEvents { get; set; }
    public object[]? DirectReports { get; set; }
    public object[]? Drives { get; set; }
    public object[]? Events { get; set; }
    public object[]? Extensions { get; set; }
    public object[]? FollowedSites { get; set; }
    public object[]? Identities { get; set; }
    public object[]? JoinedTeams { get; set; }
    public object[]? LicenseAssignmentStates { get; set; }
    public object[]? LicenseDetails { get; set; }
    public object[]? MailFolders { get; set; }
    public object[]? ManagedAppRegistrations { get; set; }
    public object[]? ManagedDevices { get; set; }
    public object[]? MemberOf { get; set; }
    public object[]? Messages { get; set; }
    public object[]? Oauth2PermissionGrants { get; set; }
    public object[]? OnPremisesProvisioningErrors { get; set; }
    public object[]? OnlineMeetings { get; set; }
    public object[]? OwnedDevices { get; set; }
    public object[]? OwnedObjects { get; set; }
    public object[]? People { get; set; }
    public object[]? PermissionGrants { get; set; }
    public object[]? Photos { get; set; }
    public object[]? ProvisionedPlans { get; set; }
    public object[]? RegisteredDevices { get; set; }
    public object[]? ScopedRoleMemberOf { get; set; }
    public object[]? ServiceProvisioningErrors { get; set; }
    public object[]? Sponsors { get; set; }
    public object[]? TransitiveMemberOf { get; set; }
}
