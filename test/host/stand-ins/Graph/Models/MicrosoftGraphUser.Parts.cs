namespace Microsoft.Graph.PowerShell.Models;

/// <summary>Objects within the user: never null, empty unless selected.</summary>
public sealed partial class MicrosoftGraphUser
{
    public MicrosoftGraphAuthorizationInfo AuthorizationInfo { get; set; } = new();
    public MicrosoftGraphAuthentication Authentication { get; set; } = new();
    public MicrosoftGraphCalendar Calendar { get; set; } = new();
    public MicrosoftGraphCloudClipboard CloudClipboard { get; set; } = new();
    public MicrosoftGraphCustomSecurityAttributeValue CustomSecurityAttributes { get; set; } = new();
    public MicrosoftGraphDrive Drive { get; set; } = new();
    public MicrosoftGraphEmployeeExperienceUser EmployeeExperience { get; set; } = new();
    public MicrosoftGraphEmployeeOrgData EmployeeOrgData { get; set; } = new();
    public MicrosoftGraphInferenceClassification InferenceClassification { get; set; } = new();
    public MicrosoftGraphItemInsights Insights { get; set; } = new();
    public MicrosoftGraphMailboxSettings MailboxSettings { get; set; } = new();
    public MicrosoftGraphDirectoryObject Manager { get; set; } = new();
    public MicrosoftGraphOnPremisesExtensionAttributes OnPremisesExtensionAttributes { get; set; } = new();
    public MicrosoftGraphOnenote Onenote { get; set; } = new();
    public MicrosoftGraphOutlookUser Outlook { get; set; } = new();
    public MicrosoftGraphPasswordProfile PasswordProfile { get; set; } = new();
    public MicrosoftGraphProfilePhoto Photo { get; set; } = new();
    public MicrosoftGraphPlannerUser Planner { get; set; } = new();
    public MicrosoftGraphPresence Presence { get; set; } = new();
    public MicrosoftGraphUserPrint Print { get; set; } = new();
    public MicrosoftGraphUserSettings Settings { get; set; } = new();
    public MicrosoftGraphSignInActivity SignInActivity { get; set; } = new();
    public MicrosoftGraphUserSolutionRoot Solutions { get; set; } = new();
    public MicrosoftGraphUserTeamwork Teamwork { get; set; } = new();
    public MicrosoftGraphTodo Todo { get; set; } = new();
}
