# Run ids for the Tab key: the names of the files, the latest first. Nothing is started or read for it.

# Registered, because the block of an attribute would not see what is private here.
Register-ArgumentCompleter -CommandName 'Get-UserSessionRun', 'Resume-UserSessionRun' -ParameterName 'RunId' -ScriptBlock {
    param($command, $parameter, $word, $ast, $given)
    Get-RunIdCompletion $word $given.Journal
}

function Get-RunIdCompletion {
    param([string]$Word, [string]$Journal)
    try {
        $folder = if ($Journal) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Journal) } else { Get-RunFolder }
        $files = [System.IO.DirectoryInfo]::new($folder).GetFiles('*.jsonl')
        $times = [datetime[]]@($files | ForEach-Object { $_.LastWriteTimeUtc })
        [array]::Sort($times, $files)
        [array]::Reverse($files)
    } catch {
        # An error at the Tab key helps nobody.
        return
    }
    $typed = $Word.Trim([char[]]"'`"")
    foreach ($file in $files) {
        $id = [System.IO.Path]::GetFileNameWithoutExtension($file.Name)
        if ($id -notmatch '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' -or -not $id.StartsWith($typed, [System.StringComparison]::OrdinalIgnoreCase)) { continue }
        [System.Management.Automation.CompletionResult]::new($id, $id, 'ParameterValue', "last written $($file.LastWriteTimeUtc.ToString('u'))")
    }
}

# Where the engine keeps the records (src/journal/home.ts).
function Get-RunFolder {
    $said = @{}
    foreach ($name in 'USERSESSION_HOME', 'LOCALAPPDATA', 'ProgramData', 'HOME', 'XDG_STATE_HOME') { $said[$name] = [System.Environment]::GetEnvironmentVariable($name) }
    $state = if ($said.USERSESSION_HOME) {
        $said.USERSESSION_HOME
    } elseif ([System.IO.Path]::DirectorySeparatorChar -eq '\') {
        [System.IO.Path]::Combine($(if ($said.LOCALAPPDATA) { $said.LOCALAPPDATA } else { $said.ProgramData }), 'UserSession')
    } elseif ([System.Runtime.InteropServices.RuntimeInformation]::IsOSPlatform([System.Runtime.InteropServices.OSPlatform]::OSX)) {
        [System.IO.Path]::Combine($said.HOME, 'Library', 'Application Support', 'UserSession')
    } elseif ($said.XDG_STATE_HOME -and [System.IO.Path]::IsPathRooted($said.XDG_STATE_HOME)) {
        [System.IO.Path]::Combine($said.XDG_STATE_HOME, 'usersession')
    } else {
        [System.IO.Path]::Combine($said.HOME, '.local', 'state', 'usersession')
    }
    [System.IO.Path]::Combine($state, 'runs')
}
