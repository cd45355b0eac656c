function Connect-UserSessionTenant {
    <#
    .SYNOPSIS
    Chooses the tenant that the commands of UserSession work in.

    .DESCRIPTION
    Without it they use the session of Connect-MgGraph, so in a real tenant there is nothing to do here. With -Simulated
    they work in a simulated tenant inside the engine: users, guests, groups, devices and administrators that behave as
    Microsoft Graph does, for a rehearsal in which nobody is signed out. The choice holds for this PowerShell session,
    until Disconnect-UserSessionTenant.

    .PARAMETER Simulated
    Works in the simulated tenant. Use it to try a command line or a script before it meets real people.

    .INPUTS
    None. This command takes nothing from the pipeline.

    .OUTPUTS
    UserSession.Tenant. The tenant that was chosen, with these properties:

    TenantId     The tenant's id; empty when the token does not tell.
    Name         The organization's name; empty when this sign-in may not read it.
    GraphUrl     The Microsoft Graph endpoint.
    Account      The signed-in account; empty for an app.
    ClientId     The app that holds the token.
    AuthType     Delegated (a person), AppOnly, or Unknown for a token that can't be read.
    Permissions  The permissions in the token.
    ExpiresOn    When the token ends, UTC.
    Simulated    True for the simulated tenant.
    SampleUsers  Some user principal names of the simulated tenant to rehearse with.

    .EXAMPLE
    Connect-UserSessionTenant -Simulated

    Chooses the simulated tenant and shows what it is.

    .EXAMPLE
    $tenant = Connect-UserSessionTenant -Simulated
    $tenant.SampleUsers | Revoke-UserSession

    Signs some users of the simulated tenant out.

    .EXAMPLE
    Connect-UserSessionTenant -Simulated | Format-List *

    Shows everything that is known of the tenant.

    .EXAMPLE
    Connect-UserSessionTenant -Simulated
    Import-Csv leavers.csv | Revoke-UserSession -WhatIf

    Rehearses with a file: it shows at once which lines name nobody.

    .EXAMPLE
    Connect-UserSessionTenant -Simulated
    .\Offboard.ps1
    Disconnect-UserSessionTenant

    Lets a whole script work in the simulated tenant, and goes back to the real one.

    .NOTES
    The results and the summary of a run in the simulated tenant say SIMULATED.

    .LINK
    Get-UserSessionTenant

    .LINK
    Disconnect-UserSessionTenant

    .LINK
    Revoke-UserSession
    #>
    [CmdletBinding()]
    [OutputType('UserSession.Tenant')]
    param(
        [switch] $Simulated
    )
    end {
        if (-not $Simulated) {
            $message = 'Say which tenant: Connect-UserSessionTenant -Simulated for a rehearsal. For a real tenant run Connect-MgGraph -Scopes User.RevokeSessions.All,User.Read.All,GroupMember.Read.All; its session is used when nothing else is connected.'
            $PSCmdlet.ThrowTerminatingError((New-UserSessionError 'TenantNotChosen' $message $null))
        }
        $connection = @{ kind = 'simulated' }
        $tenant = Get-TenantDescription $PSCmdlet $connection
        # Only now: a choice that can't be used must not stay.
        $script:Connection = $connection
        $tenant
    }
}
