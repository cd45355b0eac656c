namespace Microsoft.Graph.PowerShell.Authentication;

/// <summary>Stand-in for what Get-MgContext gives.</summary>
public sealed class AuthContext
{
    public string? ClientId { get; init; }
    public string? TenantId { get; init; }
    public string[]? Scopes { get; init; }
    public AuthenticationType AuthType { get; init; }
    public TokenCredentialType TokenCredentialType { get; init; }
    public string? CertificateThumbprint { get; init; }
    public string? Account { get; init; }
    public string? AppName { get; init; }
    public ContextScope ContextScope { get; init; }
    public string? Environment { get; init; }
}

/// <summary>Stand-in: how the session was signed in.</summary>
public enum AuthenticationType { Delegated, AppOnly, UserProvidedAccessToken, ManagedIdentity, EnvironmentVariable }

/// <summary>Stand-in: with what.</summary>
public enum TokenCredentialType { InteractiveBrowser, DeviceCode, ClientCertificate, UserProvidedAccessToken, ManagedIdentity, ClientSecret, EnvironmentVariable }

/// <summary>Stand-in: how long the sign-in is kept.</summary>
public enum ContextScope { Process, CurrentUser }

/// <summary>Stand-in for what Get-MgEnvironment gives.</summary>
public sealed class GraphEnvironment
{
    public string Name { get; init; } = "";
    public string AzureADEndpoint { get; init; } = "";
    public string GraphEndpoint { get; init; } = "";
    public string Type { get; init; } = "Built-in";
}
