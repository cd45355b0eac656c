namespace Microsoft.Graph.PowerShell.Models;

/// <summary>Texts, switches, numbers and dates: null unless selected. Dates are UTC.</summary>
public sealed partial class MicrosoftGraphUser
{
    public string? AboutMe { get; set; }
    public string? AgeGroup { get; set; }
    public string? City { get; set; }
    public string? CompanyName { get; set; }
    public string? ConsentProvidedForMinor { get; set; }
    public string? Country { get; set; }
    public string? CreationType { get; set; }
    public string? Department { get; set; }
    public string? DisplayName { get; set; }
    public string? EmployeeId { get; set; }
    public string? EmployeeType { get; set; }
    public string? ExternalUserState { get; set; }
    public string? FaxNumber { get; set; }
    public string? GivenName { get; set; }
    public string? Id { get; set; }
    public string? JobTitle { get; set; }
    public string? LegalAgeGroupClassification { get; set; }
    public string? Mail { get; set; }
    public string? MailNickname { get; set; }
    public string? MobilePhone { get; set; }
    public string? MySite { get; set; }
    public string? OfficeLocation { get; set; }
    public string? OnPremisesDistinguishedName { get; set; }
    public string? OnPremisesDomainName { get; set; }
    public string? OnPremisesImmutableId { get; set; }
    public string? OnPremisesSamAccountName { get; set; }
    public string? OnPremisesSecurityIdentifier { get; set; }
    public string? OnPremisesUserPrincipalName { get; set; }
    public string? PasswordPolicies { get; set; }
    public string? PostalCode { get; set; }
    public string? PreferredDataLocation { get; set; }
    public string? PreferredLanguage { get; set; }
    public string? PreferredName { get; set; }
    public string? SecurityIdentifier { get; set; }
    public string? State { get; set; }
    public string? StreetAddress { get; set; }
    public string? Surname { get; set; }
    public string? UsageLocation { get; set; }
    public string? UserPrincipalName { get; set; }
    public string? UserType { get; set; }
    public int? DeviceEnrollmentLimit { get; set; }
    public bool? AccountEnabled { get; set; }
    public bool? IsManagementRestricted { get; set; }
    public bool? IsResourceAccount { get; set; }
    public bool? OnPremisesSyncEnabled { get; set; }
    public bool? ShowInAddressList { get; set; }
    public DateTime? Birthday { get; set; }
    public DateTime? CreatedDateTime { get; set; }
    public DateTime? DeletedDateTime { get; set; }
    public DateTime? EmployeeHireDate { get; set; }
    public DateTime? EmployeeLeaveDateTime { get; set; }
    public DateTime? ExternalUserStateChangeDateTime { get; set; }
    public DateTime? HireDate { get; set; }
    public DateTime? LastPasswordChangeDateTime { get; set; }
    public DateTime? OnPremisesLastSyncDateTime { get; set; }
    public DateTime? SignInSessionsValidFromDateTime { get; set; }
}
