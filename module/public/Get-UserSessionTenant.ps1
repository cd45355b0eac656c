function Get-UserSessionTenant {
    <#
    .SYNOPSIS
    Shows which tenant the commands of UserSession would work in, and as whom.

    .DESCRIPTION
    That is the tenant chosen with Connect-UserSessionTenant, else the one of the session of Connect-MgGraph. Returns
    nothing when there is neither. Ask it before a large run: a wrong tenant can't be undone.

    .INPUTS
    None. This command takes nothing from the pipeline.

    .OUTPUTS
    UserSession.Tenant. With these properties:

    TenantId     The tenant's id; empty when the token does not tell.
    Name         The organization's name; empty when this sign-in may not read it.
    GraphUrl     The Microsoft Graph endpoint.
    Account      The signed-in account; empty for an app.
    ClientId     The app that holds the token.
    AuthType     Delegated (a person), AppOnly, or Unknown for a token that can't be read.
    Permissions  The permissions in the token.
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
    Connect-UserSessionTenant

    .LINK
    Disconnect-UserSessionTenant
    #>
    [CmdletBinding()]
    [OutputType('UserSession.Tenant')]
    param()
    end {
        Clear-OrphanRun
        $found = Get-TenantConnection
        if ($found.Connection) {
            Get-TenantDescription $PSCmdlet $found.Connection
        } else {
            $PSCmdlet.WriteVerbose("$($found.Reason) There is no tenant: neither Connect-UserSessionTenant nor Connect-MgGraph has been called in this session.".Trim())
        }
    }
}
