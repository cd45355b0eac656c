# The engine process. It belongs to the PowerShell session, not to a pipeline: a pipeline that is stopped while a
# compiled command upstream blocks has no chance to clean up (`clean` is 7.3+), so nothing may depend on one ending
# well. It is started on first need, ends when its stdin does (also when PowerShell is killed: the kernel closes the
# pipe) and is closed when the module is removed.

# The running engine, started now if there is none.
function Get-Engine {
    param($Cmdlet)
    $engine = $script:Engine
    if ($engine) {
        # It may have died while nobody looked. The pump sees the end of its stdout, which can come after its own.
        $exited = $true
        try { $exited = $engine.Process.HasExited } catch { }
        Step-Engine $engine $(if ($exited) { 150 } else { 0 })
        if ($exited -and -not $engine.Fault) { $engine.Fault = 'it ended' }
        if (-not $engine.Fault) {
            Remove-OrphanRun $engine
            return $engine
        }
        Close-Engine
    }
    Start-Engine $Cmdlet
    $script:Engine
}

# What to start, as @{ File; Arguments }, or @{ Code; Message } when there is nothing to start.
function Find-Engine {
    $suffix = if ([System.IO.Path]::DirectorySeparatorChar -eq '\') { '.exe' } else { '' }
    $folder = [System.IO.Path]::Combine($script:ModuleRoot, 'engine')
    $program = [System.Environment]::GetEnvironmentVariable('USERSESSION_ENGINE')
    if ($program) {
        if (-not [System.IO.File]::Exists($program)) {
            return @{ Code = 'EngineNotFound'; Message = "The environment variable USERSESSION_ENGINE points at '$program', which does not exist. Correct or remove the variable." }
        }
    } else {
        $program = [System.IO.Path]::Combine($folder, "usersession$suffix")
        if (-not [System.IO.File]::Exists($program)) { $program = [System.IO.Path]::Combine($folder, 'usersession.cjs') }
        if (-not [System.IO.File]::Exists($program)) {
            return @{ Code = 'EngineNotFound'; Message = "The engine of the module UserSession is missing: there is neither usersession$suffix nor usersession.cjs in '$folder'. Install the module again." }
        }
    }
    if ([System.IO.Path]::GetExtension($program) -notin '.cjs', '.mjs', '.js') {
        return @{ File = $program; Arguments = 'serve' }
    }
    $node = [System.IO.Path]::Combine($folder, "node$suffix")
    if (-not [System.IO.File]::Exists($node)) {
        # Looked up here and not left to Process.Start, which on Windows would try the current directory first.
        $command = $ExecutionContext.InvokeCommand.GetCommand('node', 'Application')
        if (-not $command) {
            return @{ Code = 'EngineNotFound'; Message = "The engine '$program' needs Node.js 22 or later, and there is no node in the PATH. Install Node.js (https://nodejs.org), or a build of the module that brings its engine as an executable." }
        }
        $node = $command.Path
    }
    # One string, because ArgumentList is not known to 5.1. A file name can't hold a quote on Windows.
    @{ File = $node; Arguments = '"{0}" serve' -f $program.Replace('"', '\"') }
}

function Start-Engine {
    param($Cmdlet)
    $engine = $null
    try { $engine = Open-Engine } catch { $engine = @{ Fault = $_.Exception.Message; Code = 'EngineStartFailed' } }
    try {
        # 30 s: a first start under a virus scanner takes seconds; a program that is no engine never says hello.
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not $engine.Fault -and -not $engine.Hello -and $clock.Elapsed.TotalSeconds -lt 30) { Step-Engine $engine 150 }
        if ($engine.Hello -and -not $engine.Fault) {
            $script:Engine = $engine
            $Cmdlet.WriteVerbose("Engine $($engine.Hello.version) started as process $($engine.Process.Id): $($engine.File)")
            return
        }
    } finally {
        if ($script:Engine -ne $engine -and $engine.Process) { Stop-EngineProcess $engine 0 }
    }
    $fault = if ($engine.Fault) { $engine.Fault } else { 'it did not say hello within 30 seconds' }
    $code = if ($engine.Code) { $engine.Code } else { 'EngineStartFailed' }
    $message = $fault
    if ($code -eq 'EngineStartFailed') {
        $message = "The engine of the module UserSession could not be started: $fault$(Get-EngineLastWords $engine) Tried: $($engine.File) $($engine.Arguments). A script engine needs Node.js 22 or later; else install the module UserSession again."
    }
    $Cmdlet.ThrowTerminatingError((New-UserSessionError $code $message $engine.File))
}

# Starts the process. What this returns has not said hello yet; Fault says why it can't be used.
function Open-Engine {
    $start = Find-Engine
    if ($start.Code) { return @{ Fault = $start.Message; Code = $start.Code } }
    $utf8 = [System.Text.UTF8Encoding]::new($false)
    $info = [System.Diagnostics.ProcessStartInfo]::new($start.File, $start.Arguments)
    $info.UseShellExecute = $false
    # On Windows this gives the engine a console of its own, so Ctrl+C in ours does not reach it. On Linux and macOS it
    # stays in our process group and a Ctrl+C at the terminal is sent to it too: the engine ignores SIGINT while it
    # serves, because whether the work stops is decided here, with $/cancelRequest.
    $info.CreateNoWindow = $true
    $info.RedirectStandardInput = $true
    $info.RedirectStandardOutput = $true
    $info.RedirectStandardError = $true
    $info.StandardOutputEncoding = $utf8
    $info.StandardErrorEncoding = $utf8
    # What somebody set for other programs of Node may keep a script engine from starting, or load something into it; the
    # packaged one ignores it by itself. (.NET Framework can't list an environment that has both Path and PATH.)
    try { $info.EnvironmentVariables.Remove('NODE_OPTIONS') } catch { }
    # Not the current directory, which the engine would lock on Windows for as long as this session lives.
    $info.WorkingDirectory = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetFullPath($start.File))
    $engine = @{
        File = $start.File; Arguments = $start.Arguments; Process = $null; Fault = $null; Code = $null; Hello = $null
        Writer = $null; Write = $null; Read = $null; Errors = $null; WriteFault = $null
        Outgoing = [System.Collections.Generic.List[object]]::new()
        LastId = 0
        # Requests that wait for their reply by id; sorted, so that a dead engine's users come out in their order.
        Open = [System.Collections.Generic.SortedDictionary[int, object]]::new()
        Runs = @{}
        # Requests that close runs whose pipeline is gone.
        Endings = [System.Collections.Generic.List[object]]::new()
        # What the engine says of a run before it has said that the run is open.
        Early = [System.Collections.Generic.List[object]]::new()
        Questions = [System.Collections.Generic.Queue[object]]::new()
        # What a person has to do to sign in.
        Prompts = [System.Collections.Generic.Queue[object]]::new()
        # Those under way by id: Inbox gets what is seen.
        Watches = @{}
        IdentityNames = @{}
    }
    try {
        Add-ExecuteRight $start.File
        $engine.Process = [System.Diagnostics.Process]::Start($info)
    } catch {
        $engine.Fault = $_.Exception.GetBaseException().Message
        $engine.Process = $null
        return $engine
    }
    # Not Process.StandardInput itself: on 5.1 that one writes in the console's encoding.
    $engine.Writer = [System.IO.StreamWriter]::new($engine.Process.StandardInput.BaseStream, $utf8)
    $engine.Writer.AutoFlush = $true
    $engine.Read = $engine.Process.StandardOutput.ReadLineAsync()
    # Read to the end by .NET, not by events (a script block on another thread takes the host down) and not line by line
    # in the pump (nobody pumps between two commands, and the engine would block on a full pipe).
    $engine.Errors = $engine.Process.StandardError.ReadToEndAsync()
    $engine
}

# A package from the gallery is unpacked without execute rights on Linux and macOS. Where it fails, the start itself
# says why. (.NET 7 and later; 5.1 runs on Windows only.)
function Add-ExecuteRight {
    param([string]$File)
    if ([System.IO.Path]::DirectorySeparatorChar -eq '\' -or [System.IO.Path]::GetDirectoryName($File) -ne [System.IO.Path]::Combine($script:ModuleRoot, 'engine')) { return }
    try {
        $mode = [System.IO.File]::GetUnixFileMode($File)
        if (-not ($mode -band [System.IO.UnixFileMode]::UserExecute)) {
            [System.IO.File]::SetUnixFileMode($File, ($mode -bor [System.IO.UnixFileMode]::UserExecute))
        }
    } catch { }
}

# The exit code and the last lines of stderr, for an error message; empty when there is nothing to tell.
function Get-EngineLastWords {
    param($Engine)
    $words = ''
    try {
        if ($Engine.Process.WaitForExit(500)) { $words = " Its exit code was $($Engine.Process.ExitCode)." }
        if ($Engine.Errors.Wait(500)) {
            # Without stack frames, in which the reason drowns.
            $lines = @($Engine.Errors.Result -split '\r?\n' | Where-Object { $_ -match '\S' -and $_ -notmatch '^\s+at ' })
            if ($lines.Count) { $words += ' It last said: ' + ($lines[-5..-1] -join ' | ') + '.' }
        }
    } catch { }
    $words
}

# Closing stdin is the polite way: the engine cancels what has not been sent, records it and leaves within 2 s.
function Stop-EngineProcess {
    param($Engine, [int]$Patience = 2000)
    try {
        # Closing waits for a write that hangs because the engine does not read; such an engine gets no patience.
        if ($Patience -and ($null -eq $Engine.Write -or $Engine.Write.IsCompleted)) {
            $Engine.Writer.Dispose()
            [void]$Engine.Process.WaitForExit($Patience)
        }
        if (-not $Engine.Process.HasExited) { $Engine.Process.Kill() }
    } catch { }
}

function Close-Engine {
    if ($script:Engine) {
        $engine = $script:Engine
        $script:Engine = $null
        if (-not $engine.Fault) { $engine.Fault = 'it was closed' }
        Stop-EngineProcess $engine 2000
    }
}
