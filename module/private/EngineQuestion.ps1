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

# A run gets the token of the sign-in that it began with, and of no other.
function Send-EngineToken {
    param($Engine, $Question)
    $run = $Engine.Runs[[string]$Question.params.runId]
    # Before the engine has said that a run is open, its request is what is known of it.
    $sender = if ($run) { $run.Sender } else { @($Engine.Open.Values | Where-Object { $_.Sender } | ForEach-Object { $_.Sender })[0] }
    $session = $null
    $hindrance = if (-not $sender) {
        'The command that this run belonged to is gone.'
    } elseif ($sender.Kind -ne 'host') {
        if ($sender.Method -eq 'accessToken') { 'The token of Connect-UserSessionTenant -AccessToken has ended or is refused, and there is no other. Get a new one, run Connect-UserSessionTenant -AccessToken with it, then the command again.' }
        else { 'The engine signs in by itself in this tenant: this host has no token for it. Run Connect-UserSessionTenant and then the command again.' }
    } else {
        $session = Get-GraphSession $true
        if ($session.Connection) { Get-GraphSessionHindrance $sender $session.Sender $Question.params.reason }
        else { "The Graph PowerShell session has no token any more. $($session.Reason) $(Get-GraphSignInAdvice $sender.AuthType)" -replace '  ', ' ' }
    }
    if ($hindrance) {
        # The engine may end the run for it; what to do about it is known here.
        if ($run) { $run.TokenRefusal = $hindrance }
        Send-EngineRefusal $Engine $Question -32002 'NotSignedIn' $hindrance
    } else {
        $sender.Token = $session.Connection.token
        Send-EngineAnswer $Engine $Question @{ token = $session.Connection.token }
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
