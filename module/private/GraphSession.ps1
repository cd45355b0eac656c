# The session that Connect-MgGraph opened in this process, lent to the engine. The token goes into one message to the
# engine and nowhere else: into no object, no error, no verbose line.

# As @{ Connection } for run/begin, or @{ Reason } why there is none (empty when nobody is signed in at all).
function Get-GraphSession {
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
    $message = $null
    try {
        $context = & $getContext
        if (-not $context) { return @{ Reason = '' } }
        # The token is not exposed, but every answer carries the request that was sent. The URI must be relative: an
        # absolute one would change the session's environment for all later calls.
        $response = & $request -Method GET -Uri '/v1.0/organization?$select=id,displayName' -OutputType HttpResponseMessage -SkipHttpErrorCheck
        $message = $response.RequestMessage
    } catch {
        $message = $_.Exception.Response.RequestMessage
        if (-not $message) { return @{ Reason = "The Graph PowerShell session gives no token: $($_.Exception.Message)" } }
    }
    $token = $message.Headers.Authorization.Parameter
    if (-not $token) { return @{ Reason = 'The Graph PowerShell session sends its requests without a token.' } }
    $connection = @{ kind = 'host'; graphUrl = Get-GraphSessionUrl $context.Environment $message.RequestUri; token = $token }
    if ($context.TenantId) { $connection.tenantId = [string]$context.TenantId }
    $name = Get-OrganizationName $response
    if ($name) { $connection.tenantName = $name }
    @{ Connection = $connection }
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

# The name by which a person recognises the tenant; $null where the session may not read it.
function Get-OrganizationName {
    param($Response)
    try {
        if ([int]$Response.StatusCode -ne 200) { return }
        $content = ConvertFrom-Json -InputObject $Response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
        $name = @($content.value)[0].displayName
        if ($name -is [string]) { $name }
    } catch { }
}
