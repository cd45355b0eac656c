function Watch-UserSignIn {
    <#
    .SYNOPSIS
    Watches users after a revocation: shows each new sign-in, and says at the end who came back.

    .DESCRIPTION
    Looks into the tenant's sign-in logs again and again, and gives an object for each new sign-in of these users as soon as
    the log shows it: successful or failed, interactive or silent, whether it is a new session, from the same address,
    country and device as before, with multifactor authentication or by an old protocol. At the end it gives a verdict for
    each user: Silent, Tried, or CameBack with what to do. Nothing is changed.

    What counts is what happened after the revocation. A sign-in that happened before and arrives late in the log is shown as
    Late, never as CameBack; one of an old session within the minutes that enforcement takes as Enforcing.

    It ends after -Minutes, after -Count sign-ins, or at Ctrl+C, and the log is late by some minutes, at times by two hours:
    who is Silent after five minutes may have been back for four.

    .PARAMETER User
    Who is watched, in any form that Revoke-UserSession takes; pipe its results to watch those who were revoked. All users of
    the pipeline are gathered first.

    .PARAMETER Minutes
    Ends after so many minutes. Without it the watch goes on until it is stopped.

    .PARAMETER Count
    Ends after so many sign-ins that came after the revocation, successful or not.

    .INPUTS
    System.Object. Users in any form that -User takes.

    .OUTPUTS
    UserSession.WatchedSignIn. One for each sign-in, the moment it is seen; times are UTC, in tables local. With these
    properties:

    Id                   The log entry.
    UserId               The user's object id.
    UserPrincipalName    The user's sign-in name.
    At                   When.
    Meaning              CameBack: succeeded after the revocation. Tried: failed after it. Enforcing: an old session, in the
                         minutes that enforcement takes. Late: happened before, arrived now.
    Succeeded            Whether a token was issued.
    Failure              Why not, in the log's words.
    Interactive          True when a person took part.
    AppDisplayName       With which app.
    ResourceDisplayName  For what.
    ClientApp            As the log calls it: Browser, Mobile Apps and Desktop clients, and older protocols.
    LegacyProtocol       True for a protocol that knows no multifactor authentication.
    MultiFactor          Whether multifactor authentication took part; empty when the log does not tell.
    NewSession           True for a session that was not there before the revocation.
    IpAddress            From where.
    Place                City and country, as the log guesses them.
    Device               The device's name, or operating system and browser.
    SameIpAddress        Compared with what was seen of this user before the revocation; empty when nothing was.
    SameCountry          The same for the country.
    SameDevice           The same for the device.

    UserSession.WatchVerdict. One for each user, at the end, with these properties:

    Reference            What was handed in, as text.
    UserId               The user's object id, as far as known.
    UserPrincipalName    The user's sign-in name, as far as known.
    Verdict              Silent: nothing after the revocation. Tried: tried and failed. CameBack: signed in. NotWatched: nothing
                         can be said; Advice tells why.
    RevokedAt            The moment that counts.
    SignIns              How many sign-ins after it succeeded.
    Failures             How many failed.
    WatchedUntil         Up to when.
    Advice               What to do.

    .EXAMPLE
    Revoke-UserSession adele@contoso.example | Watch-UserSignIn

    Watches whom you have just signed out, until Ctrl+C. The verdicts are then told on the screen.

    .EXAMPLE
    Watch-UserSignIn adele@contoso.example -Minutes 60

    Watches somebody who was signed out before, for an hour.

    .EXAMPLE
    Import-Csv leavers.csv | Watch-UserSignIn -Minutes 120 | Where-Object Verdict -eq CameBack | Export-Csv back.csv

    Keeps who came back within two hours.

    .EXAMPLE
    Watch-UserSignIn adele@contoso.example -Count 1 -Minutes 480 | Where-Object Meaning -eq CameBack | Revoke-UserSession

    Signs her out again, the moment the log shows that she came back.

    .EXAMPLE
    Get-MgUser -Filter "department eq 'Sales'" -All | Revoke-UserSession | Watch-UserSignIn -Minutes 30 | Where-Object LegacyProtocol

    Shows which of a department signs in anew by a protocol that knows no multifactor authentication.

    .NOTES
    Needed is AuditLog.Read.All; of a person a role such as Reports Reader, Security Reader or Global Reader, too. The logs need
    Entra ID P1 or P2. Who can't be watched for want of them gets the verdict NotWatched and a warning; so does everybody
    who came back.

    Microsoft allows 5 requests to the logs in 10 seconds; the watch keeps within that for any number of users.

    Ctrl+C ends the pipeline at once: the verdicts can't go down it any more and are written to the screen instead. Use -Minutes
    where a script is to go on with them.

    .LINK
    Revoke-UserSession

    .LINK
    Get-UserSignInSession

    .LINK
    Get-UserSessionPolicy
    #>
    [CmdletBinding()]
    [OutputType('UserSession.WatchedSignIn', 'UserSession.WatchVerdict')]
    param(
        # By value only, as in Revoke-UserSession.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [AllowNull()]
        [AllowEmptyString()]
        [AllowEmptyCollection()]
        [Alias('UserId', 'Id', 'ObjectId', 'UserPrincipalName', 'UPN', 'Identity')]
        [object[]] $User,

        [ValidateRange(1, 2147483647)]
        [int] $Minutes,

        [ValidateRange(1, 2147483647)]
        [int] $Count
    )
    begin {
        $users = New-LookUpUser $PSCmdlet
        $bounds = @{}
        if ($PSBoundParameters.ContainsKey('Minutes')) { $bounds.minutes = $Minutes }
        if ($PSBoundParameters.ContainsKey('Count')) { $bounds.count = $Count }
    }
    process {
        Add-LookUpUser $users $User
    }
    end {
        if ($users.References.Count) { Invoke-Watch $PSCmdlet $users $bounds }
    }
}
