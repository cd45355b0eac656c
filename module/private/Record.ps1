# What is on record, as the commands ask for it and emit it.

# What run/begin says of the record, from the parameters that were given.
function Get-RunBeginning {
    param($Cmdlet, $Given, [string]$Resume)
    $beginning = @{}
    if ($Resume) { $beginning.resume = $Resume }
    if ($Given.Reason) { $beginning.reason = $Given.Reason }
    if ($Given.NoJournal) {
        if ($Given.Journal) {
            $Cmdlet.ThrowTerminatingError((New-UserSessionError 'JournalNotChosen' "-Journal '$($Given.Journal)' and -NoJournal do not go together." $Given.Journal))
        }
        $beginning.journal = $false
    } elseif ($Given.Journal) {
        $beginning.journal = Resolve-FilePath $Cmdlet $Given.Journal 'Journal'
    }
    $beginning
}

# Asks for what is on record and waits; a refusal ends the command.
function Invoke-RecordRequest {
    param($Cmdlet, [string]$Method, $Parameters, $Target)
    $engine = Get-Engine $Cmdlet
    # What this session has just stopped is not to be shown as running.
    Wait-OrphanRun $engine
    $request = Send-EngineRequest $engine $Method $Parameters
    try {
        Wait-EngineReply $engine $request
    } finally {
        if (-not $request.Reply) { Stop-EngineRequest $engine $request }
    }
    Assert-EngineReply $Cmdlet $engine $request $Target
    $request.Reply.result
}

# The runs on record, the latest first.
function Get-RecordedRun {
    param($Cmdlet, [string]$Journal, [bool]$Unfinished)
    $parameters = @{ unfinished = $Unfinished }
    if ($Journal) { $parameters.journal = Resolve-FilePath $Cmdlet $Journal 'Journal' }
    (Invoke-RecordRequest $Cmdlet 'runs/list' $parameters).runs
}

# One run with a row for everybody in it.
function Get-RecordedRunWithRow {
    param($Cmdlet, [string]$RunId, [string]$Journal)
    $parameters = @{ runId = $RunId }
    if ($Journal) { $parameters.journal = Resolve-FilePath $Cmdlet $Journal 'Journal' }
    $packed = [System.Collections.Generic.Queue[object]]::new()
    do {
        $shown = Invoke-RecordRequest $Cmdlet 'runs/show' $parameters $RunId
        foreach ($row in $shown.rows) { $packed.Enqueue($row) }
        $parameters.cursor = [string]$shown.cursor
    } while ($shown.cursor)
    ConvertTo-RunObject $shown.run ([object[]]@(ConvertTo-RevocationRow $packed))
}

function ConvertTo-RunObject {
    param($Run, $Results)
    $outcomes = [ordered]@{}
    foreach ($property in $Run.outcomes.PSObject.Properties) { $outcomes[$property.Name] = $property.Value -as [int] }
    $damage = foreach ($one in $Run.damage) {
        [pscustomobject]@{ PSTypeName = 'UserSession.RecordDamage'; Line = $one.line -as [int]; What = $one.what }
    }
    [pscustomobject]@{
        PSTypeName = 'UserSession.Run'
        RunId      = $Run.runId
        State      = $Run.state
        StartedAt  = ConvertTo-UtcTime $Run.startedAt
        LastAt     = ConvertTo-UtcTime $Run.lastAt
        TenantId   = $Run.tenantId
        TenantName = ConvertFrom-GuardedText $Run.tenantName
        Simulated  = $Run.simulated
        Account    = ConvertFrom-GuardedText $Run.account
        ClientId   = $Run.clientId
        Operator   = ConvertFrom-GuardedText $Run.operator
        Reason     = ConvertFrom-GuardedText $Run.reason
        Users      = $Run.users -as [int]
        Left       = $Run.left -as [int]
        Outcomes   = $outcomes
        Resumes    = $Run.resumes -as [int]
        Path       = $Run.path
        Head       = $Run.head
        Intact     = -not $damage
        Damage     = [object[]]@($damage)
        Results    = $Results
    }
}

# Hands over who is left to do in the record that is gone on with. With All everybody else in it, too, about whom nobody
# is asked: they are settled, and only come back as they were told.
function Add-RunRecord {
    param($Run, [bool]$All)
    $known = @{}
    Add-RunSource $Run @{ kind = 'record' } $known
    if ($All -and -not $Run.WhatIf) { Add-RunSource $Run @{ kind = 'record'; all = $true } $known }
}

# The run that is resumed when none is named; nothing, and a warning, when there is none.
function Get-LatestRunId {
    param($Cmdlet, [string]$Journal)
    foreach ($run in Get-RecordedRun $Cmdlet $Journal $true) {
        if ($run.state -eq 'Running') { continue }
        $label = @(ConvertFrom-GuardedText $run.tenantName; $run.tenantId | Where-Object { $_ })[0]
        $Cmdlet.WriteVerbose("The latest run that is not finished is $($run.runId), begun $((ConvertTo-UtcTime $run.startedAt).ToString('u')) in $label; $($run.left) of $($run.users) users are left.")
        return $run.runId
    }
    $Cmdlet.WriteWarning('No run on record is left to be finished.')
}
