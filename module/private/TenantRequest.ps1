# Requests that carry a connection, and the words for a person who has to sign in meanwhile.

# Queues one. The entry keeps no secret: it lives until the engine answers.
function Send-TenantRequest {
    param($Engine, [string]$Method, $Found, $More, $Run)
    $request = Send-EngineRequest $Engine $Method (@{ tenant = $Found.Connection } + $More) $Run
    $request.Parameters = $null
    $request.Sender = $Found.Sender
    $request
}

# Sends one and waits. A stop of the pipeline cancels it in the engine. The caller looks at the reply.
function Invoke-TenantRequest {
    param($Cmdlet, [string]$Method, $Found, $More = @{})
    $engine = Get-Engine $Cmdlet
    $engine.Prompts.Clear()
    $request = Send-TenantRequest $engine $Method $Found $More
    try {
        while (-not $request.Reply -and -not $engine.Fault) {
            Step-Engine $engine 150
            Resolve-EngineQuestion $engine
            while ($engine.Prompts.Count) { Show-SignInPrompt $Cmdlet $engine.Prompts.Dequeue() }
        }
    } finally {
        if (-not $request.Reply) { Stop-EngineRequest $engine $request }
    }
    $request
}

# As Write-Host does it, and not as a warning: every host shows it at once, also where the output is captured or the
# session is a remote one, and no preference silences it or makes it an error.
function Show-SignInPrompt {
    param($Cmdlet, $Prompt)
    $text = [System.Management.Automation.HostInformationMessage]::new()
    $text.Message = [string]$Prompt.message
    $Cmdlet.WriteInformation($text, [string[]]@('PSHOST'))
}

# Nobody waits for the reply any more: for `finally`, so it waits for nothing long and throws nothing.
function Stop-EngineRequest {
    param($Engine, $Request)
    if ($Engine.Fault) { return }
    [void]$Engine.Open.Remove($Request.Id)
    foreach ($message in $Engine.Outgoing.ToArray()) {
        # It has not left this process: nothing is to be cancelled.
        if ($message.id -eq $Request.Id -and $message.method) { [void]$Engine.Outgoing.Remove($message); return }
    }
    Send-EngineMessage $Engine @{ method = '$/cancelRequest'; params = @{ id = $Request.Id } }
    Complete-EngineSending $Engine
}

# Sees to it that what is queued leaves, for a little while.
function Complete-EngineSending {
    param($Engine)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    do { Step-Engine $Engine 20 } while ($Engine.Outgoing.Count -and -not $Engine.Fault -and $clock.ElapsedMilliseconds -lt 300)
}
