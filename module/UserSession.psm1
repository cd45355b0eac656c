# The caller's own settings must not reach in here: strict mode of the global scope would turn an absent optional field
# of a message into an exception, and default parameter values could bend ConvertTo-Json.
Set-StrictMode -Version 1.0
$PSDefaultParameterValues = @{}

$script:ModuleRoot = $PSScriptRoot
$script:ProtocolNumber = 2
# The engine process of this PowerShell session; $null until something needs it (private/Engine.ps1).
$script:Engine = $null
# What Connect-UserSessionTenant chose (private/Credential.ps1); $null means the Graph PowerShell session, if there is one
# (private/Tenant.ps1).
$script:Connection = $null

foreach ($folder in 'private', 'public') {
    foreach ($file in [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($PSScriptRoot, $folder), '*.ps1')) {
        . $file
        if ($folder -eq 'public') {
            Export-ModuleMember -Function ([System.IO.Path]::GetFileNameWithoutExtension($file))
        }
    }
}

$ExecutionContext.SessionState.Module.OnRemove = {
    Close-Engine
    Clear-TenantChoice $script:Connection
}
