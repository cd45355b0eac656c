# Messages to and from the engine. Nothing here writes to a pipeline or throws: what goes wrong becomes Engine.Fault,
# which every waiter looks at. A waiter calls Step-Engine again and again, so that a stop of the pipeline is seen
# between two steps; a blocking read or write could not be stopped.

# Queues a message. It leaves with the next step; while a write is under way the following ones gather into one line.
function Send-EngineMessage {
    param($Engine, $Message)
    $Message.jsonrpc = '2.0'
    $Engine.Outgoing.Add($Message)
}

# Queues a request and returns its entry, which gets Reply in time. With a run, the entry then goes to the run's inbox.
function Send-EngineRequest {
    param($Engine, $Method, $Parameters, $Run, $Target)
    $id = ++$Engine.LastId
    $request = @{ Id = $id; Method = $Method; Parameters = $Parameters; Run = $Run; Target = $Target; Reply = $null; Lost = $null; Sender = $null }
    $Engine.Open.Add($id, $request)
    $Engine.Outgoing.Add(@{ jsonrpc = '2.0'; id = $id; method = $Method; params = $Parameters })
    $request
}

# Waits for one reply; the caller looks at Engine.Fault when there is none.
function Wait-EngineReply {
    param($Engine, $Request)
    while (-not $Request.Reply -and -not $Engine.Fault) {
        Step-Engine $Engine 150
        Resolve-EngineQuestion $Engine
    }
}

# Writes what is queued, waits up to so many milliseconds for something to happen, takes in what has come.
function Step-Engine {
    param($Engine, $Milliseconds)
    if ($Engine.Fault) { return }
    try {
        if ($Engine.Write -and $Engine.Write.IsCompleted) {
            if ($Engine.Write.IsFaulted -or $Engine.Write.IsCanceled) { Complete-EngineWrite $Engine } else { $Engine.Write = $null }
        }
        if ($null -eq $Engine.Write -and $Engine.Outgoing.Count -gt 0) {
            # Not all at once: nothing can be stopped while thousands are made into JSON.
            $count = [System.Math]::Min($Engine.Outgoing.Count, 500)
            $messages = $Engine.Outgoing.GetRange(0, $count).ToArray()
            $Engine.Outgoing.RemoveRange(0, $count)
            $content = if ($messages.Length -eq 1) { $messages[0] } else { $messages }
            $line = ConvertTo-Json -InputObject $content -Depth 8 -Compress
            $Engine.Write = $Engine.Writer.WriteAsync($line + "`n")
        }
        if ($Milliseconds -gt 0 -and -not $Engine.Read.IsCompleted) {
            $tasks = if ($Engine.Write -and -not $Engine.WriteFault) { $Engine.Read, $Engine.Write } else { , $Engine.Read }
            [void][System.Threading.Tasks.Task]::WaitAny([System.Threading.Tasks.Task[]]$tasks, $Milliseconds)
        }
        while (-not $Engine.Fault -and $Engine.Read.IsCompleted) {
            $line = $Engine.Read.Result
            if ($null -eq $line) {
                $Engine.Fault = 'it ended'
                break
            }
            $Engine.Read = $Engine.Process.StandardOutput.ReadLineAsync()
            Receive-EngineMessage $Engine (ConvertFrom-Json -InputObject $line)
        }
    } catch {
        $Engine.Fault = "what it writes can't be understood: $($_.Exception.GetBaseException().Message)"
    }
    # An engine that can't be understood must not go on revoking unheard.
    if ($Engine.Fault) { Stop-EngineProcess $Engine 500 }
}

function Complete-EngineWrite {
    param($Engine)
    if (-not ($Engine.Write.IsFaulted -or $Engine.Write.IsCanceled)) {
        $Engine.Write = $null
    } elseif (-not $Engine.WriteFault) {
        # A broken pipe. The replies that the engine wrote before are still to be read, then its stdout ends too.
        $Engine.WriteFault = [System.Diagnostics.Stopwatch]::StartNew()
    } elseif ($Engine.WriteFault.Elapsed.TotalSeconds -gt 2) {
        $Engine.Fault = 'it stopped listening'
    }
}

# The one place where what the engine says is routed: replies by id, everything else by run.
function Receive-EngineMessage {
    param($Engine, $Messages)
    foreach ($message in $Messages) {
        if (-not $Engine.Hello) {
            Receive-EngineHello $Engine $message
        } elseif ($message.method) {
            Receive-EngineNews $Engine $message
        } elseif ($null -eq $message.id) {
            # A line of ours arrived damaged: some request will never be answered, and it can't be said which.
            $Engine.Fault = "it could not read a message: $($message.error.message)"
        } else {
            $id = [int]$message.id
            # Nobody waits for the reply of a pipeline that is gone.
            if (-not $Engine.Open.ContainsKey($id)) { continue }
            $request = $Engine.Open[$id]
            [void]$Engine.Open.Remove($id)
            $request.Reply = $message
            if ($request.Method -eq 'run/begin') {
                # Here and not by the waiter: the run's first notification may stand in the same line.
                if ($message.result) { Register-EngineRun $Engine $message.result.runId $request.Run }
            } elseif ($request.Run) {
                $request.Run.Inbox.Enqueue($request)
            }
        }
    }
}

# A notification, or a request of the engine.
function Receive-EngineNews {
    param($Engine, $Message)
    $run = $Engine.Runs[[string]$Message.params.runId]
    if ($Message.method -eq 'host/confirm' -and (Test-RunAlive $run)) {
        # Only the pipeline itself can ask its person.
        $run.Inbox.Enqueue($Message)
    } elseif ($null -ne $Message.id) {
        $Engine.Questions.Enqueue($Message)
    } elseif ($Message.method -eq 'signIn/prompt') {
        # One of a sign-in that was given up must not be shown in the next.
        if (@($Engine.Open.Values | Where-Object { $_.Method -eq 'tenant/connect' }).Count) { $Engine.Prompts.Enqueue($Message.params) }
    } elseif ($Message.method -like 'signIns/*') {
        # Of a watch that was given up nobody wants to know any more.
        $watch = $Engine.Watches[[string]$Message.params.watchId]
        if ($watch) { $watch.Inbox.Enqueue($Message) }
    } elseif ($run -and $Message.method -eq 'run/progress') {
        $run.Progress = $Message.params
    } elseif ($run) {
        $run.Inbox.Enqueue($Message)
    } elseif (@($Engine.Open.Values | Where-Object { $_.Method -eq 'run/begin' }).Count) {
        $Engine.Early.Add($Message)
    }
}

function Register-EngineRun {
    param($Engine, [string]$RunId, $Run)
    $Engine.Runs[$RunId] = $Run
    foreach ($message in $Engine.Early) {
        if ($message.params.runId -eq $RunId) { $Run.Inbox.Enqueue($message) }
    }
    $Engine.Early.Clear()
}

function Receive-EngineHello {
    param($Engine, $Message)
    if ($Message.method -ne 'hello') {
        $Engine.Fault = 'it did not say hello first.'
    } elseif ($Message.params.protocol -ne $script:ProtocolNumber) {
        $Engine.Code = 'EngineProtocolMismatch'
        $Engine.Fault = "The engine '$($Engine.File) $($Engine.Arguments)' (version $($Message.params.version)) speaks protocol $($Message.params.protocol), this module speaks $($script:ProtocolNumber): they are of different versions. Install the module UserSession again, in a new PowerShell session; remove the environment variable USERSESSION_ENGINE if it is set."
    } else {
        $script:NameCache.Clear()
        foreach ($name in $Message.params.identityProperties) { $Engine.IdentityNames[[string]$name] = $true }
        $Engine.Hello = $Message.params
    }
}
