function Revoke-UserSession {
    <#
    .SYNOPSIS
    Signs users out of Microsoft 365 everywhere and proves it, one result per user.

    .DESCRIPTION
    Revokes all sign-in sessions (refresh tokens and session cookies) of every user that is piped in, with Microsoft
    Graph's revokeSignInSessions, and reads each user again afterwards: Revoked means that Graph shows the revocation.
    Every user that goes in comes out as exactly one object, as soon as its outcome is known, in no particular order.

    The tenant is the one that Connect-MgGraph signed in to, or the one chosen with Connect-UserSessionTenant. Needed are
    User.RevokeSessions.All (User.ReadWrite.All does too), User.Read.All for the proof, and for users with administrator
    roles a role that may manage them.

    What it does not do: it does not disable the account or reset the password, so whoever knows the password can sign in
    again (disable the account first), guests are not signed out of their home tenant, and access tokens that are
    already out live on for a while (AccessTokensExpireBy is an estimate of how long).

    .PARAMETER User
    Who is to be signed out: user principal names, object ids, or objects that hold one of them, as Get-MgUser,
    Get-MgGroupMember, Get-EntraUser, Get-ADUser, Get-EXOMailbox, sign-in log entries, Import-Csv rows, hashtables and
    the results of this command. Pipe objects as they are; -UserId, -Id, -ObjectId, -UserPrincipalName, -UPN and
    -Identity are other names of this parameter for use on the command line. What names no user becomes a result
    InvalidReference and costs nobody else their revocation.

    .PARAMETER VerificationTime
    How many seconds to wait for the proof of one user before the outcome is Unverified; 15 unless said. Use more in a
    tenant that is slow to show its changes. Other users are not held up by the waiting.

    .PARAMETER SkipVerification
    Does not look for the proof: every call that Graph accepts is Unverified. Use it when the permission to read users
    is not to be had.

    .PARAMETER WhatIf
    Shows who would be signed out, by name, address and tenant. Reads the users, sends nothing, emits nothing.

    .PARAMETER Confirm
    Asks before each user, with name, address and tenant. A user who is declined is not touched and gives no result.

    .INPUTS
    System.Object. Users in any form that -User takes.

    .OUTPUTS
    UserSession.RevocationResult. One for each user, with these properties (times are UTC):

    RunId                 The run, the same for all results of one command; also in the run's record.
    TenantId              The tenant worked in.
    Reference             What was handed in, as text.
    UserId                The user's object id, as far as known.
    UserPrincipalName     The user's sign-in name, as far as known.
    DisplayName           The user's name, as far as known.
    AccountEnabled        False when sign-in is blocked; while it is True, whoever knows the password can sign in again.
    Outcome               Revoked: accepted and proven. Unverified: accepted, not proven. NoEffect: accepted, but the
                          user signs in at another tenant. Excluded: protected, not touched. NotAUser: a device, group
                          or app. NotFound, InvalidReference, Denied: as named. Cancelled: not sent, the run was
                          stopped. Failed: given up. Unknown: sent, but nobody knows what became of it.
    Succeeded             True for Revoked and Excluded, and for NotAUser unless it is a group.
    RevokedAt             When Graph accepted the call, by its own clock.
    SessionsValidFrom     signInSessionsValidFromDateTime as read after the call: the proof. Older sessions are dead.
    AccessTokensExpireBy  Estimate of when the last access token that is already out should have ended.
    Attempts              How many calls to revoke were sent for this user.
    RequestId             Graph's id of the deciding request, for Microsoft's support.
    Detail                Why it is this outcome and what to do.

    Failed outcomes (NotFound, InvalidReference, Denied, Cancelled, Failed, Unknown) also write one error each, with the
    outcome as error id and what was piped as TargetObject.

    .EXAMPLE
    Revoke-UserSession adele@contoso.example

    Signs one user out.

    .EXAMPLE
    Get-MgUser -Filter "department eq 'Sales'" -All | Revoke-UserSession

    Signs a department out. Without -All, Get-MgUser gives the first 100 only.

    .EXAMPLE
    Get-MgGroupMember -GroupId $id -All | Revoke-UserSession -WhatIf

    Shows which members of a group would be signed out; devices and groups among them are told apart.

    .EXAMPLE
    Import-Csv leavers.csv | Revoke-UserSession | Export-Csv done.csv

    Signs out everybody in a file with a column such as UserPrincipalName, UPN, Object Id or Email, and keeps the
    results.

    .EXAMPLE
    $results = Get-Content users.txt | Revoke-UserSession -ErrorVariable failed
    $failed.TargetObject | Revoke-UserSession

    Runs again for those that failed: what was piped in is the TargetObject of its error.

    .EXAMPLE
    Connect-UserSessionTenant -Simulated
    (Get-UserSessionTenant).SampleUsers | Revoke-UserSession

    Rehearses in a simulated tenant, where nobody is signed out.

    .NOTES
    Ctrl+C and Select-Object -First stop the run: what has not been sent is cancelled, what has been sent is revoked and
    stays so. While a compiled command upstream (Get-MgUser) is busy, PowerShell does not tell this command of the stop:
    users already handed over are then still revoked, until the next command of this module, or the end of the session,
    cancels the rest.

    Revoking many users at once raises alerts in a security operations centre: tell them first. Shared phones, room
    systems and flow connections need to sign in again, too.

    .LINK
    Connect-UserSessionTenant

    .LINK
    Get-UserSessionTenant

    .LINK
    https://learn.microsoft.com/graph/api/user-revokesigninsessions
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('UserSession.RevocationResult')]
    param(
        # By value only: by property name the id of a device or of a sign-in event would bind as a user's.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [Alias('UserId', 'Id', 'ObjectId', 'UserPrincipalName', 'UPN', 'Identity')]
        [object[]] $User,

        [ValidateRange(0, 3600)]
        [int] $VerificationTime = 15,

        [switch] $SkipVerification
    )
    begin {
        $options = @{ verificationTime = $VerificationTime; skipVerification = $SkipVerification.IsPresent }
        $run = Start-Run $PSCmdlet $options -Ask ($WhatIfPreference -or $ConfirmPreference -in 'Low', 'Medium')
    }
    process {
        # A compiled command upstream may swallow the error that ended the run and go on feeding us.
        if ($run.Cancelled -or $run.Closed) { return }
        $whole = $false
        try {
            if ($null -eq $User) { Add-RunUser $run $null }
            foreach ($item in $User) { Add-RunUser $run $item }
            $whole = $true
        } finally {
            if (-not $whole) { Stop-Run $run }
        }
    }
    end {
        $whole = $false
        try {
            Complete-Run $run
            $whole = $true
        } finally {
            if (-not $whole) { Stop-Run $run }
        }
    }
}
