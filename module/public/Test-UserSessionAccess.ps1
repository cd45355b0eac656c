function Test-UserSessionAccess {
    <#
    .SYNOPSIS
    Tells what the current sign-in can do in its tenant, what it can't, and how to get what is missing.

    .DESCRIPTION
    Asks for the tenant that Connect-UserSessionTenant or Connect-MgGraph signed in to. The permissions and roles are read
    from the token, and Microsoft Graph is asked whether it accepts it; nothing is changed. Run it once where a scheduled
    script will run, as the account that it will run as.

    .PARAMETER Quiet
    Gives only True or False: whether nothing is missing that Revoke-UserSession needs by default. False, too, when nobody
    is signed in.

    .INPUTS
    None. This command takes nothing from the pipeline.

    .OUTPUTS
    UserSession.Access. With these properties:

    TenantId     The tenant's id; empty when the token does not tell.
    Name         The organization's name; empty when this sign-in may not read it.
    Environment  The cloud: Global, USGov, USGovDoD or China; empty for another endpoint.
    Account      The signed-in account; empty for an app.
    ClientId     The app that holds the token.
    AuthType     Delegated (a person), AppOnly, or Unknown for a token that can't be read.
    SignIn       How the sign-in came about, as Get-UserSessionTenant has it.
    Permissions  The permissions in the token.
    Roles        The directory roles of the caller, as far as the token tells.
    Ready        True when nothing is missing that Revoke-UserSession needs by default.
    Accepted     Whether Graph accepts the token; empty when no answer came.
    Detail       Why Graph does not accept the token, or gave no answer.
    Checks       One UserSession.AccessCheck for each feature (below).
    Missing      The permissions that are missing.
    ConsentUrl   Where an administrator consents to what is missing; empty when nothing is, or the app is not known.
    Commands     Commands that get what is missing, for this kind of sign-in.

    UserSession.AccessCheck. In Checks, with these properties:

    Feature      Revoke, Prove, FindUsers, FindGroups, ExplainDenial, ReadAudit or ReachAdministrators.
    Works        True or False; empty when the token does not tell.
    Required     True when Revoke-UserSession needs it unless it is told to go without.
    Missing      The least permission to ask for; empty when it is there.
    Purpose      What the feature is for.
    Detail       What will not work, and what to do.

    System.Boolean. With -Quiet.

    .EXAMPLE
    Test-UserSessionAccess

    Shows who is signed in, what works, what will not, and how to get it.

    .EXAMPLE
    (Test-UserSessionAccess).Checks

    Shows a table with one line for each feature.

    .EXAMPLE
    if (-not (Test-UserSessionAccess -Quiet)) { exit 3 }

    Guards a scheduled script before it begins.

    .EXAMPLE
    (Test-UserSessionAccess).Checks | Where-Object Required | Where-Object Works -ne $true

    Lists what is missing and needed.

    .EXAMPLE
    (Test-UserSessionAccess).ConsentUrl

    Gives the link for an administrator who consents to what is missing.

    .EXAMPLE
    Connect-UserSessionTenant -TenantId contoso.example -ClientId $app -CertificateThumbprint $thumbprint
    Test-UserSessionAccess | Format-List *

    Shows everything that is known of the sign-in of an app.

    .NOTES
    That a permission is there does not yet mean that it reaches everybody: who may be signed out depends on the roles of
    both sides. Denied in the results of Revoke-UserSession names what is missing for that very user.

    .LINK
    Connect-UserSessionTenant

    .LINK
    Get-UserSessionTenant

    .LINK
    Revoke-UserSession
    #>
    [CmdletBinding()]
    [OutputType('UserSession.Access', [bool])]
    param(
        [switch] $Quiet
    )
    end {
        Clear-OrphanRun
        $found = if ($Quiet) { Get-TenantConnection $PSCmdlet } else { Get-RequiredConnection $PSCmdlet }
        if (-not $found.Connection) { return $false }
        $request = Invoke-TenantRequest $PSCmdlet 'access/test' $found
        if ($Quiet -and $request.Reply.error -and (Get-RefusalCode $request.Reply) -eq 'NotSignedIn') { return $false }
        Assert-EngineReply $PSCmdlet $script:Engine $request
        $access = ConvertTo-AccessObject $request.Reply.result
        if ($Quiet) { $access.Ready } else { $access }
    }
}
