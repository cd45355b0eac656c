# What is asked of a tenant outside of any run: sign-in sessions, policies, watched sign-ins. Nothing of it is written.

# Users of the pipeline, gathered until it ends: those of one request are read together, in the fewest calls.
function New-LookUpUser {
    param($Cmdlet)
    $engine = Get-Engine $Cmdlet
    @{
        IdentityNames = $engine.IdentityNames
        Targets       = [System.Collections.Generic.List[object]]::new()
        References    = [System.Collections.Generic.List[object]]::new()
    }
}

function Add-LookUpUser {
    param($Users, $Value)
    $targets = [System.Collections.Generic.List[object]]::new()
    Add-PipedItem $targets $Value
    foreach ($target in $targets) {
        $Users.Targets.Add($target)
        $Users.References.Add((ConvertTo-UserReference $target $Users.IdentityNames))
    }
}

# Asks for users, a portion of them at a time; emits the result of each. After it has gone down the pipeline, who leads to
# nobody becomes an error, with what was piped as its target, and what is to be known a warning.
function Invoke-LookUp {
    param($Cmdlet, [string]$Method, $Users, $More, [int]$Portion, [string]$Activity)
    $found = Get-RequiredConnection $Cmdlet
    for ($start = 0; $start -lt $Users.References.Count; $start += $Portion) {
        $count = [System.Math]::Min($Portion, $Users.References.Count - $start)
        Write-LookUpProgress $Cmdlet $Activity "$start of $($Users.References.Count) users" 'Processing'
        $named = @{ users = $Users.References.GetRange($start, $count).ToArray() }
        $request = Invoke-TenantRequest $Cmdlet $Method $found ($named + $More)
        Write-LookUpProgress $Cmdlet $Activity 'done' 'Completed'
        Assert-EngineReply $Cmdlet $script:Engine $request
        $request.Reply.result
        Write-LookUpRemark $Cmdlet $request.Reply.result $Users $start
    }
}

# The same for nobody in particular.
function Invoke-LookUpAlone {
    param($Cmdlet, [string]$Method)
    $request = Invoke-TenantRequest $Cmdlet $Method (Get-RequiredConnection $Cmdlet)
    Assert-EngineReply $Cmdlet $script:Engine $request
    Write-LookUpRemark $Cmdlet $request.Reply.result
    $request.Reply.result
}

function Write-LookUpProgress {
    param($Cmdlet, [string]$Activity, [string]$Status, [string]$Type)
    $record = [System.Management.Automation.ProgressRecord]::new(0x55540001, $Activity, $Status)
    $record.RecordType = $Type
    $Cmdlet.WriteProgress($record)
}

function Write-LookUpRemark {
    param($Cmdlet, $Result, $Users, [int]$Start)
    foreach ($warning in $Result.warnings) { $Cmdlet.WriteWarning((ConvertTo-HarmlessText (ConvertFrom-GuardedText $warning))) }
    foreach ($user in $Result.unresolved) {
        $message = "$(ConvertFrom-GuardedText $user.reference): $(ConvertFrom-GuardedText $user.detail)"
        $Cmdlet.WriteError((New-UserSessionError $user.outcome (ConvertTo-HarmlessText $message) $Users.Targets[$Start + $user.index]))
    }
}

# The next portion of a list.
function Get-NextPortion {
    param($Cmdlet, [string]$Method, $Parameters)
    $engine = Get-Engine $Cmdlet
    $request = Send-EngineRequest $engine $Method $Parameters
    try {
        Wait-EngineReply $engine $request
    } finally {
        if (-not $request.Reply) { Stop-EngineRequest $engine $request }
    }
    Assert-EngineReply $Cmdlet $engine $request
    $request.Reply.result
}

$script:LookUpTimes = 'lastTokenIssued', 'accessUntil', 'accessUntilIfRevoked', 'at', 'revokedAt', 'watchedUntil'

# What the engine found as the object that a command emits: the same properties with a capital initial.
function ConvertTo-LookUpObject {
    param($Found, [string]$TypeName)
    $object = [ordered]@{ PSTypeName = $TypeName }
    foreach ($property in $Found.PSObject.Properties) {
        $value = $property.Value
        if ($property.Name -in $script:LookUpTimes) { $value = ConvertTo-UtcTime $value }
        elseif ($value -is [string]) { $value = ConvertFrom-GuardedText $value }
        elseif ($value -is [long]) { $value = [int]$value }
        $object[$property.Name.Substring(0, 1).ToUpperInvariant() + $property.Name.Substring(1)] = $value
    }
    [pscustomobject]$object
}

# A policy with whom it covers. Users beyond one portion were asked for by themselves: their coverage joins the first answer.
function ConvertTo-PolicyObject {
    param($Results)
    $policies = [ordered]@{}
    foreach ($result in $Results) {
        # Two settings may look the same.
        $seen = @{}
        foreach ($policy in $result.policies) {
            $covers = if ($null -ne $policy.covers) { [object[]]@($policy.covers | ForEach-Object { ConvertTo-LookUpObject $_ 'UserSession.PolicyCoverage' }) }
            $key = "$($policy.kind) $($policy.policyId) $($policy.setting)"
            $seen[$key]++
            $key += " $($seen[$key])"
            if ($policies[$key]) { $policies[$key].Covers = [object[]]@($policies[$key].Covers) + $covers }
            else {
                $policies[$key] = ConvertTo-LookUpObject $policy 'UserSession.SessionPolicy'
                $policies[$key].Covers = $covers
            }
        }
    }
    $policies.Values
}
