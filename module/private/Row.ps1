# The engine's row as the object that the command emits.

$script:RowTexts = 'runId', 'tenantId', 'reference', 'userId', 'userPrincipalName', 'displayName', 'requestId', 'detail', 'because'
$script:RowTimes = 'revokedAt', 'sessionsValidFrom', 'accessTokensExpireBy', 'accessUntil'
$script:WordJoiner = [char]0x2060

# Of a run with -Explain, the rows have a table of their own, in which the estimate has room.
function ConvertTo-RevocationRow {
    param($Result, $Explained)
    foreach ($name in $script:RowTexts) {
        $text = $Result.$name
        # Text that looks like a date travels behind a word joiner, because ConvertFrom-Json of PowerShell 7 makes a
        # DateTime of a date (src/protocol/messages.ts).
        if ($text -and $text[0] -eq $script:WordJoiner) { $Result.$name = $text.Substring(1) }
    }
    foreach ($name in $script:RowTimes) {
        $time = $Result.$name
        if ($null -ne $time -and -not ($time -is [datetime] -and $time.Kind -eq 'Utc')) { $Result.$name = ConvertTo-UtcTime $time }
    }
    $row = [pscustomobject]@{
        PSTypeName           = 'UserSession.RevocationResult'
        RunId                = $Result.runId
        TenantId             = $Result.tenantId
        Reference            = $Result.reference
        UserId               = $Result.userId
        UserPrincipalName    = $Result.userPrincipalName
        DisplayName          = $Result.displayName
        AccountEnabled       = $Result.accountEnabled
        Outcome              = $Result.outcome
        Succeeded            = $Result.succeeded
        RevokedAt            = $Result.revokedAt
        SessionsValidFrom    = $Result.sessionsValidFrom
        AccessTokensExpireBy = $Result.accessTokensExpireBy
        Attempts             = $Result.attempts -as [int]
        RequestId            = $Result.requestId
        Detail               = $Result.detail
        AccessUntil          = $Result.accessUntil
        Because              = $Result.because
        Confidence           = $Result.confidence
    }
    if ($Explained) { $row.PSObject.TypeNames.Insert(0, 'UserSession.RevocationResult#Explained') }
    $row
}

# What this side must say about a user for whom the engine gave no row.
function New-LocalResult {
    param($Request, [string]$Outcome, [string]$Detail)
    [pscustomobject]@{
        runId                = $Request.Run.RunId
        tenantId             = $Request.Run.Tenant.tenantId
        reference            = Get-ReferenceLabel $Request.Parameters.user
        userId               = $null
        userPrincipalName    = $null
        displayName          = $null
        accountEnabled       = $null
        outcome              = $Outcome
        succeeded            = $false
        severity             = 'error'
        revokedAt            = $null
        sessionsValidFrom    = $null
        accessTokensExpireBy = $null
        attempts             = 0
        requestId            = $null
        detail               = $Detail
    }
}

# A text for a person to read in a line of ours: what moves a cursor, turns the reading direction or breaks the line is
# shown as a question mark, as in the tables (UserSession.Format.ps1xml), and nothing floods the screen.
function ConvertTo-HarmlessText {
    param([string]$Text)
    if ($Text.Length -gt 400) { $Text = $Text.Substring(0, 397) + '...' }
    $Text -replace '[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]', '?'
}

# A text without the word joiner that brought it through ConvertFrom-Json.
function ConvertFrom-GuardedText {
    param($Text)
    if ($Text -and $Text[0] -eq $script:WordJoiner) { $Text.Substring(1) } else { $Text }
}

# ConvertFrom-Json of PowerShell 7 has already made a DateTime of it, the one of 5.1 leaves the text.
function ConvertTo-UtcTime {
    param($Value)
    if ($null -eq $Value) { return $null }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime() }
    $time = [datetime]::MinValue
    $styles = [System.Globalization.DateTimeStyles]'AdjustToUniversal, AssumeUniversal'
    if ([datetime]::TryParse([string]$Value, [System.Globalization.CultureInfo]::InvariantCulture, $styles, [ref]$time)) { $time }
}
