function Connect-UserSessionTenant {
    <#
    .SYNOPSIS
    Signs in to the tenant that the commands of UserSession work in.

    .DESCRIPTION
    Without it they use the session of Connect-MgGraph, so where a person has that one there is nothing to do here. This
    command is for the rest: for scripts that run where nobody sits (certificate, client secret, managed identity,
    federated token, Azure CLI), for machines without Microsoft Graph PowerShell (browser, device code, a token that you
    have), and with -Simulated for a rehearsal in which nobody is signed out. Parameters that Connect-MgGraph has, too,
    are called and mean the same; as there, no way at all means the browser.

    The choice holds for this PowerShell session, until Disconnect-UserSessionTenant, and goes before the session of
    Connect-MgGraph. A sign-in that fails leaves the earlier choice as it was. What was signed in with stays in memory
    only: secrets and tokens are written nowhere, and secrets are kept as SecureString and read anew for each use. The
    engine renews the token by itself, also when the tenant asks for a new one in the middle of a run; that can't be done
    with -AccessToken.

    Where nobody sits (PowerShell was started with -NonInteractive, a job, a runbook, a service) browser and device code
    end at once with the error NotSignedIn; in a remote session the browser does.

    .PARAMETER TenantId
    The tenant's id or one of its domains. Needed for apps; a person may leave it out and works in the own tenant.

    .PARAMETER ClientId
    The application (client) id of the app registration. With -Identity that of a user-assigned managed identity. For a
    client secret it may stand as the user name of the credential instead.

    .PARAMETER ClientSecretCredential
    The client secret as the password of a credential. Its user name is the client id unless -ClientId is given.

    .PARAMETER CertificatePath
    A file with the certificate and its private key, PEM or PFX. A relative path is meant from PowerShell's location.

    .PARAMETER CertificatePassword
    The password of the file of -CertificatePath, where it has one.

    .PARAMETER CertificateThumbprint
    A certificate in the store of the user or the machine, by its thumbprint. The private key stays in the store, and may
    be one that can't be exported.

    .PARAMETER CertificateSubjectName
    The same by its subject: of several valid ones the newest is taken.

    .PARAMETER Identity
    The managed identity of the Azure or Arc machine, or of the runbook, that this runs on: the system-assigned one, or
    with -ClientId a user-assigned one.

    .PARAMETER FederatedTokenFile
    A file with a token of another identity provider that the app trusts, as GitHub Actions, Azure Pipelines and
    Kubernetes have it. It is read anew for each sign-in.

    .PARAMETER AzureCli
    The account that is signed in to the Azure CLI (az login) on this machine.

    .PARAMETER UseDeviceCode
    Shows a code, which a person enters in a browser anywhere. The words come at once, in remote sessions, too. Ctrl+C gives up.

    .PARAMETER AccessToken
    An access token for Microsoft Graph that you have got elsewhere. When it ends there is no other: a run that still
    goes on stops and says so.

    .PARAMETER Environment
    The cloud: Global, USGov, USGovDoD or China; Global unless said.

    .PARAMETER GraphUrl
    Another Microsoft Graph endpoint than that of the cloud, as https://graph.example.net.

    .PARAMETER LoginUrl
    Another login endpoint than that of the cloud, as https://login.example.net.

    .PARAMETER Simulated
    Works in the simulated tenant inside the engine: users, guests, groups, devices and administrators that behave as
    Microsoft Graph does. Use it to try a command line or a script before it meets real people.

    .INPUTS
    None. This command takes nothing from the pipeline.

    .OUTPUTS
    UserSession.Tenant. The tenant that was signed in to, with these properties:

    TenantId     The tenant's id; empty when the token does not tell.
    Name         The organization's name; empty when this sign-in may not read it.
    Environment  The cloud: Global, USGov, USGovDoD or China; empty for another endpoint.
    GraphUrl     The Microsoft Graph endpoint.
    Account      The signed-in account; empty for an app.
    ClientId     The app that holds the token.
    AuthType     Delegated (a person), AppOnly, or Unknown for a token that can't be read.
    SignIn       How the sign-in came about: host (the session of Connect-MgGraph), simulated, or clientSecret,
                 certificateFile, certificateStore, managedIdentity, federatedToken, azureCli, deviceCode, browser,
                 accessToken.
    Permissions  The permissions in the token.
    Roles        The directory roles of the caller, as far as the token tells.
    ExpiresOn    When the token ends, UTC.
    Simulated    True for the simulated tenant.
    SampleUsers  Some user principal names of the simulated tenant to rehearse with; empty for a real one.

    .EXAMPLE
    Connect-UserSessionTenant -TenantId contoso.example -ClientId $app -CertificateThumbprint $thumbprint

    Signs in as an app with a certificate whose private key never leaves the store: for scheduled scripts on Windows.

    .EXAMPLE
    Connect-UserSessionTenant -TenantId contoso.example -ClientId $app -CertificatePath ./usersession.pem

    The same with a file, for Linux and macOS.

    .EXAMPLE
    $secret = Get-Secret UserSession   # a credential: client id and client secret
    Connect-UserSessionTenant -TenantId contoso.example -ClientSecretCredential $secret

    Signs in as an app with a client secret that a vault keeps.

    .EXAMPLE
    Connect-UserSessionTenant -Identity
    Import-Csv leavers.csv | Revoke-UserSession -Force

    Works as the managed identity of the machine or runbook: there is no secret at all.

    .EXAMPLE
    Connect-UserSessionTenant -TenantId contoso.example -ClientId $app -UseDeviceCode

    Signs in a person by a code, for a server without a browser.

    .EXAMPLE
    Connect-UserSessionTenant -TenantId contoso.example -ClientId $app -FederatedTokenFile $env:AZURE_FEDERATED_TOKEN_FILE

    Signs in with what the pipeline of a trusted identity provider has put there.

    .EXAMPLE
    Connect-UserSessionTenant -AccessToken (Read-Host -AsSecureString) -Environment USGov

    Works with a token from elsewhere, in the cloud of the US government.

    .EXAMPLE
    Connect-UserSessionTenant -Simulated
    (Get-UserSessionTenant).SampleUsers | Revoke-UserSession

    Rehearses: signs some users of the simulated tenant out, and nobody real.

    .NOTES
    The proxy is the one that this PowerShell uses: that of the system, of HTTPS_PROXY in PowerShell 7, or what
    [System.Net.WebRequest]::DefaultWebProxy has been set to.

    The results and the summary of a run in the simulated tenant say SIMULATED.

    .LINK
    Test-UserSessionAccess

    .LINK
    Get-UserSessionTenant

    .LINK
    Disconnect-UserSessionTenant

    .LINK
    Revoke-UserSession
    #>
    [CmdletBinding(DefaultParameterSetName = 'Browser')]
    [OutputType('UserSession.Tenant')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'ClientSecret')]
        [Parameter(Mandatory, ParameterSetName = 'CertificateFile')]
        [Parameter(Mandatory, ParameterSetName = 'CertificateThumbprint')]
        [Parameter(Mandatory, ParameterSetName = 'CertificateSubjectName')]
        [Parameter(Mandatory, ParameterSetName = 'FederatedToken')]
        [Parameter(ParameterSetName = 'Browser')]
        [Parameter(ParameterSetName = 'DeviceCode')]
        [Parameter(ParameterSetName = 'AzureCli')]
        [Alias('Tenant')]
        [ValidateNotNullOrEmpty()]
        [string] $TenantId,

        [Parameter(Mandatory, ParameterSetName = 'CertificateFile')]
        [Parameter(Mandatory, ParameterSetName = 'CertificateThumbprint')]
        [Parameter(Mandatory, ParameterSetName = 'CertificateSubjectName')]
        [Parameter(Mandatory, ParameterSetName = 'FederatedToken')]
        [Parameter(ParameterSetName = 'ClientSecret')]
        [Parameter(ParameterSetName = 'ManagedIdentity')]
        [Parameter(ParameterSetName = 'Browser')]
        [Parameter(ParameterSetName = 'DeviceCode')]
        [Alias('AppId', 'ApplicationId')]
        [ValidateNotNullOrEmpty()]
        [string] $ClientId,

        [Parameter(Mandatory, ParameterSetName = 'ClientSecret')]
        [Alias('SecretCredential', 'Credential')]
        [ValidateNotNull()]
        [pscredential] $ClientSecretCredential,

        [Parameter(Mandatory, ParameterSetName = 'CertificateFile')]
        [ValidateNotNullOrEmpty()]
        [string] $CertificatePath,

        [Parameter(ParameterSetName = 'CertificateFile')]
        [securestring] $CertificatePassword,

        [Parameter(Mandatory, ParameterSetName = 'CertificateThumbprint')]
        [ValidateNotNullOrEmpty()]
        [string] $CertificateThumbprint,

        [Parameter(Mandatory, ParameterSetName = 'CertificateSubjectName')]
        [Alias('CertificateSubject', 'CertificateName')]
        [ValidateNotNullOrEmpty()]
        [string] $CertificateSubjectName,

        [Parameter(Mandatory, ParameterSetName = 'ManagedIdentity')]
        [Alias('ManagedIdentity', 'ManagedServiceIdentity', 'MSI')]
        [switch] $Identity,

        [Parameter(Mandatory, ParameterSetName = 'FederatedToken')]
        [ValidateNotNullOrEmpty()]
        [string] $FederatedTokenFile,

        [Parameter(Mandatory, ParameterSetName = 'AzureCli')]
        [switch] $AzureCli,

        [Parameter(Mandatory, ParameterSetName = 'DeviceCode')]
        [Alias('UseDeviceAuthentication', 'DeviceCode', 'DeviceAuth', 'Device')]
        [switch] $UseDeviceCode,

        [Parameter(Mandatory, ParameterSetName = 'AccessToken')]
        [ValidateNotNull()]
        [securestring] $AccessToken,

        [Parameter(ParameterSetName = 'Browser')]
        [Parameter(ParameterSetName = 'DeviceCode')]
        [Parameter(ParameterSetName = 'ClientSecret')]
        [Parameter(ParameterSetName = 'CertificateFile')]
        [Parameter(ParameterSetName = 'CertificateThumbprint')]
        [Parameter(ParameterSetName = 'CertificateSubjectName')]
        [Parameter(ParameterSetName = 'FederatedToken')]
        [Parameter(ParameterSetName = 'ManagedIdentity')]
        [Parameter(ParameterSetName = 'AzureCli')]
        [Parameter(ParameterSetName = 'AccessToken')]
        [Alias('EnvironmentName', 'NationalCloud')]
        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [string] $Environment,

        [Parameter(ParameterSetName = 'Browser')]
        [Parameter(ParameterSetName = 'DeviceCode')]
        [Parameter(ParameterSetName = 'ClientSecret')]
        [Parameter(ParameterSetName = 'CertificateFile')]
        [Parameter(ParameterSetName = 'CertificateThumbprint')]
        [Parameter(ParameterSetName = 'CertificateSubjectName')]
        [Parameter(ParameterSetName = 'FederatedToken')]
        [Parameter(ParameterSetName = 'ManagedIdentity')]
        [Parameter(ParameterSetName = 'AzureCli')]
        [Parameter(ParameterSetName = 'AccessToken')]
        [ValidateNotNullOrEmpty()]
        [string] $GraphUrl,

        [Parameter(ParameterSetName = 'Browser')]
        [Parameter(ParameterSetName = 'DeviceCode')]
        [Parameter(ParameterSetName = 'ClientSecret')]
        [Parameter(ParameterSetName = 'CertificateFile')]
        [Parameter(ParameterSetName = 'CertificateThumbprint')]
        [Parameter(ParameterSetName = 'CertificateSubjectName')]
        [Parameter(ParameterSetName = 'FederatedToken')]
        [ValidateNotNullOrEmpty()]
        [string] $LoginUrl,

        [Parameter(Mandatory, ParameterSetName = 'Simulated')]
        [switch] $Simulated
    )
    end {
        $choice = New-TenantChoice $PSCmdlet $PSBoundParameters
        $isChosen = $false
        try {
            $connection = New-ChosenConnection $choice
            Add-HostProxy $PSCmdlet $connection
            $more = @{ interactive = Test-Interactive $Host.Name $choice.Connection.credential.method }
            $tenant = Get-TenantDescription $PSCmdlet @{ Connection = $connection } 'tenant/connect' $more
            # Only now: a choice that can't be used must not stay.
            Clear-TenantChoice $script:Connection
            $script:Connection = $choice
            $isChosen = $true
        } finally {
            if (-not $isChosen) { Clear-TenantChoice $choice }
        }
        $tenant
    }
}
