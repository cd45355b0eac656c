function Disconnect-UserSessionTenant {
    <#
    .SYNOPSIS
    Signs out of the tenant that Connect-UserSessionTenant signed in to, and forgets it.

    .DESCRIPTION
    Forgets the secret, and the engine forgets every sign-in that it keeps. Afterwards the commands of UserSession use the
    session of Connect-MgGraph again, if there is one. That session itself is left alone: Disconnect-MgGraph ends it. Does
    nothing when no tenant was chosen.

    .INPUTS
    None. This command takes nothing from the pipeline.

    .OUTPUTS
    None. This command emits nothing.

    .EXAMPLE
    Disconnect-UserSessionTenant

    Goes back from the tenant that was chosen to the session of Connect-MgGraph.

    .EXAMPLE
    Disconnect-UserSessionTenant -Verbose

    Says what was forgotten.

    .EXAMPLE
    Disconnect-UserSessionTenant
    Get-UserSessionTenant

    Shows which tenant is in use now.

    .EXAMPLE
    try { .\Rehearsal.ps1 } finally { Disconnect-UserSessionTenant }

    Makes sure that a rehearsal does not outlive its script.

    .EXAMPLE
    Disconnect-UserSessionTenant
    Disconnect-MgGraph

    Leaves no sign-in behind in this session.

    .NOTES
    A run that is under way goes on in the tenant it began in.

    .LINK
    Connect-UserSessionTenant

    .LINK
    Get-UserSessionTenant
    #>
    [CmdletBinding()]
    param()
    end {
        Clear-OrphanRun
        $script:Lent = $null
        $engine = $script:Engine
        if ($engine -and -not $engine.Fault) {
            # An engine that can't forget, because it is gone, has nothing to forget.
            Wait-EngineReply $engine (Send-EngineRequest $engine 'tenant/disconnect' @{})
        }
        if ($script:Connection) {
            Clear-TenantChoice $script:Connection
            $script:Connection = $null
            $PSCmdlet.WriteVerbose('What Connect-UserSessionTenant signed in to is forgotten.')
        } else {
            $PSCmdlet.WriteVerbose('No tenant was chosen with Connect-UserSessionTenant.')
        }
    }
}
