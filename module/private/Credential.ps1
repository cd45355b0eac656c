# What Connect-UserSessionTenant was told. A secret stays a SecureString in here; it becomes text for one message to the
# engine, anew for each, and is never given to a function as an argument, because PowerShell can log those.

# What was chosen, as @{ Connection; Secret; SecretName }. The secret is a copy: the caller may dispose of theirs.
function New-TenantChoice {
    param($Cmdlet, $Given)
    # -Simulated:$false and the like: nothing has been chosen, and nothing may be guessed.
    foreach ($way in 'Simulated', 'Identity', 'AzureCli') {
        if ($Given.ContainsKey($way) -and -not $Given[$way]) {
            $Cmdlet.ThrowTerminatingError((New-UserSessionError 'TenantNotChosen' "-$way is false and no other way to sign in is given: see Get-Help Connect-UserSessionTenant." $null))
        }
    }
    if ($Given.ContainsKey('Simulated')) { return @{ Connection = @{ kind = 'simulated' } } }
    $choice = @{ Connection = @{ kind = 'credential' }; Secret = $null; SecretName = $null }
    foreach ($name in 'tenantId', 'clientId', 'graphUrl', 'loginUrl') {
        if ($Given[$name]) { $choice.Connection[$name] = ([string]$Given[$name]).Trim().TrimEnd('/') }
    }
    # As the contract spells it, however it was typed.
    foreach ($name in $script:CloudEndpoints.Keys) { if ($name -eq $Given.Environment) { $choice.Connection.environment = $name } }
    $choice.Connection.credential = switch ($Cmdlet.ParameterSetName) {
        'Browser' { @{ method = 'browser' } }
        'DeviceCode' { @{ method = $(if ($Given.UseDeviceCode) { 'deviceCode' } else { 'browser' }) } }
        'ClientSecret' {
            if (-not $Given.ClientId) { $choice.Connection.clientId = $Given.ClientSecretCredential.UserName }
            $choice.SecretName = 'clientSecret'
            # The empty credential has none.
            if ($Given.ClientSecretCredential.Password) { $choice.Secret = $Given.ClientSecretCredential.Password.Copy() }
            @{ method = 'clientSecret' }
        }
        'CertificateFile' {
            if ($Given.CertificatePassword) {
                $choice.SecretName = 'password'
                $choice.Secret = $Given.CertificatePassword.Copy()
            }
            @{ method = 'certificateFile'; path = Resolve-FilePath $Cmdlet $Given.CertificatePath 'CertificatePath' }
        }
        'CertificateThumbprint' { @{ method = 'certificateStore'; thumbprint = $Given.CertificateThumbprint } }
        'CertificateSubjectName' { @{ method = 'certificateStore'; subjectName = $Given.CertificateSubjectName } }
        'ManagedIdentity' { @{ method = 'managedIdentity' } }
        'FederatedToken' { @{ method = 'federatedToken'; tokenFile = Resolve-FilePath $Cmdlet $Given.FederatedTokenFile 'FederatedTokenFile' } }
        'AzureCli' { @{ method = 'azureCli' } }
        'AccessToken' {
            $choice.SecretName = 'token'
            $choice.Secret = $Given.AccessToken.Copy()
            @{ method = 'accessToken' }
        }
    }
    $choice
}

# The connection to send, secret included. Whoever gets it sends it and forgets it.
function New-ChosenConnection {
    param($Choice)
    $connection = $Choice.Connection.Clone()
    if ($Choice.Secret) {
        $connection.credential = $connection.credential.Clone()
        $pointer = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($Choice.Secret)
        try {
            $connection.credential[$Choice.SecretName] = [System.Runtime.InteropServices.Marshal]::PtrToStringBSTR($pointer)
        } finally {
            [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($pointer)
        }
    }
    $connection
}

# Forgets a secret.
function Clear-TenantChoice {
    param($Choice)
    if ($Choice.Secret) { $Choice.Secret.Dispose() }
}

# A path as PowerShell means it: the engine has another current directory, and so may this process have.
function Resolve-FilePath {
    param($Cmdlet, [string]$Path, [string]$Parameter)
    $provider = $drive = $null
    try {
        $file = $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path, [ref]$provider, [ref]$drive)
        if ($provider.Name -eq 'FileSystem') { return $file }
        $reason = "it leads to PowerShell's $($provider.Name), which has no files."
    } catch {
        $reason = $_.Exception.GetBaseException().Message
    }
    $message = "-$Parameter '$Path' is no path of a file: $reason"
    if ($Parameter -eq 'CertificatePath') { $message += ' For a certificate in a store use -CertificateThumbprint or -CertificateSubjectName.' }
    $Cmdlet.ThrowTerminatingError((New-UserSessionError 'InvalidPath' $message $Path))
}
