# What the engine asks while one of our commands runs. A question that only one pipeline can answer (host/confirm) is in
# that run's inbox instead.
function Resolve-EngineQuestion {
    param($Engine)
    while ($Engine.Questions.Count -gt 0) {
        $question = $Engine.Questions.Dequeue()
        switch ($question.method) {
            'host/token' { Send-EngineToken $Engine $question }
            # Its pipeline is gone: nobody is there to say yes.
            'host/confirm' { Send-EngineAnswer $Engine $question @{ confirmed = $false } }
            default { Send-EngineRefusal $Engine $question -32601 'MethodNotFound' "This host does not know $($question.method)." }
        }
    }
}

function Send-EngineToken {
    param($Engine, $Question)
    $run = $Engine.Runs[[string]$Question.params.runId]
    $session = Get-GraphSession
    $connection = $session.Connection
    if (-not $connection) {
        Send-EngineRefusal $Engine $Question -32002 'NotSignedIn' "The Graph PowerShell session has no token any more. $($session.Reason) Run Connect-MgGraph, then the command again."
    } elseif ($run -and ($connection.graphUrl -ne $run.Connection.graphUrl -or $connection.tenantId -ne $run.Connection.tenantId)) {
        # Somebody called Connect-MgGraph for another tenant meanwhile; its token must not get into this run.
        Send-EngineRefusal $Engine $Question -32002 'NotSignedIn' 'The Graph PowerShell session is signed in to another tenant now. Run Connect-MgGraph for the tenant of this run, then the command again.'
    } else {
        Send-EngineAnswer $Engine $Question @{ token = $connection.token }
    }
}

function Send-EngineAnswer {
    param($Engine, $Question, $Result)
    Send-EngineMessage $Engine @{ id = $Question.id; result = $Result }
}

function Send-EngineRefusal {
    param($Engine, $Question, [int]$Number, [string]$Code, [string]$Message)
    Send-EngineMessage $Engine @{ id = $Question.id; error = @{ code = $Number; message = $Message; data = @{ code = $Code } } }
}
