function Get-UserSessionTenant {
    <#
    .SYNOPSIS
    Shows which tenant the commands of UserSession would work in, and as whom.

    .DESCRIPTION
    That is the tenant chosen with Connect-UserSessionTenant, else the one of the session of Connect-MgGraph. Returns
    nothing when there is neither. Ask it before a large run: a wrong tenant can't be undone. What the sign-in can do there
    is told by Test-UserSessionAccess.

    .INPUTS
    None. This command takes nothing from the pipeline.

    .OUTPUTS
    UserSession.Tenant. With these properties:

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
    Get-UserSessionTenant

    Shows the tenant, the account and the permissions.

    .EXAMPLE
    (Get-UserSessionTenant).Permissions

    Lists the permissions of the token: User.RevokeSessions.All or User.ReadWrite.All should be among them.

    .EXAMPLE
    if (-not (Get-UserSessionTenant)) { Connect-MgGraph -Scopes User.RevokeSessions.All,User.Read.All,GroupMember.Read.All }

    Signs in unless somebody is.

    .EXAMPLE
    if ((Get-UserSessionTenant).TenantId -ne $expected) { throw 'Wrong tenant.' }

    Guards a script against the wrong tenant.

    .EXAMPLE
    Get-UserSessionTenant -Verbose

    Says why there is no tenant when nothing comes back.

    .NOTES
    The token itself is never part of the object.

    .LINK
    Test-UserSessionAccess

    .LINK
    Connect-UserSessionTenant

    .LINK
    Disconnect-UserSessionTenant
    #>
    [CmdletBinding()]
    [OutputType('UserSession.Tenant')]
    param()
    end {
        Clear-OrphanRun
        $found = Get-TenantConnection $PSCmdlet
        if ($found.Connection) {
            Get-TenantDescription $PSCmdlet $found
        } else {
            $PSCmdlet.WriteVerbose("$($found.Reason) There is no tenant: neither Connect-UserSessionTenant nor Connect-MgGraph has been called in this session.".Trim())
        }
    }
}
