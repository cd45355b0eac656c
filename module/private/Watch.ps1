# A watch, from this side. Sign-ins come as notifications, which wait in Inbox until the pipeline takes them out; the reply
# has the verdicts.

# Watches until the engine is done, and emits what it sees. A stop of the pipeline (Ctrl+C) ends the watch: the verdicts
# can't leave by the pipeline then, so they are told on the screen.
function Invoke-Watch {
    param($Cmdlet, $Users, $Bounds)
    $found = Get-RequiredConnection $Cmdlet
    $engine = Get-Engine $Cmdlet
    $watch = @{ Id = [guid]::NewGuid().ToString(); Inbox = [System.Collections.Generic.Queue[object]]::new(); Seen = 0; Back = 0; Users = $Users.References.Count }
    $engine.Watches[$watch.Id] = $watch
    $engine.Prompts.Clear()
    $request = Send-TenantRequest $engine 'signIns/watch' $found (@{ watchId = $watch.Id; users = (Get-WatchedUser $Users) } + $Bounds)
    $told = $false
    try {
        Write-WatchProgress $Cmdlet $watch
        while (-not $request.Reply -and -not $engine.Fault) {
            Step-Engine $engine 150
            Resolve-EngineQuestion $engine
            while ($engine.Prompts.Count) { Show-SignInPrompt $Cmdlet $engine.Prompts.Dequeue() }
            Write-WatchOutput $Cmdlet $watch
        }
        Write-WatchOutput $Cmdlet $watch
        Write-WatchProgress $Cmdlet $watch 'Completed'
        Assert-EngineReply $Cmdlet $engine $request
        $told = $true
        foreach ($verdict in $request.Reply.result.verdicts) { Write-WatchVerdict $Cmdlet (ConvertTo-LookUpObject $verdict 'UserSession.WatchVerdict') }
    } finally {
        [void]$engine.Watches.Remove($watch.Id)
        if (-not $told -and -not $engine.Fault) { Stop-Watch $Cmdlet $engine $request }
    }
}

# What was piped, with the moment of the revocation where it has one: the results of Revoke-UserSession do.
function Get-WatchedUser {
    param($Users)
    $watched = for ($i = 0; $i -lt $Users.References.Count; $i++) {
        $one = @{ user = $Users.References[$i] }
        $at = $Users.Targets[$i].RevokedAt
        if ($at -is [datetime]) { $one.revokedAt = $at.ToUniversalTime().ToString('o') }
        $one
    }
    , [object[]]@($watched)
}

function Write-WatchOutput {
    param($Cmdlet, $Watch)
    while ($Watch.Inbox.Count) {
        $message = $Watch.Inbox.Dequeue()
        if ($message.method -eq 'signIns/warning') {
            $Cmdlet.WriteWarning((ConvertTo-HarmlessText (ConvertFrom-GuardedText $message.params.message)))
            continue
        }
        foreach ($signIn in $message.params.signIns) {
            $Watch.Seen++
            if ($signIn.meaning -eq 'CameBack') { $Watch.Back++ }
            ConvertTo-LookUpObject $signIn 'UserSession.WatchedSignIn'
        }
        Write-WatchProgress $Cmdlet $Watch
    }
}

function Write-WatchProgress {
    param($Cmdlet, $Watch, [string]$Type = 'Processing')
    $status = "$($Watch.Seen) sign-ins seen, $($Watch.Back) of them after the revocation and successful; the log is late by some minutes"
    $record = [System.Management.Automation.ProgressRecord]::new(0x55540000, "Watching the sign-ins of $($Watch.Users) users", $status)
    $record.RecordType = $Type
    $Cmdlet.WriteProgress($record)
}

# In that order, because with -WarningAction Stop the warning ends everything.
function Write-WatchVerdict {
    param($Cmdlet, $Verdict)
    $Verdict
    $who = ConvertTo-HarmlessText $(if ($Verdict.UserPrincipalName) { $Verdict.UserPrincipalName } else { $Verdict.Reference })
    if ($Verdict.Verdict -eq 'CameBack') { $Cmdlet.WriteWarning("$who came back. The verdict tells what to do.") }
    if ($Verdict.Verdict -eq 'NotWatched') { $Cmdlet.WriteWarning("$who was not watched. The verdict tells why.") }
}

function Get-WatchVerdictText {
    param($Verdict)
    $who = if ($Verdict.UserPrincipalName) { $Verdict.UserPrincipalName } else { $Verdict.Reference }
    ConvertTo-HarmlessText "${who}: $($Verdict.Verdict). $($Verdict.Advice)"
}

# For `finally`: a pipeline that is stopped takes no output any more, but the screen does. It waits for nothing long and
# throws nothing.
function Stop-Watch {
    param($Cmdlet, $Engine, $Request)
    try {
        if (-not $Request.Reply) { Send-EngineMessage $Engine @{ method = '$/cancelRequest'; params = @{ id = $Request.Id } } }
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not $Request.Reply -and -not $Engine.Fault -and $clock.ElapsedMilliseconds -lt 2000) { Step-Engine $Engine 50 }
        [void]$Engine.Open.Remove($Request.Id)
        foreach ($verdict in $Request.Reply.result.verdicts) {
            $Cmdlet.Host.UI.WriteLine((Get-WatchVerdictText (ConvertTo-LookUpObject $verdict 'UserSession.WatchVerdict')))
        }
    } catch { }
}
