function Get-UserSessionPolicy {
    <#
    .SYNOPSIS
    Shows what this tenant does to the length of sessions, and what that means for a revocation.

    .DESCRIPTION
    Reads the settings that make sessions longer or shorter: sign-in frequency and persistent browser sessions of each
    Conditional Access policy, continuous access evaluation where it is switched off or strict, token lifetime policies, the
    idle session timeout and security defaults. Each comes out as one object with a verdict: whether it makes a revocation
    slower or faster, by how much, and what to change. Report-only policies bind nobody, and are told apart. Nothing is
    changed.

    With users, each policy also says whom of them it covers, through groups and roles; what is decided only at the sign-in
    (place, platform, risk, device) can't be known before and is told as perhaps.

    .PARAMETER User
    Whom each policy is held against, in any form that Revoke-UserSession takes. Without users the policies come alone.

    .INPUTS
    System.Object. Users in any form that -User takes.

    .OUTPUTS
    UserSession.SessionPolicy. One for each setting, with these properties:

    TenantId           The tenant.
    Kind               SignInFrequency, PersistentBrowser, ContinuousAccess, TokenLifetime, IdleTimeout or SecurityDefaults.
    PolicyId           The policy; empty for a setting of the whole tenant.
    PolicyName         Its name.
    State              Enabled, Disabled, or ReportOnly, which binds nobody.
    Setting            What is set, in words.
    AppliesTo          To whom and to what.
    Covers             With users: one UserSession.PolicyCoverage for each (below).
    Verdict            Slower: a revocation takes effect later because of it. Faster: earlier. NoEffect: neither.
    Because            What that means for a revocation, with how much.
    Advice             What to change; empty when nothing has to be.

    UserSession.PolicyCoverage. In Covers, with these properties:

    UserId             The user's object id.
    UserPrincipalName  The user's sign-in name.
    Covered            True or False; empty when conditions decide that are not known before a sign-in.
    Confidence         Known or Inferred.

    .EXAMPLE
    Get-UserSessionPolicy

    Shows what this tenant does to sessions, at one look.

    .EXAMPLE
    Get-UserSessionPolicy | Where-Object Verdict -eq Slower | Format-List

    Shows what makes revocations slower, and what to change.

    .EXAMPLE
    Get-UserSessionPolicy adele@contoso.example | Format-List PolicyName, Setting, Covers

    Shows which policies cover one user.

    .EXAMPLE
    (Get-MgGroupMember -GroupId $id -All | Get-UserSessionPolicy | Where-Object Kind -eq SignInFrequency).Covers

    Shows who of a group has to sign in anew from time to time.

    .EXAMPLE
    Get-UserSessionPolicy | Where-Object State -eq ReportOnly

    Shows what was only tried out so far.

    .EXAMPLE
    Get-UserSessionPolicy | ConvertTo-Json -Depth 4

    Gives the whole as JSON, to compare with what it was last month.

    .NOTES
    Needed is Policy.Read.All, and GroupMember.Read.All to know who is in the groups that policies name; of a person a role
    such as Security Reader or Global Reader, too. What can't be read is a warning that says what it leaves open. Microsoft
    allows one request to Conditional Access in a second. Users come to the engine a hundred at a time.

    .LINK
    Get-UserSignInSession

    .LINK
    Revoke-UserSession

    .LINK
    https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime
    #>
    [CmdletBinding()]
    [OutputType('UserSession.SessionPolicy')]
    param(
        # By value only, as in Revoke-UserSession.
        [Parameter(Position = 0, ValueFromPipeline)]
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [Alias('UserId', 'Id', 'ObjectId', 'UserPrincipalName', 'UPN', 'Identity')]
        [object[]] $User
    )
    begin {
        $users = New-LookUpUser $PSCmdlet
        $named = $PSCmdlet.MyInvocation.ExpectingInput
    }
    process {
        if ($PSBoundParameters.ContainsKey('User')) {
            $named = $true
            Add-LookUpUser $users $User
        }
    }
    end {
        $results = if ($named) { Invoke-LookUp $PSCmdlet 'policy/show' $users @{} 100 'Reading the policies' } else { Invoke-LookUpAlone $PSCmdlet 'policy/show' }
        ConvertTo-PolicyObject $results
    }
}
