function Revoke-UserSession {
    <#
    .SYNOPSIS
    Signs users out of Microsoft 365 everywhere and proves it, one result per user.

    .DESCRIPTION
    Revokes all sign-in sessions (refresh tokens and session cookies) of every user that is piped in, with Microsoft
    Graph's revokeSignInSessions, and reads each user again afterwards: Revoked means that Graph shows the revocation.
    Every user that goes in comes out as exactly one object, as soon as its outcome is known, in no particular order.

    The tenant is the one that Connect-MgGraph signed in to, or the one of Connect-UserSessionTenant, which signs in with a
    certificate, a secret or a managed identity, too, for scripts that run where nobody sits. Needed are
    User.RevokeSessions.All (User.ReadWrite.All does too), User.Read.All for the proof, and for users with administrator
    roles a role that may manage them; Test-UserSessionAccess tells what is missing.

    What it does not do: it does not disable the account or reset the password, so whoever knows the password can sign in
    again (disable the account first), guests are not signed out of their home tenant, and access tokens that are
    already out live on for a while (AccessTokensExpireBy is an estimate of how long).

    .PARAMETER User
    Who is to be signed out: user principal names, object ids, or objects that hold one of them, as Get-MgUser,
    Get-MgGroupMember, Get-EntraUser, Get-ADUser, Get-EXOMailbox, sign-in log entries, Import-Csv rows, hashtables and
    the results of this command. Pipe objects as they are; -UserId, -Id, -ObjectId, -UserPrincipalName, -UPN and
    -Identity are other names of this parameter for use on the command line. What names no user becomes a result
    InvalidReference and costs nobody else their revocation.

    .PARAMETER Filter
    An OData filter, in the words of Graph, as for Get-MgUser: everybody whom it finds. The list is read to its end and
    counted before anybody is signed out. A blank filter is refused, because it would mean everybody.

    .PARAMETER Group
    A group, by object id or exact display name: all users who are its members. A name that several groups have is
    refused. Devices and contacts among the members become results NotAUser.

    .PARAMETER Transitive
    With -Group: the members of the groups in it, too.

    .PARAMETER AllUsers
    Everybody in the tenant. Asks before, with the name of the tenant, unless -Force or -Confirm:$false is given.

    .PARAMETER Me
    Yourself, everywhere: for the case that your own password is out. Works when you are signed in as a person.

    .PARAMETER ExcludeUser
    Users who are left alone, whoever names them; in any form that -User takes. One who can't be found stops the command
    before anybody is signed out.

    .PARAMETER ExcludeGroup
    Groups, by object id or exact display name, whose members are left alone, through nested groups too: for break-glass
    accounts. A group that can't be read stops the command before anybody is signed out. The environment variable
    USERSESSION_EXCLUDE_GROUP (names separated by ;) does the same for every command on the machine.

    .PARAMETER IncludeSelf
    Signs out your own account too when it is among the users, after all others. Without it your own account is left
    alone, since its revocation would end the session that you work in.

    .PARAMETER MaxUsers
    How many users may be signed out without a question; 200 unless said. With -Filter, -Group and -AllUsers the question
    comes before anybody is signed out, in a pipeline before the first one too many. Where nobody can be asked the command
    ends with the error TooManyUsers.

    .PARAMETER Force
    Signs out any number of users without a question.

    .PARAMETER VerificationTime
    How many seconds to wait for the proof of one user before the outcome is Unverified; 15 unless said. Use more in a
    tenant that is slow to show its changes. Other users are not held up by the waiting.

    .PARAMETER SkipVerification
    Does not look for the proof: every call that Graph accepts is Unverified. Use it when the permission to read users
    is not to be had.

    .PARAMETER Explain
    Says in each result until when access lasts (AccessUntil, Because, Confidence), from the tenant's sign-in logs and
    policies, as Get-UserSignInSession does for each session. Nobody is signed out later for it, but the results come later.
    Needs AuditLog.Read.All and Policy.Read.All; what can't be read is a warning.

    .PARAMETER Reason
    Why it is done: a ticket, an incident. It stands in the run's record; at most 500 characters.

    .PARAMETER Journal
    The folder for the run's record, instead of the usual one; it is made when it is not there. A relative path is meant
    from PowerShell's location. Name the same folder to Get-UserSessionRun and Resume-UserSessionRun.

    .PARAMETER NoJournal
    Keeps no record. What is interrupted can then not be resumed, and nothing but the results tells what was done.

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
    AccessUntil           With -Explain: until when the last of this user's sessions gives access at most; empty when revoking
                          does not end it.
    Because               With -Explain: what decides that, in a few words.
    Confidence            With -Explain: Known, or Inferred for the longest that the documented rules allow.

    Failed outcomes (NotFound, InvalidReference, Denied, Cancelled, Failed, Unknown) also write one error each, with the
    outcome as error id and what was piped as TargetObject.

    .EXAMPLE
    Revoke-UserSession adele@contoso.example

    Signs one user out.

    .EXAMPLE
    Get-MgUser -Filter "department eq 'Sales'" -All | Revoke-UserSession

    Signs a department out. Without -All, Get-MgUser gives the first 100 only.

    .EXAMPLE
    Revoke-UserSession -Group Leavers -Transitive -ExcludeGroup 'Break Glass'

    Signs out the members of a group and of the groups in it, but never a break-glass account. Needs no Graph commands.

    .EXAMPLE
    Revoke-UserSession -Filter "department eq 'Students'" -MaxUsers 5000

    Signs out a large department; without -MaxUsers it asks at more than 200.

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
    Import-Csv leavers.csv | Revoke-UserSession -Reason 'INC-4711'
    Resume-UserSessionRun

    Finishes with the second command what the first one could not: after a crash, a lost network or an expired sign-in.
    Get-UserSessionRun shows what is on record.

    .EXAMPLE
    Revoke-UserSession adele@contoso.example -Explain

    Tells, too, what is still alive and until when.

    .EXAMPLE
    Revoke-UserSession adele@contoso.example | Watch-UserSignIn

    Looks afterwards whether she comes back.

    .EXAMPLE
    Connect-UserSessionTenant -Identity
    Import-Csv leavers.csv | Revoke-UserSession -Force | Export-Csv done.csv

    Does it unattended, as the managed identity of the machine. Connect-UserSessionTenant has the other ways.

    .EXAMPLE
    Connect-UserSessionTenant -Simulated
    (Get-UserSessionTenant).SampleUsers | Revoke-UserSession

    Rehearses in a simulated tenant, where nobody is signed out.

    .NOTES
    Every run is on record: who was handed in, each call before it leaves, what became of it, who did it and why; names and
    ids, never a token. The file is a run's own, named by its run id, in ~/.local/state/usersession/runs (Linux),
    ~/Library/Application Support/UserSession/runs (macOS) or %LOCALAPPDATA%\UserSession\runs (Windows); only its owner
    may read it. The environment variable USERSESSION_HOME, set before the first command of the session, names another
    folder in place of what stands before runs; -Journal names one for a single command. Where the record can't be written
    (full disk, no right, a folder that is gone) the command ends with RecordUnavailable before anybody is signed out; when
    that happens in the middle it stops with RecordFailed. Choose another folder then, or go without: -NoJournal. The
    summary tells the run id and the head of the record: kept elsewhere, the head shows any later change.

    Ctrl+C and Select-Object -First stop the run: what has not been sent is cancelled, what has been sent is revoked and
    stays so. While a compiled command upstream (Get-MgUser) is busy, PowerShell does not tell this command of the stop:
    users already handed over are then still revoked, until the next command of this module, or the end of the session,
    cancels the rest.

    A run works to its end as the account and in the tenant that it began with. When the token of the session of
    Connect-MgGraph ends meanwhile, the session is asked for a new one; one of another account or tenant is not taken, and
    where there is none the run stops with NotSignedIn and says how to sign in again.

    Revoking many users at once raises alerts in a security operations centre: tell them first. Shared phones, room
    systems and flow connections need to sign in again, too.

    .LINK
    Get-UserSignInSession

    .LINK
    Watch-UserSignIn

    .LINK
    Get-UserSessionRun

    .LINK
    Resume-UserSessionRun

    .LINK
    Connect-UserSessionTenant

    .LINK
    Test-UserSessionAccess

    .LINK
    Get-UserSessionTenant

    .LINK
    https://learn.microsoft.com/graph/api/user-revokesigninsessions
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'User')]
    [OutputType('UserSession.RevocationResult')]
    param(
        # By value only: by property name the id of a device or of a sign-in event would bind as a user's.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'User')]
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [Alias('UserId', 'Id', 'ObjectId', 'UserPrincipalName', 'UPN', 'Identity')]
        [object[]] $User,

        [Parameter(Mandatory, ParameterSetName = 'Filter')]
        [AllowEmptyString()]
        [string] $Filter,

        [Parameter(Mandatory, ParameterSetName = 'Group')]
        [Alias('GroupId')]
        [string] $Group,

        [Parameter(ParameterSetName = 'Group')]
        [switch] $Transitive,

        [Parameter(Mandatory, ParameterSetName = 'AllUsers')]
        [switch] $AllUsers,

        [Parameter(Mandatory, ParameterSetName = 'Me')]
        [switch] $Me,

        [object[]] $ExcludeUser,

        [string[]] $ExcludeGroup,

        [switch] $IncludeSelf,

        [ValidateRange(1, 2147483647)]
        [int] $MaxUsers = 200,

        [switch] $Force,

        [ValidateRange(0, 3600)]
        [int] $VerificationTime = 15,

        [switch] $SkipVerification,

        [switch] $Explain,

        [ValidateLength(0, 500)]
        [string] $Reason,

        [ValidateNotNullOrEmpty()]
        [string] $Journal,

        [switch] $NoJournal
    )
    begin {
        $options = @{ verificationTime = $VerificationTime; skipVerification = $SkipVerification.IsPresent; includeSelf = ($IncludeSelf -or $Me); whatIf = [bool]$WhatIfPreference }
        if (-not $Force -and -not $WhatIfPreference) { $options.maxUsers = $MaxUsers }
        if ($Explain) { $options.explain = $true }
        if ($ExcludeUser) { $options.excludeUsers = $ExcludeUser }
        $protected = [string[]]@($ExcludeGroup) + (Get-MachineExclusion) | Where-Object { $_ }
        if ($protected) { $options.excludeGroups = [string[]]@($protected) }
        $source = switch ($PSCmdlet.ParameterSetName) {
            'Filter' { @{ kind = 'filter'; filter = $Filter } }
            'Group' { @{ kind = 'group'; group = $Group; transitive = $Transitive.IsPresent } }
            'AllUsers' { @{ kind = 'allUsers' } }
            'Me' { @{ kind = 'me' } }
        }
        $ask = $WhatIfPreference -or $ConfirmPreference -in 'Low', 'Medium'
        $run = Start-Run $PSCmdlet $options $ask $WhatIfPreference (Get-RunBeginning $PSCmdlet $PSBoundParameters)
    }
    process {
        # A compiled command upstream may swallow the error that ended the run and go on feeding us.
        if ($run.Cancelled -or $run.Closed) { return }
        $whole = $false
        try {
            if ($source) {
                if (-not $AllUsers -or (Confirm-AllUsers $run $Force $ConfirmPreference)) { Add-RunSource $run $source }
            } elseif ($null -eq $User) {
                Add-RunUser $run $null
            } else {
                foreach ($item in $User) { Add-RunUser $run $item }
            }
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
