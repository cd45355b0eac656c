# A run, from this side: one pipeline's users on their way to the engine and back. Whatever the engine says for it waits
# in Inbox until the pipeline itself takes it out, since only the current command may write.

# So many users may be with the engine at a time. Not the pace: a reply follows the proof, which takes seconds.
$script:Window = 5000

# Opens a run; Beginning says of its record what run/begin takes: reason, journal, resume.
function Start-Run {
    param($Cmdlet, $Options, [bool]$Ask, [bool]$WhatIf, $Beginning = @{})
    $engine = Get-Engine $Cmdlet
    if ($Beginning.resume) { Wait-OrphanRun $engine }
    $found = Get-RequiredConnection $Cmdlet
    if ($Options.excludeUsers) {
        # Which properties say who is meant is known only now that the engine has said it.
        $Options.excludeUsers = [object[]]@($Options.excludeUsers | ForEach-Object { ConvertTo-UserReference $_ $engine.IdentityNames })
    }
    $run = @{
        Cmdlet = $Cmdlet; Engine = $engine; Sender = $found.Sender; RunId = $null; Tenant = $null; TenantLabel = $null
        Inbox = [System.Collections.Generic.Queue[object]]::new()
        # Rows that only have to be emitted.
        Rows = [System.Collections.Generic.Queue[object]]::new()
        Open = 0; Describing = 0; Sent = 0
        Ask = $Ask; WhatIf = $WhatIf; Act = 'Revoke all sign-in sessions'
        IsOnRecord = -not $WhatIf -and $Beginning.journal -ne $false
        # Nobody is asked and nobody listens: ShouldProcess could only say yes.
        Quiet = -not $Ask -and $VerbosePreference -eq 'SilentlyContinue'
        SkipVerification = [bool]$Options.skipVerification; Told = $false; Explained = [bool]$Options.explain
        # Stop: the engine ended the run. Cancelled: this side did, because its pipeline broke. Closed: nothing is left of it.
        Stop = $null; TokenRefusal = $null; Cancelled = $false; Closed = $false; EndReply = $null
        Progress = $null; Shown = $null; ActivityId = 0
    }
    if ($Beginning.resume) { $run.Act += ", resuming run $($Beginning.resume)" }
    $request = Send-TenantRequest $engine 'run/begin' $found (@{ options = $Options } + $Beginning) $run
    # Activities of two commands in one pipeline must differ.
    $run.ActivityId = 0x55530000 + ($request.Id % 0xffff)
    Wait-EngineReply $engine $request
    Assert-EngineReply $Cmdlet $engine $request $Beginning.resume
    $run.RunId = [string]$request.Reply.result.runId
    $run.Tenant = $request.Reply.result.tenant
    $run.TenantLabel = Get-TenantLabel $run.Tenant
    $run
}

# Takes what was piped, one user or a list of them: hands each over (or asks about it first), and emits whatever has come
# back. Every user passes here, and a function call costs as much as a user may: so this one is longer than it could be.
# Reference is given where it is not the target that says who is meant; with Unasked nobody is asked about this one.
function Add-RunUser {
    param($Run, $Target, $IsOne, $Reference, $Unasked)
    if (-not $IsOne -and $null -ne $Target -and $Target -isnot [string] -and
        $null -ne [System.Management.Automation.LanguagePrimitives]::GetEnumerator($Target)) {
        $targets = [System.Collections.Generic.List[object]]::new()
        Add-PipedItem $targets $Target
        foreach ($one in $targets) { Add-RunUser $Run $one $true }
        return
    }
    $engine = $Run.Engine
    if ($null -eq $Reference) { $Reference = $script:UserReferenceOf.InvokeReturnAsIs($Target, $engine.IdentityNames) }
    $method = $null
    if ($Run.Ask -and -not $Unasked) {
        $method = 'user/describe'
        $Run.Describing++
    } elseif ($Run.Quiet -or $Unasked -or (Confirm-RunUser $Run (Get-ReferenceLabel $Reference) $Target)) {
        $method = 'user/revoke'
        $Run.Sent++
    }
    if ($method) {
        # As Send-EngineRequest does it.
        $id = ++$engine.LastId
        $parameters = @{ runId = $Run.RunId; user = $Reference }
        $engine.Open.Add($id, @{ Id = $id; Method = $method; Parameters = $parameters; Run = $Run; Target = $Target; Reply = $null; Lost = $null; Sender = $null })
        $engine.Outgoing.Add(@{ jsonrpc = '2.0'; id = $id; method = $method; params = $parameters })
        $Run.Open++
    }
    # While a write is under way the next messages gather for one line.
    if ($engine.Read.IsCompleted -or $null -eq $engine.Write -or $engine.Write.IsCompleted) { Step-Engine $engine 0 }
    if ($Run.Inbox.Count -gt 0 -or $engine.Questions.Count -gt 0 -or $engine.Fault) { Write-RunOutput $Run }
    while ($Run.Open -ge $script:Window -and -not $Run.Stop) {
        Step-Engine $Run.Engine 150
        Write-RunOutput $Run
    }
    # The engine takes no more: give back what is out, then say why.
    if ($Run.Stop) { Complete-Run $Run }
}

function Confirm-RunUser {
    param($Run, [string]$Label, $Target)
    try {
        return $Run.Cmdlet.ShouldProcess("$(ConvertTo-HarmlessText $Label) in $($Run.TenantLabel)", $Run.Act)
    } catch {
        # Nobody can be asked here. As it comes it would be swallowed by a compiled command upstream.
        $cause = $_.Exception.GetBaseException()
    }
    $message = "Nobody can be asked for the confirmation: $($cause.Message) Run the command with -Confirm:`$false where no person sits."
    $Run.Cmdlet.ThrowTerminatingError((New-UserSessionError 'ConfirmationFailed' $message $Target $cause))
}

# Ends the run: no more users come. Emits the rest, then the summary, then the error that ended it, if one did.
function Complete-Run {
    param($Run)
    # It ended in the middle, with an error, and a command upstream swallowed that and goes on.
    if ($Run.Closed) { return }
    # Every answer about a person may still make a user to send.
    while ($Run.Describing -gt 0 -and -not $Run.Cancelled) {
        Step-Engine $Run.Engine 150
        Write-RunOutput $Run
    }
    if (-not $Run.Engine.Fault) {
        [void](Send-EngineRequest $Run.Engine 'run/end' @{ runId = $Run.RunId } $Run)
        $Run.Open++
    }
    while ($Run.Open -gt 0 -or $Run.Rows.Count -gt 0) {
        Step-Engine $Run.Engine 150
        Write-RunOutput $Run
    }
    Close-Run $Run
    if ($Run.Shown) { Write-RunProgress $Run 'Completed' }
    $summary = $Run.EndReply.result
    if ($summary.text -and ($Run.Sent -gt 0 -or -not $Run.Ask)) {
        # As Write-Host does it: seen on the console, kept out of the pipeline, redirected with 6>.
        $text = [System.Management.Automation.HostInformationMessage]::new()
        $text.Message = [string]$summary.text
        $Run.Cmdlet.WriteInformation($text, [string[]]@('PSHOST'))
    }
    $stop = if ($Run.Stop) { $Run.Stop } else { $summary.stopped }
    if ($Run.Cancelled) {
        $stop = @{ code = 'RunIncomplete'; message = "The pipeline broke while users were coming in: $($Run.Sent) were handed over, what became of them is in the rows; users after them were not touched. Run the command again for those." }
    } elseif ($Run.EndReply.error) {
        $stop = @{ code = Get-RefusalCode $Run.EndReply; message = [string]$Run.EndReply.error.message }
    }
    if ($stop.code -eq 'NotSignedIn' -and $Run.TokenRefusal -and -not ([string]$stop.message).Contains($Run.TokenRefusal)) {
        $stop = @{ code = 'NotSignedIn'; message = "$($stop.message) $($Run.TokenRefusal)" }
    }
    if ($stop) { $Run.Cmdlet.ThrowTerminatingError((New-UserSessionError $stop.code $stop.message $null)) }
}

# Takes the run off the books.
function Close-Run {
    param($Run)
    $Run.Closed = $true
    $Run.Engine.Runs.Remove($Run.RunId)
}

# A pipeline is over when PowerShell has taken the runtime away from its command; it may have been stopped where no
# script of ours ran and nothing could be cleaned up.
function Test-RunAlive {
    param($Run)
    $null -ne $Run -and $null -ne $Run.Cmdlet.CommandRuntime
}

# Cancels the run because its pipeline breaks: for `finally`, so it waits for nothing long and throws nothing. The
# replies still come; where `end` runs all the same (after Get-MgUser swallowed what broke us) they become rows.
function Stop-Run {
    param($Run)
    if ($null -eq $Run -or $Run.Cancelled -or $Run.Closed) { return }
    $Run.Cancelled = $true
    $engine = $Run.Engine
    # What has not left this process is taken back. The list belongs to the engine and may hold other runs' messages.
    foreach ($message in $engine.Outgoing.ToArray()) {
        if ($message.method -like 'user/*' -and $message.params.runId -eq $Run.RunId) {
            [void]$engine.Outgoing.Remove($message)
            $request = $engine.Open[$message.id]
            [void]$engine.Open.Remove($message.id)
            $request.Lost = 'Cancelled'
            $Run.Inbox.Enqueue($request)
        }
    }
    Send-EngineMessage $engine @{ method = '$/cancelRequest'; params = @{ runId = $Run.RunId } }
    Complete-EngineSending $engine
}

# For commands that need no engine: an orphan is cancelled all the same.
function Clear-OrphanRun {
    if ($script:Engine) {
        Remove-OrphanRun $script:Engine
        Step-Engine $script:Engine 0
    }
}

# Runs whose pipeline is gone: what they have not sent is cancelled, what they still get is dropped.
function Remove-OrphanRun {
    param($Engine)
    foreach ($run in @($Engine.Runs.Values)) {
        if (Test-RunAlive $run) { continue }
        Stop-Run $run
        Close-Run $run
        $ending = $null
        foreach ($request in @($Engine.Open.Values)) {
            if ($request.Run -ne $run) { continue }
            $request.Run = $null
            if ($request.Method -eq 'run/end') { $ending = $request } else { [void]$Engine.Open.Remove($request.Id) }
        }
        foreach ($item in $run.Inbox.ToArray()) {
            if ($item.method -eq 'host/confirm') { Send-EngineAnswer $Engine $item @{ confirmed = $false } }
        }
        # It lets the engine close the run.
        if (-not $ending) { $ending = Send-EngineRequest $Engine 'run/end' @{ runId = $run.RunId } }
        $Engine.Endings.Add($ending)
    }
}

# Waits until the engine has closed the records of such runs: before that they look as if they were still going on.
function Wait-OrphanRun {
    param($Engine)
    foreach ($ending in $Engine.Endings) { Wait-EngineReply $Engine $ending }
    $Engine.Endings.Clear()
}
