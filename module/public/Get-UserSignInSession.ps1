function Get-UserSignInSession {
    <#
    .SYNOPSIS
    Shows where users are signed in, and until when that lasts if they are revoked.

    .DESCRIPTION
    Reads the tenant's sign-in logs (interactive and silent sign-ins) and its policies, and gives one object for each user,
    app, resource and client session that the logs show: the last token, from which device and place, and an estimate of
    until when access lasts, without a revocation and with one, what decides that, and whether it is known or inferred. It
    answers the question after every revocation: is he out? Nothing is changed.

    The estimate is a bound: access may end earlier. Known means that log and policies say so; Inferred, that it is the
    longest which the documented rules allow where they do not. Where the logs can't be read (they need Entra ID P1 or P2
    and AuditLog.Read.All), a warning says so and each user gets one object with the bound that the policies give.

    The objects can be piped into Revoke-UserSession and Watch-UserSignIn.

    .PARAMETER User
    Whose sessions: user principal names, object ids, or objects that hold one of them, in any form that Revoke-UserSession
    takes; its results, too. All users of the pipeline are gathered first and read together, in the fewest requests. What
    leads to no user is an error and costs nobody else anything.

    .PARAMETER Hours
    How far back the logs are read; 24 unless said, at most 720. The tenant keeps 7 days, with Entra ID P1 or P2 30.

    .INPUTS
    System.Object. Users in any form that -User takes.

    .OUTPUTS
    UserSession.SignInSession. One for each user, app, resource and client session; times are UTC, in tables local. With these
    properties:

    TenantId              The tenant.
    Reference             What was handed in, as text.
    UserId                The user's object id.
    UserPrincipalName     The user's sign-in name.
    DisplayName           The user's name.
    AppId                 The client application. Empty, with all up to SignIns, where the logs tell nothing of the user.
    AppDisplayName        Its name.
    ResourceId            What the token is for.
    ResourceDisplayName   Its name.
    SessionId             The log's id that links the tokens of one sign-in.
    LastTokenIssued       When the last token was issued that the log shows; the log is late by some minutes, at times two hours.
    Interactive           True when a person took part in that, False for a silent refresh.
    ClientApp             As the log calls it: Browser, Mobile Apps and Desktop clients, and older protocols.
    Device                The device's name, or operating system and browser.
    DeviceId              The device in Entra, where it is registered.
    Managed               True for a managed device.
    IpAddress             From where.
    Place                 City and country, as the log guesses them.
    ContinuousAccess      True when its tokens end in near real time (continuous access evaluation); empty when the log does not tell.
    RiskLevel             As Identity Protection saw the sign-in.
    RiskState             What became of that risk.
    SignIns               How many entries of the log belong to it.
    AccessUntil           Until when access lasts if nobody revokes; empty when it has no end of its own.
    AccessUntilIfRevoked  Until when access lasts at most if the sessions are revoked now, or were already; empty when revoking
                          does not end it.
    Rule                  What decides it. ContinuousAccess: the resource hears of a revocation within minutes. TokenLifetime: an
                          access token lives out; TokenLifetimePolicy: as long as a policy of the tenant makes it; LongToken:
                          it is one of continuous access evaluation, for a resource that takes no part. AppSession: the app may keep a session
                          of its own, which Entra can't end. HomeTenant: an external user.
    Because               The same in a sentence, with names and lengths.
    Confidence            Known or Inferred.
    Detail                What else is to be known.

    .EXAMPLE
    Get-UserSignInSession adele@contoso.example

    Shows where one user is signed in. In the table ~ marks what is inferred, and over what is over.

    .EXAMPLE
    Get-UserSignInSession adele@contoso.example | Format-List

    Shows what is known of each session, and why.

    .EXAMPLE
    Get-MgUser -Filter "department eq 'Sales'" -All | Get-UserSignInSession | Revoke-UserSession

    Signs out those of a department who are signed in at all, or may be. Each object gets a result; a user is called once.

    .EXAMPLE
    Revoke-UserSession adele@contoso.example | Get-UserSignInSession | Where-Object AccessUntilIfRevoked -eq $null

    Tells after a revocation which apps keep a session of their own that Entra can't end.

    .EXAMPLE
    Import-Csv leavers.csv | Get-UserSignInSession -Hours 168 | Export-Csv sessions.csv

    Keeps what the logs of a week say about everybody in a file.

    .EXAMPLE
    Get-UserSignInSession adele@contoso.example | Where-Object Managed -ne $true | Format-Table

    Shows the sessions on devices that nobody manages.

    .NOTES
    Needed are AuditLog.Read.All and, for policies, Policy.Read.All; of a person a role such as Reports Reader, Security Reader
    or Global Reader, too. Test-UserSessionAccess tells what is missing. Microsoft allows 5 requests to the logs in 10
    seconds: many users take a while.

    What access tokens, continuous access evaluation and cookies do after a revocation, and what this command can't know, is in
    docs/immediately.md. Place is guessed from the address, and a device has a name only when it is registered.

    .LINK
    Revoke-UserSession

    .LINK
    Get-UserSessionPolicy

    .LINK
    Watch-UserSignIn

    .LINK
    https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation
    #>
    [CmdletBinding()]
    [OutputType('UserSession.SignInSession')]
    param(
        # By value only, as in Revoke-UserSession.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [Alias('UserId', 'Id', 'ObjectId', 'UserPrincipalName', 'UPN', 'Identity')]
        [object[]] $User,

        [ValidateRange(1, 720)]
        [int] $Hours = 24
    )
    begin {
        $users = New-LookUpUser $PSCmdlet
    }
    process {
        Add-LookUpUser $users $User
    }
    end {
        Invoke-LookUp $PSCmdlet 'sessions/list' $users @{ hours = $Hours } 1000 'Reading the sign-in logs' | ForEach-Object {
            for ($found = $_; $found; $found = if ($found.cursor) { Get-NextPortion $PSCmdlet 'sessions/more' @{ cursor = [string]$found.cursor } }) {
                foreach ($session in $found.sessions) { ConvertTo-LookUpObject $session 'UserSession.SignInSession' }
            }
        }
    }
}
