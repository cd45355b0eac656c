# Which tenant a command works in: what Connect-UserSessionTenant chose, else the Graph PowerShell session. As
# @{ Connection; Sender }, or @{ Reason } why there is none. Connection is for one message; Sender, without any secret of
# ours, is what is kept to know later whose connection it was.
function Get-TenantConnection {
    param($Cmdlet)
    $found = if ($script:Connection) {
        @{ Connection = New-ChosenConnection $script:Connection; Sender = @{ Kind = $script:Connection.Connection.kind; Method = $script:Connection.Connection.credential.method } }
    } else {
        Get-GraphSession
    }
    if ($found.Connection) { Add-HostProxy $Cmdlet $found.Connection }
    $found
}

# The same, or the terminating error that says how to sign in.
function Get-RequiredConnection {
    param($Cmdlet)
    $found = Get-TenantConnection $Cmdlet
    if ($found.Connection) { return $found }
    $message = "$($found.Reason) Not signed in to a tenant. Run: $script:GraphSignIn -- or, where nobody sits: Connect-UserSessionTenant with a certificate, a secret or a managed identity -- or, to rehearse without a tenant: Connect-UserSessionTenant -Simulated".Trim()
    $Cmdlet.ThrowTerminatingError((New-UserSessionError 'NotSignedIn' $message $null))
}

# Asks the engine for what is known of the tenant, as the object that the tenant commands emit.
function Get-TenantDescription {
    param($Cmdlet, $Found, [string]$Method = 'tenant/describe', $More = @{})
    $request = Invoke-TenantRequest $Cmdlet $Method $Found $More
    Assert-EngineReply $Cmdlet $script:Engine $request
    $tenant = $request.Reply.result
    [pscustomobject]@{
        PSTypeName  = 'UserSession.Tenant'
        TenantId    = $tenant.tenantId
        Name        = ConvertFrom-GuardedText $tenant.name
        Environment = $tenant.environment
        GraphUrl    = $tenant.graphUrl
        Account     = ConvertFrom-GuardedText $tenant.account
        ClientId    = $tenant.clientId
        AuthType    = $tenant.authType
        SignIn      = $tenant.signIn
        Permissions = [string[]]@($tenant.permissions)
        Roles       = [string[]]@($tenant.roles)
        ExpiresOn   = ConvertTo-UtcTime $tenant.expiresOn
        Simulated   = $tenant.simulated
        SampleUsers = [string[]]@($tenant.sampleUsers)
    }
}

# A refusal or a dead engine, where no user is concerned yet, ends the command.
function Assert-EngineReply {
    param($Cmdlet, $Engine, $Request, $Target)
    if ($Request.Reply -and -not $Request.Reply.error) { return }
    if ($Request.Reply) {
        $code = Get-RefusalCode $Request.Reply
        $message = [string]$Request.Reply.error.message
    } else {
        $code = 'EngineStopped'
        $message = "The engine of the module UserSession is gone: $($Engine.Fault).$(Get-EngineLastWords $Engine) Nothing was sent. Run the command again; a new engine will be started."
    }
    $Cmdlet.ThrowTerminatingError((New-UserSessionError $code $message $Target))
}

# The tenant for a question to a person. The account is told as it is and its domain not taken for the tenant's name: a
# partner's account works in the customer's tenant.
function Get-TenantLabel {
    param($Tenant)
    $known = ConvertTo-HarmlessText (@($Tenant.name, $Tenant.tenantId | Where-Object { $_ }) -join ' / ')
    $label = if ($known) { "tenant $known" } else { "the tenant at $($Tenant.graphUrl)" }
    if ($Tenant.simulated) { return "simulated $label" }
    if ($Tenant.account) { "$label (signed in as $(ConvertTo-HarmlessText $Tenant.account))" } else { $label }
}
