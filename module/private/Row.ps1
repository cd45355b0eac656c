# The engine's row as the object that the command emits. A row travels as its values alone, in the order of rowFields
# (src/protocol/row-fields.ts); these are the places of those that something is done with.
$script:RowTexts = 2, 4, 5, 15, 17
$script:RowTimes = 10, 11, 12, 16
$script:RowSeverity = 9
$script:WordJoiner = [char]0x2060

# Emits rows, each taken out of the queue before it goes: whatever a command downstream does then, it costs no other row.
# Many in one call, because a call costs as much as a row. Of a run with -Explain they have a table of their own, in which
# the estimate has room.
function ConvertTo-RevocationRow {
    param([System.Collections.Generic.Queue[object]]$Rows, $Explained)
    while ($Rows.Count -gt 0) {
        $row = $Rows.Dequeue()
        foreach ($place in $script:RowTexts) {
            $text = $row[$place]
            # Text that looks like a date travels behind a word joiner, because ConvertFrom-Json of PowerShell 7 makes a
            # DateTime of a date (src/protocol/messages.ts).
            if ($text -and $text[0] -eq $script:WordJoiner) { $row[$place] = $text.Substring(1) }
        }
        foreach ($place in $script:RowTimes) {
            $time = $row[$place]
            if ($null -ne $time -and -not ($time -is [datetime] -and $time.Kind -eq 'Utc')) { $row[$place] = ConvertTo-UtcTime $time }
        }
        $made = [pscustomobject]@{
            PSTypeName           = 'UserSession.RevocationResult'
            RunId                = $row[0]
            TenantId             = $row[1]
            Reference            = $row[2]
            UserId               = $row[3]
            UserPrincipalName    = $row[4]
            DisplayName          = $row[5]
            AccountEnabled       = $row[6]
            Outcome              = $row[7]
            Succeeded            = $row[8]
            RevokedAt            = $row[10]
            SessionsValidFrom    = $row[11]
            AccessTokensExpireBy = $row[12]
            Attempts             = $row[13] -as [int]
            RequestId            = $row[14]
            Detail               = $row[15]
            AccessUntil          = $row[16]
            Because              = $row[17]
            Confidence           = $row[18]
        }
        if ($Explained) { $made.PSObject.TypeNames.Insert(0, 'UserSession.RevocationResult#Explained') }
        $made
    }
}

# What this side must say about a user for whom the engine gave no row, in the form of the engine's.
function New-LocalRow {
    param($Request, [string]$Outcome, [string]$Detail)
    $run = $Request.Run
    $reference = Get-ReferenceLabel $Request.Parameters.user
    , ($run.RunId, $run.Tenant.tenantId, $reference, $null, $null, $null, $null, $Outcome, $false, 'error', $null, $null, $null, 0, $null, $Detail, $null, $null, $null)
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
