# What a sign-in can do, as the object that Test-UserSessionAccess emits.
function ConvertTo-AccessObject {
    param($Report)
    $tenant = $Report.tenant
    $checks = foreach ($feature in $Report.features) {
        [pscustomobject]@{
            PSTypeName = 'UserSession.AccessCheck'
            Feature    = $feature.feature
            Works      = $feature.works
            Required   = $feature.required
            Missing    = $feature.missing
            Purpose    = $feature.purpose
            Detail     = $feature.detail
        }
    }
    [pscustomobject]@{
        PSTypeName  = 'UserSession.Access'
        TenantId    = $tenant.tenantId
        Name        = ConvertFrom-GuardedText $tenant.name
        Environment = $tenant.environment
        Account     = ConvertFrom-GuardedText $tenant.account
        ClientId    = $tenant.clientId
        AuthType    = $tenant.authType
        SignIn      = $tenant.signIn
        Permissions = [string[]]@($tenant.permissions)
        Roles       = [string[]]@($tenant.roles)
        Ready       = [bool]$Report.ready
        Accepted    = $Report.graph.accepted
        Detail      = ConvertFrom-GuardedText $Report.graph.detail
        Checks      = [object[]]@($checks)
        Missing     = [string[]]@($checks | Where-Object { $_.Missing } | ForEach-Object { $_.Missing })
        ConsentUrl  = $Report.consentUrl
        Commands    = [string[]]@($Report.commands)
    }
}
