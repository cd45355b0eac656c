# Which tenant a command works in: what Connect-UserSessionTenant chose, else the Graph PowerShell session.
function Get-TenantConnection {
    if ($script:Connection) { @{ Connection = $script:Connection } } else { Get-GraphSession }
}

# The same, or the terminating error that says how to sign in.
function Get-RequiredConnection {
    param($Cmdlet)
    $found = Get-TenantConnection
    if ($found.Connection) { return $found.Connection }
    $message = "$($found.Reason) Not signed in to a tenant. Run: Connect-MgGraph -Scopes User.RevokeSessions.All,User.Read.All,GroupMember.Read.All -- or, to rehearse without a tenant: Connect-UserSessionTenant -Simulated".Trim()
    $Cmdlet.ThrowTerminatingError((New-UserSessionError 'NotSignedIn' $message $null))
}

# Asks the engine for what is known of the tenant, as the object that the tenant commands emit.
function Get-TenantDescription {
    param($Cmdlet, $Connection)
    $engine = Get-Engine $Cmdlet
    $request = Send-EngineRequest $engine 'tenant/describe' @{ tenant = $Connection }
    Wait-EngineReply $engine $request
    Assert-EngineReply $Cmdlet $engine $request
    $tenant = $request.Reply.result
    [pscustomobject]@{
        PSTypeName  = 'UserSession.Tenant'
        TenantId    = $tenant.tenantId
        Name        = $tenant.name
        GraphUrl    = $tenant.graphUrl
        Account     = $tenant.account
        ClientId    = $tenant.clientId
        AuthType    = $tenant.authType
        Permissions = [string[]]@($tenant.permissions)
        ExpiresOn   = ConvertTo-UtcTime $tenant.expiresOn
        Simulated   = $tenant.simulated
        SampleUsers = [string[]]@($tenant.sampleUsers)
    }
}

# A refusal or a dead engine, where no user is concerned yet, ends the command.
function Assert-EngineReply {
    param($Cmdlet, $Engine, $Request)
    if ($Request.Reply -and -not $Request.Reply.error) { return }
    if ($Request.Reply) {
        $code = Get-RefusalCode $Request.Reply
        $message = [string]$Request.Reply.error.message
    } else {
        $code = 'EngineStopped'
        $message = "The engine of the module UserSession is gone: $($Engine.Fault).$(Get-EngineLastWords $Engine) Nothing was sent. Run the command again; a new engine will be started."
    }
    $Cmdlet.ThrowTerminatingError((New-UserSessionError $code $message $null))
}

# The tenant for a question to a person. The account is told as it is and its domain not taken for the tenant's name: a
# partner's account works in the customer's tenant.
function Get-TenantLabel {
    param($Tenant)
    $known = @($Tenant.name, $Tenant.tenantId | Where-Object { $_ }) -join ' / '
    $label = if ($known) { "tenant $known" } else { "the tenant at $($Tenant.graphUrl)" }
    if ($Tenant.simulated) { return "simulated $label" }
    if ($Tenant.account) { "$label (signed in as $($Tenant.account))" } else { $label }
}
