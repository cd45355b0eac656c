# What a run has to say, written to its pipeline. Rows leave as plain output: an exception of a command downstream must
# pass through as it is, and $PSCmdlet.WriteObject would wrap it.

function Write-RunOutput {
    param($Run)
    if ($Run.Engine.Questions.Count -gt 0) { Resolve-EngineQuestion $Run.Engine }
    while ($Run.Inbox.Count -gt 0) {
        $item = $Run.Inbox.Dequeue()
        if ($item.Method -eq 'user/revoke') {
            $Run.Open--
            $row = $item.Reply.result
            if ($row -and $row[$script:RowSeverity] -eq 'none') {
                $Run.Rows.Enqueue($row)
                continue
            }
        }
        # What is said of somebody comes after the rows before.
        if ($Run.Rows.Count -gt 0) { ConvertTo-RevocationRow $Run.Rows $Run.Explained }
        switch ($item.Method) {
            'user/revoke' { Write-RunRow $Run $item }
            'user/describe' { $Run.Open--; $Run.Describing--; Resolve-RunDescription $Run $item }
            'run/end' { $Run.Open--; $Run.EndReply = $item.Reply }
            'run/stopped' { $Run.Stop = $item.params.stop }
            'run/log' {
                if ($item.params.level -eq 'warning') { $Run.Cmdlet.WriteWarning([string]$item.params.message) }
                else { $Run.Cmdlet.WriteVerbose([string]$item.params.message) }
            }
            'host/confirm' { Send-EngineAnswer $Run.Engine $item @{ confirmed = (Confirm-RunQuestion $Run $item.params.question) } }
        }
    }
    if ($Run.Rows.Count -gt 0) { ConvertTo-RevocationRow $Run.Rows $Run.Explained }
    if ($Run.Progress -and $Run.Progress -ne $Run.Shown) { Write-RunProgress $Run 'Processing' }
    if ($Run.Engine.Fault) { Write-EngineDeath $Run }
}

# For an outcome that must not be overlooked: the row, then the error or warning. In that order, because with -ErrorAction
# Stop the error ends everything.
function Write-RunRow {
    param($Run, $Request)
    $packed = $Request.Reply.result
    if (-not $packed) {
        $packed = if ($Request.Lost) { New-LocalRow $Request 'Cancelled' 'Not sent: the pipeline was stopped.' }
        else { New-LocalRow $Request 'Failed' "The engine refused the request ($(Get-RefusalCode $Request.Reply)): $($Request.Reply.error.message)" }
    }
    $Run.Rows.Enqueue($packed)
    $row = ConvertTo-RevocationRow $Run.Rows $Run.Explained
    $row
    $who = ConvertTo-HarmlessText $(if ($row.UserPrincipalName) { $row.UserPrincipalName } else { $row.Reference })
    $message = "${who}: $(if ($row.Detail) { $row.Detail } else { $row.Outcome })"
    if ($packed[$script:RowSeverity] -eq 'error') {
        $Run.Cmdlet.WriteError((New-UserSessionError $row.Outcome $message $Request.Target))
    } elseif ($Run.SkipVerification -and $row.Outcome -eq 'Unverified') {
        # The caller chose it for all of them.
        if (-not $Run.Told) { $Run.Cmdlet.WriteWarning('-SkipVerification: Graph accepted the calls, but nobody looked whether the sessions are really revoked.') }
        $Run.Told = $true
    } else {
        $Run.Cmdlet.WriteWarning($message)
    }
}

# With -WhatIf, or when the person is to be asked: now it is known who is meant.
function Resolve-RunDescription {
    param($Run, $Request)
    if ($Run.Cancelled) { return }
    $label = [string]$Request.Reply.result.text
    if (-not $label) { $label = "$(Get-ReferenceLabel $Request.Parameters.user) (not looked up: $($Request.Reply.error.message))" }
    if (Confirm-RunUser $Run $label $Request.Target) {
        $null = Send-EngineRequest $Run.Engine 'user/revoke' $Request.Parameters $Run $Request.Target
        $Run.Open++
        $Run.Sent++
    }
}

function Confirm-RunQuestion {
    param($Run, [string]$Question)
    if ($Run.Cancelled) { return $false }
    try {
        return [bool]$Run.Cmdlet.ShouldContinue($Question, $Run.Cmdlet.MyInvocation.MyCommand.Name)
    } catch {
        # Nobody sits there: that is no yes.
        return $false
    }
}

function Write-RunProgress {
    param($Run, [string]$Type)
    $Run.Shown = $Run.Progress
    $now = $Run.Progress
    $status = "$($now.settled) of $($now.received) settled, $($now.awaitingProof) accepted and waiting for proof, $($now.perSecond) per second"
    $record = [System.Management.Automation.ProgressRecord]::new($Run.ActivityId, "Revoking sign-in sessions in $($Run.TenantLabel)", $status)
    $record.RecordType = $Type
    if ($now.received -gt 0) { $record.PercentComplete = [System.Math]::Min(100, [int](100 * $now.settled / $now.received)) }
    if ($null -ne $now.secondsLeft) { $record.SecondsRemaining = [int]$now.secondsLeft }
    $Run.Cmdlet.WriteProgress($record)
}

# The engine died: what it had is neither done nor not done. A row for each, then one error for all.
function Write-EngineDeath {
    param($Run)
    $engine = $Run.Engine
    $lost = @($engine.Open.Values | Where-Object { $_.Run -eq $Run -and $_.Method -like 'user/*' })
    # Taken off the books first: while the rows go out, a command downstream may break us.
    foreach ($request in $lost) { [void]$engine.Open.Remove($request.Id) }
    Close-Run $Run
    $Run.Open = 0
    $Run.Describing = 0
    $revoked = @($lost | Where-Object { $_.Method -eq 'user/revoke' })
    $remedy = if ($Run.IsOnRecord) { " Resume-UserSessionRun $($Run.RunId) finds out, and finishes the run." }
    foreach ($request in $revoked) {
        $Run.Rows.Enqueue((New-LocalRow $request 'Unknown' "The engine stopped before it answered: the sessions may be revoked or not.$remedy"))
    }
    ConvertTo-RevocationRow $Run.Rows $Run.Explained
    $targets = [object[]]@($lost | ForEach-Object { $_.Target })
    $advice = if ($Run.IsOnRecord) { "Run: Resume-UserSessionRun $($Run.RunId) -- it finds out what became of them, and finishes the run. Who had not been handed over yet is not in it." }
    else { 'Run the same command again for these users (TargetObject of this error): revoking twice is harmless.' }
    $message = "The engine of the module UserSession stopped: $($engine.Fault).$(Get-EngineLastWords $engine) $($revoked.Count) users were handed over and not answered. $advice"
    $Run.Cmdlet.ThrowTerminatingError((New-UserSessionError 'EngineStopped' $message $targets))
}
