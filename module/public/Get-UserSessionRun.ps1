function Get-UserSessionRun {
    <#
    .SYNOPSIS
    Shows which runs are on record, or one of them with what became of everybody in it.

    .DESCRIPTION
    Every run of Revoke-UserSession and of the command line is on record: who was handed in, each call before it left, what
    became of it, when, by whom and why. Without parameters this command lists the runs, the latest first. With -RunId it
    gives one of them, whose property Results holds the rows: the same objects that Revoke-UserSession gave.

    It reads files of this machine and account, and neither needs a sign-in nor asks Microsoft Graph. Each file is checked
    while it is read: Intact is False, and Damage says where, when a line was changed, removed or moved.

    .PARAMETER RunId
    The run, by its id, as the results and the summary of Revoke-UserSession tell it. Runs and results can be piped in;
    each run comes out once. The Tab key offers the ids on record.

    .PARAMETER Unfinished
    Lists only the runs in which somebody is left to do: those that Resume-UserSessionRun finishes.

    .PARAMETER Journal
    The folder of the records, instead of the usual one, as it was given to Revoke-UserSession.

    .INPUTS
    System.String. Run ids; also objects with a property RunId, as the runs of this command and the results of
    Revoke-UserSession.

    .OUTPUTS
    UserSession.Run. With these properties (times are UTC):

    RunId        The run.
    State        Running: in a living process. Finished: nothing is left to do. Unfinished: it ended, and somebody is left
                 (stopped, failed, not proven). BrokenOff: its process died.
    StartedAt    When it began.
    LastAt       When the last line of the record was written.
    TenantId     The tenant worked in.
    TenantName   The organization's name; empty when the sign-in could not read it.
    Simulated    True for the simulated tenant: nobody was signed out.
    Account      The account that was signed in; empty for an app.
    ClientId     The app that held the token.
    Operator     Account and machine of the operating system.
    Reason       What -Reason said, the last time it was said.
    Users        How many were handed in.
    Left         How many are left to do.
    Outcomes     How many ended with each outcome; Open are those on whom nothing final is on record.
    Resumes      How often it was resumed.
    Path         The file.
    Head         The hash of its last line.
    Intact       True when each line fits the one before.
    Damage       What does not fit: objects with the properties Line and What.
    Results      With -RunId: one UserSession.RevocationResult for each user (see Revoke-UserSession). Who has no end on
                 record is Unknown when a call had left, else Cancelled. Empty in the list.

    .EXAMPLE
    Get-UserSessionRun

    Lists what is on record.

    .EXAMPLE
    Get-UserSessionRun -Unfinished | Format-List

    Shows everything about the runs that were interrupted or partly failed.

    .EXAMPLE
    (Get-UserSessionRun $runId).Results | Export-Csv incident.csv

    Hands over who exactly was signed out, and when.

    .EXAMPLE
    (Get-UserSessionRun $runId).Results | Where-Object Succeeded -eq $false

    Tells who is not proven to be out.

    .EXAMPLE
    Get-UserSessionRun | Where-Object Reason -like '*INC-4711*' | Get-UserSessionRun | ForEach-Object Results

    Gives the rows of all runs of an incident.

    .EXAMPLE
    (Get-UserSessionRun $runId).Head -eq $head

    Compares with the head that the summary told, kept where nobody who could write the file could change it.

    .NOTES
    Who may write the file can write all of it anew, and it would look intact: only a head that was kept elsewhere shows
    that. docs/records.md has more of it.

    The records belong to the account that ran the command; Revoke-UserSession says where they are. Nothing else depends on
    them: delete a file when it need not be kept any more.

    .LINK
    Revoke-UserSession

    .LINK
    Resume-UserSessionRun
    #>
    [CmdletBinding(DefaultParameterSetName = 'List')]
    [OutputType('UserSession.Run')]
    param(
        # Not a list: an object would then bind as its own text, before its property RunId is looked for.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName, ParameterSetName = 'One')]
        [string] $RunId,

        [Parameter(ParameterSetName = 'List')]
        [switch] $Unfinished,

        [ValidateNotNullOrEmpty()]
        [string] $Journal
    )
    begin {
        $given = @{}
    }
    process {
        if ($PSCmdlet.ParameterSetName -eq 'List') {
            foreach ($run in Get-RecordedRun $PSCmdlet $Journal $Unfinished) { ConvertTo-RunObject $run }
        } elseif (-not $given[$RunId]) {
            $given[$RunId] = $true
            Get-RecordedRunWithRow $PSCmdlet $RunId $Journal
        }
    }
}
