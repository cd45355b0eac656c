namespace Microsoft.Graph.PowerShell.Models;

// Stand-ins for the types of a user's inner objects: what they hold is in AdditionalProperties, none of it has a name here.

/// <summary>What the inner objects have in common.</summary>
public abstract class MicrosoftGraphPart
{
    public Dictionary<string, object?> AdditionalProperties { get; } = new(StringComparer.OrdinalIgnoreCase);
}

public sealed class MicrosoftGraphAuthorizationInfo : MicrosoftGraphPart;

public sealed class MicrosoftGraphAuthentication : MicrosoftGraphPart;

public sealed class MicrosoftGraphCalendar : MicrosoftGraphPart;

public sealed class MicrosoftGraphCloudClipboard : MicrosoftGraphPart;

public sealed class MicrosoftGraphCustomSecurityAttributeValue : MicrosoftGraphPart;

public sealed class MicrosoftGraphDrive : MicrosoftGraphPart;

public sealed class MicrosoftGraphEmployeeExperienceUser : MicrosoftGraphPart;

public sealed class MicrosoftGraphEmployeeOrgData : MicrosoftGraphPart;

public sealed class MicrosoftGraphInferenceClassification : MicrosoftGraphPart;

public sealed class MicrosoftGraphItemInsights : MicrosoftGraphPart;

public sealed class MicrosoftGraphMailboxSettings : MicrosoftGraphPart;

public sealed class MicrosoftGraphOnPremisesExtensionAttributes : MicrosoftGraphPart;

public sealed class MicrosoftGraphOnenote : MicrosoftGraphPart;

public sealed class MicrosoftGraphOutlookUser : MicrosoftGraphPart;

public sealed class MicrosoftGraphPasswordProfile : MicrosoftGraphPart;

public sealed class MicrosoftGraphProfilePhoto : MicrosoftGraphPart;

public sealed class MicrosoftGraphPlannerUser : MicrosoftGraphPart;

public sealed class MicrosoftGraphPresence : MicrosoftGraphPart;

public sealed class MicrosoftGraphUserPrint : MicrosoftGraphPart;

public sealed class MicrosoftGraphUserSettings : MicrosoftGraphPart;

public sealed class MicrosoftGraphSignInActivity : MicrosoftGraphPart;

public sealed class MicrosoftGraphUserSolutionRoot : MicrosoftGraphPart;

public sealed class MicrosoftGraphUserTeamwork : MicrosoftGraphPart;

public sealed class MicrosoftGraphTodo : MicrosoftGraphPart;
