# Users that nobody pipes: the engine finds them, and they go on like piped ones.

# Reads a source, portion by portion, and hands everybody in it over. Those of a record go once: Known has the numbers of
# those who went before.
function Add-RunSource {
    param($Run, $Source, $Known)
    $parameters = @{ runId = $Run.RunId; source = $Source }
    while ($parameters) {
        $request = Send-EngineRequest $Run.Engine 'users/find' $parameters
        while (-not $request.Reply -and -not $Run.Engine.Fault) {
            Step-Engine $Run.Engine 150
            # The engine may ask whether so many are meant.
            Write-RunOutput $Run
        }
        Assert-EngineReply $Run.Cmdlet $Run.Engine $request
        $found = $request.Reply.result
        foreach ($user in $found.users) {
            if ($null -eq $user.recorded) { Add-RunUser $Run (ConvertTo-FoundUser $user.properties) $true }
            elseif (-not $Known[$user.recorded]) {
                $Known[$user.recorded] = $true
                $text = ConvertFrom-GuardedText $user.text
                $target = [pscustomobject]@{ PSTypeName = 'UserSession.RecordedUser'; RunId = $Run.RunId; Reference = $text }
                Add-RunUser $Run $target $true @{ recorded = $user.recorded; text = $text } $Source.all
            }
        }
        $parameters = if ($found.cursor) { @{ runId = $Run.RunId; cursor = [string]$found.cursor } }
    }
    if ($found.total -eq 0 -and -not $Source.all) {
        $Run.Cmdlet.WriteWarning($(if ($Source.kind -eq 'record') { "Nothing is left to do in the run $($Run.RunId)." } else { 'There are no users in it: nothing was to be done.' }))
    }
}

# As an object of its own, because it is what the caller finds in TargetObject.
function ConvertTo-FoundUser {
    param($Properties)
    $user = [ordered]@{}
    foreach ($property in $Properties.PSObject.Properties) {
        $text = $property.Value
        if ($text -and $text[0] -eq $script:WordJoiner) { $text = $text.Substring(1) }
        $user[$property.Name] = $text
    }
    [pscustomobject]$user
}

# Groups under the protection of whoever administers this machine. Read for each run: the engine may be older than the
# variable, and a process may have been started before it was set for the machine.
function Get-MachineExclusion {
    foreach ($scope in 'Process', 'Machine') {
        $names = [System.Environment]::GetEnvironmentVariable('USERSESSION_EXCLUDE_GROUP', $scope)
        if ($names) { $names -split ';' | ForEach-Object { $_.Trim() } }
    }
}

# Everybody in the tenant is more than a slip may cost: asked as PowerShell asks before an act of high impact.
function Confirm-AllUsers {
    param($Run, [bool]$Force, [string]$ConfirmPreference)
    if ($Force -or $Run.WhatIf -or $ConfirmPreference -eq 'None') { return $true }
    try {
        return $Run.Cmdlet.ShouldContinue("All users of $($Run.TenantLabel) would be signed out. Go on?", $Run.Cmdlet.MyInvocation.MyCommand.Name)
    } catch {
        $cause = $_.Exception.GetBaseException()
    }
    $message = "Nobody can be asked whether all users of $($Run.TenantLabel) are meant: $($cause.Message) Use -Force, or -Confirm:`$false with -MaxUsers, where no person sits."
    $Run.Cmdlet.ThrowTerminatingError((New-UserSessionError 'ConfirmationFailed' $message $null $cause))
}
