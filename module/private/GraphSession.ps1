# The session that Connect-MgGraph opened in this process, however it signed in, lent to the engine. The token goes into
# messages to the engine and nowhere else: into no object, no error, no verbose line.

# What the session lent last; the token costs a request, which a loop of commands for one user each need not pay for again
# and again. A sign-in that was changed meanwhile lends anew, and so does one that the engine asks for another token.
$script:Lent = $null
$script:LentForSeconds = 60

$script:GraphSignIn = 'Connect-MgGraph -Scopes User.RevokeSessions.All,User.Read.All,GroupMember.Read.All'

# As @{ Connection; Sender }, or @{ Reason } why there is none (empty when nobody is signed in at all). With Anew the
# session itself is asked, however short ago that was.
function Get-GraphSession {
    param([bool]$Anew)
    # What the caller set for our command must not reach the commands called here: their verbose lines show requests.
    $VerbosePreference = 'SilentlyContinue'
    $DebugPreference = 'SilentlyContinue'
    $ProgressPreference = 'SilentlyContinue'
    $WhatIfPreference = $false
    $ConfirmPreference = 'None'
    # -ListImported: without Graph PowerShell in the session there is no sign-in, and loading it would take seconds.
    $getContext = Get-Command -Name Get-MgContext -ListImported -ErrorAction Ignore
    $request = Get-Command -Name Invoke-MgGraphRequest -ListImported -ErrorAction Ignore
    if (-not $getContext -or -not $request) { return @{ Reason = '' } }
    $message = $response = $null
    try {
        $context = & $getContext
        if (-not $context) {
            $script:Lent = $null
            return @{ Reason = '' }
        }
        $lent = $script:Lent
        # Each Connect-MgGraph makes a context of its own.
        if (-not $Anew -and $lent -and [object]::ReferenceEquals($lent.Context, $context.PSObject.BaseObject) -and
            $lent.Clock.Elapsed.TotalSeconds -lt $script:LentForSeconds) {
            return @{ Connection = $lent.Connection.Clone(); Sender = $lent.Sender.Clone() }
        }
        $script:Lent = $null
        # The token is not exposed, but every answer carries the request that was sent; on the way a session that can
        # renews the token, and answers a claims challenge. The URI must be relative: an absolute one would change the
        # session's environment for all later calls.
        $response = & $request -Method GET -Uri '/v1.0/organization?$select=id,displayName' -OutputType HttpResponseMessage -SkipHttpErrorCheck
        $message = $response.RequestMessage
    } catch {
        $message = $_.Exception.Response.RequestMessage
        if (-not $message) { return @{ Reason = "The Graph PowerShell session gives no token: $($_.Exception.Message)" } }
    }
    $token = $message.Headers.Authorization.Parameter
    if (-not $token) { return @{ Reason = 'The Graph PowerShell session sends its requests without a token.' } }
    $connection = @{ kind = 'host'; graphUrl = Get-GraphSessionUrl $context.Environment $message.RequestUri; token = $token }
    $organization = Get-Organization $response
    # Of a token that can't be read the session knows no tenant; Graph does.
    $tenantId = if ($context.TenantId) { $context.TenantId } else { $organization.id }
    if ($tenantId -is [string]) { $connection.tenantId = $tenantId }
    if ($organization.displayName -is [string]) { $connection.tenantName = $organization.displayName }
    $sender = @{
        Kind = 'host'; GraphUrl = $connection.graphUrl; TenantId = $connection.tenantId; Token = $token
        Account = [string]$context.Account; ClientId = [string]$context.ClientId; AuthType = [string]$context.AuthType
    }
    if ($response -and [int]$response.StatusCode -ne 401) {
        $script:Lent = @{
            Context = $context.PSObject.BaseObject; Clock = [System.Diagnostics.Stopwatch]::StartNew()
            Connection = $connection; Sender = $sender
        }
    }
    @{ Connection = $connection.Clone(); Sender = $sender.Clone() }
}

# The Graph endpoint of the session's cloud; where Get-MgEnvironment does not tell, the one that just answered.
function Get-GraphSessionUrl {
    param([string]$Environment, [uri]$RequestUri)
    $getEnvironment = Get-Command -Name Get-MgEnvironment -ListImported -ErrorAction Ignore
    $endpoint = $null
    if ($getEnvironment) {
        try {
            $endpoint = & $getEnvironment | Where-Object { $_.Name -eq $Environment } | ForEach-Object { $_.GraphEndpoint }
        } catch { }
    }
    if (-not $endpoint) { $endpoint = $RequestUri.GetLeftPart([System.UriPartial]::Authority) }
    ([string]$endpoint).TrimEnd('/')
}

# The tenant's id and the name by which a person recognises it; $null where the session may not read them.
function Get-Organization {
    param($Response)
    try {
        if ([int]$Response.StatusCode -ne 200) { return }
        $content = ConvertFrom-Json -InputObject $Response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
        @($content.value)[0]
    } catch { }
}

# Why the session as it is now can't go on for a run that began with it as it was then; nothing when it can.
function Get-GraphSessionHindrance {
    param($Then, $Now, [string]$Reason)
    if ($Now.Token -ceq $Then.Token) {
        if ($Reason -eq 'refused') { "Graph refuses the token of the Graph PowerShell session, and the session has no other. $(Get-GraphSignInAdvice $Now.AuthType)" }
    } elseif ($Now.GraphUrl -ne $Then.GraphUrl -or $Now.TenantId -ne $Then.TenantId) {
        # Somebody called Connect-MgGraph for another tenant meanwhile; its token must not get into this run.
        'The Graph PowerShell session is signed in to another tenant now. Run Connect-MgGraph for the tenant of this run, then the command again.'
    } elseif ($Now.Account -ne $Then.Account -or $Now.ClientId -ne $Then.ClientId) {
        $who = @($Now.Account, $Now.ClientId | Where-Object { $_ })[0]
        "The Graph PowerShell session is signed in as another account or app now ($who). Sign in again as the one that began this run, then run the command again."
    } elseif (-not $Now.TenantId -or -not ($Now.Account -or $Now.ClientId)) {
        'The Graph PowerShell session has another token now, and it can''t be read whose it is. Run the command again to work with it.'
    }
}

# How to come by a new token, for each of the ways in which Connect-MgGraph signs in.
function Get-GraphSignInAdvice {
    param([string]$AuthType)
    switch ($AuthType) {
        'UserProvidedAccessToken' { 'It was given with -AccessToken: get a new token and run Connect-MgGraph -AccessToken with it, then the command again.' }
        'AppOnly' { 'Sign in again: Disconnect-MgGraph; Connect-MgGraph with the certificate or secret of the app; then run the command again.' }
        'ManagedIdentity' { 'Sign in again: Disconnect-MgGraph; Connect-MgGraph -Identity; then run the command again.' }
        'EnvironmentVariable' { 'Sign in again: Disconnect-MgGraph; Connect-MgGraph -EnvironmentVariable; then run the command again.' }
        default { "Sign in again: Disconnect-MgGraph; $script:GraphSignIn; then run the command again." }
    }
}
