# Whether a person sits here who could sign in. Where nobody does, the engine refuses the ways that need one at once, and
# no job hangs at a question that nobody reads.
function Test-Interactive {
    param([string]$HostName, [string]$Method, [string[]]$Arguments = [System.Environment]::GetCommandLineArgs())
    foreach ($argument in $Arguments) {
        # powershell.exe and pwsh take it from four letters on, with a dash or a slash.
        if ($argument -match '^(--?|/)(noni\w*)$' -and 'noninteractive'.StartsWith($Matches[2], [System.StringComparison]::OrdinalIgnoreCase)) { return $false }
    }
    # A runspace without a host: Azure Automation, a service, a thread of a program.
    if ($HostName -eq 'Default Host') { return $false }
    if ($HostName -eq 'ServerRemoteHost') {
        # A remote session shows a person what is to be done, but no browser. Not asked here is UserInteractive: a process
        # of Windows Remote Management has no desktop, and yet somebody at the other end. Start-Job's process, which is
        # told by its switch, keeps its words until somebody looks.
        foreach ($argument in $Arguments) { if ($argument -in '-s', '-servermode') { return $false } }
        return $Method -ne 'browser'
    }
    [System.Environment]::UserInteractive
}
