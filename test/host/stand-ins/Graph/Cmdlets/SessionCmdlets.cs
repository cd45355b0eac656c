using System.Management.Automation;
using System.Security;
using UserSession.TestHost.StandIns.Graph;

namespace Microsoft.Graph.PowerShell.Authentication.Cmdlets;

/// <summary>
/// Stand-in for Connect-MgGraph in all its forms: takes the token given, in the others the one of MG_STANDIN_TOKEN, since it
/// signs in nowhere.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "MgGraph", DefaultParameterSetName = "UserParameterSet")]
public sealed class ConnectMgGraph : PSCmdlet
{
    [Parameter(ParameterSetName = "AccessTokenParameterSet", Mandatory = true, Position = 0)]
    public SecureString? AccessToken { get; set; }

    [Parameter(ParameterSetName = "UserParameterSet", Position = 0)]
    public string[] Scopes { get; set; } = [];

    [Parameter(ParameterSetName = "AppCertificateParameterSet", Mandatory = true)]
    [Parameter(ParameterSetName = "UserParameterSet")]
    [Parameter(ParameterSetName = "IdentityParameterSet")]
    [Alias("AppId")]
    public string? ClientId { get; set; }

    [Parameter(ParameterSetName = "AppCertificateParameterSet")]
    [Parameter(ParameterSetName = "AppSecretCredentialParameterSet")]
    [Parameter(ParameterSetName = "UserParameterSet")]
    [Alias("Audience", "Tenant")]
    public string? TenantId { get; set; }

    [Parameter(ParameterSetName = "AppCertificateParameterSet", Mandatory = true)]
    public string? CertificateThumbprint { get; set; }

    [Parameter(ParameterSetName = "AppSecretCredentialParameterSet", Mandatory = true)]
    [Alias("SecretCredential", "Credential")]
    public PSCredential? ClientSecretCredential { get; set; }

    [Parameter(ParameterSetName = "IdentityParameterSet", Mandatory = true)]
    [Alias("ManagedIdentity", "ManagedServiceIdentity", "MSI")]
    public SwitchParameter Identity { get; set; }

    [Parameter(ParameterSetName = "EnvironmentVariableParameterSet")]
    public SwitchParameter EnvironmentVariable { get; set; }

    [Parameter(ParameterSetName = "UserParameterSet")]
    [Alias("UseDeviceAuthentication", "DeviceCode", "DeviceAuth", "Device")]
    public SwitchParameter UseDeviceCode { get; set; }

    [Parameter]
    public string? Environment { get; set; }

    [Parameter(ParameterSetName = "UserParameterSet")]
    public ContextScope ContextScope { get; set; } = ContextScope.CurrentUser;

    [Parameter]
    public SwitchParameter NoWelcome { get; set; }

    protected override void ProcessRecord()
    {
        var given = AccessToken is null
            ? System.Environment.GetEnvironmentVariable("MG_STANDIN_TOKEN")
            : new System.Net.NetworkCredential("", AccessToken).Password;
        if (string.IsNullOrEmpty(given))
            throw new PSInvalidOperationException("The stand-in can't show a sign-in page: set MG_STANDIN_TOKEN or give -AccessToken.");
        var (type, credential) = Kind;
        GraphSession.Connect(given, Environment, type, credential, type is null ? ContextScope : ContextScope.Process);
        if (!NoWelcome) WriteInformation(new HostInformationMessage { Message = "Welcome to Microsoft Graph!" }, ["PSHOST"]);
    }

    /// <summary>Null where the token tells.</summary>
    private (AuthenticationType?, TokenCredentialType?) Kind => ParameterSetName switch
    {
        "AccessTokenParameterSet" => (AuthenticationType.UserProvidedAccessToken, TokenCredentialType.UserProvidedAccessToken),
        "AppCertificateParameterSet" => (AuthenticationType.AppOnly, TokenCredentialType.ClientCertificate),
        "AppSecretCredentialParameterSet" => (AuthenticationType.AppOnly, TokenCredentialType.ClientSecret),
        "IdentityParameterSet" => (AuthenticationType.ManagedIdentity, TokenCredentialType.ManagedIdentity),
        "EnvironmentVariableParameterSet" => (AuthenticationType.EnvironmentVariable, TokenCredentialType.EnvironmentVariable),
        _ => (null, UseDeviceCode ? TokenCredentialType.DeviceCode : null),
    };
}

/// <summary>Stand-in for Disconnect-MgGraph: gives the context that was.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "MgGraph")]
public sealed class DisconnectMgGraph : PSCmdlet
{
    protected override void ProcessRecord()
    {
        if (GraphSession.Context is not { } was)
            throw new PSInvalidOperationException("No application to sign out from.");
        GraphSession.Disconnect();
        WriteObject(was);
    }
}

/// <summary>Stand-in for Get-MgContext: $null when not connected.</summary>
[Cmdlet(VerbsCommon.Get, "MgContext")]
public sealed class GetMgContext : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(GraphSession.Context);
}

/// <summary>Stand-in for Get-MgEnvironment.</summary>
[Cmdlet(VerbsCommon.Get, "MgEnvironment")]
public sealed class GetMgEnvironment : PSCmdlet
{
    [Parameter(Position = 0)]
    public string? Name { get; set; }

    protected override void ProcessRecord()
    {
        if (Name is null) WriteObject(GraphSession.Environments, enumerateCollection: true);
        else if (GraphSession.Find(Name) is { } found) WriteObject(found);
    }
}

/// <summary>Stand-in for Add-MgEnvironment.</summary>
[Cmdlet(VerbsCommon.Add, "MgEnvironment")]
public sealed class AddMgEnvironment : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    public string AzureADEndpoint { get; set; } = "";

    [Parameter(Mandatory = true, Position = 2)]
    public string GraphEndpoint { get; set; } = "";

    protected override void ProcessRecord()
    {
        var made = new GraphEnvironment { Name = Name, AzureADEndpoint = AzureADEndpoint, GraphEndpoint = GraphEndpoint, Type = "User-defined" };
        GraphSession.Add(made);
        WriteObject(made);
    }
}
