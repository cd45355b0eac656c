function Resume-UserSessionRun {
    <#
    .SYNOPSIS
    Finishes a run that was killed, stopped, throttled out or partly failed.

    .DESCRIPTION
    Takes who is left to do out of the record of a run of Revoke-UserSession or of the command line; the command that piped
    them is not needed again. The tenant is read first: whoever shows the revocation of an earlier session is not called
    again, because that would end sessions which were opened since. The others are signed out as Revoke-UserSession does it,
    with one result for each, and in the same run: id, record, exclusions and limits stay what they were.

    Twice is the same as once: in a run that is finished nothing is left to do, and a warning says so. It is refused while
    another process has the run in hand (RunBusy), when you are signed in to another tenant (OtherTenant), and when the
    record was changed after it was written (RecordDamaged).

    .PARAMETER RunId
    The run, by its id, as the results, the summary and Get-UserSessionRun tell it; runs can be piped in. Without it the
    latest that is not finished is taken; -WhatIf and -Verbose tell which. The Tab key offers the ids on record.

    .PARAMETER All
    Gives back the results of everybody in the run, not only of those who were left. Nobody more is signed out by it.

    .PARAMETER Reason
    Why it is done: a ticket, an incident. It stands in the record beside the one that the run began with; at most 500
    characters.

    .PARAMETER MaxUsers
    How many users may be signed out without a question; as the run began unless said. A yes that the run already has is
    not asked for again.

    .PARAMETER Force
    Signs out any number of users without a question.

    .PARAMETER VerificationTime
    How many seconds to wait for the proof of one user before the outcome is Unverified; as the run began unless said.

    .PARAMETER Journal
    The folder of the records, instead of the usual one, as it was given to Revoke-UserSession.

    .PARAMETER WhatIf
    Shows who is left, by name, address and tenant. Reads the users, sends nothing, emits nothing, writes no record.

    .PARAMETER Confirm
    Asks before each user, with name, address and tenant. A user who is declined is not touched, gives no result, and is
    still left.

    .INPUTS
    System.Object. Objects with a property RunId, as the runs of Get-UserSessionRun; each run is resumed once.

    .OUTPUTS
    UserSession.RevocationResult. One for each user who was left, with -All for everybody; the properties are those of
    Revoke-UserSession. Failed outcomes also write one error each; its TargetObject tells RunId and Reference, and can be
    piped into Revoke-UserSession.

    .EXAMPLE
    Resume-UserSessionRun

    Finishes the latest run that is not finished.

    .EXAMPLE
    Resume-UserSessionRun -WhatIf

    Shows which run that is, and who is left in it.

    .EXAMPLE
    Resume-UserSessionRun $runId -All | Export-Csv done.csv

    Finishes a run and keeps the results of everybody in it.

    .EXAMPLE
    $here = (Get-UserSessionTenant).TenantId
    Get-UserSessionRun -Unfinished | Where-Object TenantId -eq $here | Resume-UserSessionRun

    Finishes everything that is left in this tenant.

    .EXAMPLE
    Resume-UserSessionRun $runId -VerificationTime 120 -Reason 'INC-4711, second try'

    Gives a slow tenant more time to show what it did.

    .NOTES
    A group that USERSESSION_EXCLUDE_GROUP names by now is left alone, too.

    Ctrl+C stops it as it stops Revoke-UserSession, and it can be resumed again.

    A run that was begun with -NoJournal is not on record and can't be resumed.

    .LINK
    Get-UserSessionRun

    .LINK
    Revoke-UserSession
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('UserSession.RevocationResult')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [string] $RunId,

        [switch] $All,

        [ValidateLength(0, 500)]
        [string] $Reason,

        [ValidateRange(1, 2147483647)]
        [int] $MaxUsers,

        [switch] $Force,

        [ValidateRange(0, 3600)]
        [int] $VerificationTime,

        [ValidateNotNullOrEmpty()]
        [string] $Journal
    )
    begin {
        # What is not said stays as the run began.
        $options = @{ whatIf = [bool]$WhatIfPreference }
        if ($Force -or $WhatIfPreference) { $options.maxUsers = 2147483647 }
        elseif ($PSBoundParameters.ContainsKey('MaxUsers')) { $options.maxUsers = $MaxUsers }
        if ($PSBoundParameters.ContainsKey('VerificationTime')) { $options.verificationTime = $VerificationTime }
        $protected = [string[]]@(Get-MachineExclusion)
        if ($protected) { $options.excludeGroups = $protected }
        $ask = $WhatIfPreference -or $ConfirmPreference -in 'Low', 'Medium'
        $given = @{}
    }
    process {
        $id = if ($RunId) { $RunId } else { Get-LatestRunId $PSCmdlet $Journal }
        if (-not $id -or $given[$id]) { return }
        $given[$id] = $true
        $run = Start-Run $PSCmdlet $options $ask $WhatIfPreference (Get-RunBeginning $PSCmdlet $PSBoundParameters $id)
        $whole = $false
        try {
            Add-RunRecord $run $All
            Complete-Run $run
            $whole = $true
        } finally {
            if (-not $whole) { Stop-Run $run }
        }
    }
}
