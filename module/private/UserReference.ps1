# A piped object becomes what the contract calls a reference: text, or the identity properties that it has. Which of
# them says who is meant is decided in the engine.

# The properties of a compiled object that are looked up by name: a Graph user has 132, and reading them all costs more
# than revoking.
$script:CompiledNames = 'UserId', 'ExternalDirectoryObjectId', 'ObjectId', 'Id', 'UserPrincipalName', 'Mail', 'DisplayName', 'UserType', '@odata.type'
# Property name as spelled -> whether it is one of the engine's identity properties.
$script:NameCache = @{}

# What PowerShell itself would enumerate, each item on its own, to any sensible depth; $null is an item too.
function Add-PipedItem {
    param($List, $Value, [int]$Depth)
    $items = $null
    # A string is no list of letters, and an array can contain itself.
    if ($null -ne $Value -and $Value -isnot [string] -and $Depth -lt 10) {
        $items = [System.Management.Automation.LanguagePrimitives]::GetEnumerator($Value)
    }
    if ($null -eq $items) {
        $List.Add($Value)
        return
    }
    try {
        while ($items.MoveNext()) { Add-PipedItem $List $items.Current ($Depth + 1) }
    } catch {
        # A collection that can't be read to its end names nobody: it gets a row as what it is.
        $List.Add($Value)
    }
}

function ConvertTo-UserReference {
    param($Value, $IdentityNames)
    if ($null -eq $Value) { return @{ properties = @{}; type = '$null' } }
    # ToString and not the object: what PowerShell attached to a string (Get-Content does) would turn it into an object
    # in the JSON of 5.1.
    if ($Value -is [string] -or $Value -is [guid]) { return @{ text = $Value.ToString() } }
    $found = @{}
    $type = $Value.GetType().FullName
    try {
        if ($Value -is [System.Collections.IDictionary]) {
            Add-IdentityEntry $found $Value $IdentityNames
        } elseif ($Value.PSObject.BaseObject -is [System.Management.Automation.PSCustomObject]) {
            $type = $Value.PSObject.TypeNames[0]
            foreach ($property in $Value.PSObject.Properties) {
                $known = $script:NameCache[$property.Name]
                if ($null -eq $known) { $known = Test-IdentityName $property.Name $IdentityNames }
                if ($known) { $found[$property.Name] = Get-IdentityText $property.Value }
            }
        } elseif ($Value -isnot [System.ValueType]) {
            # By name and not through PSObject.Properties, which is ten times as slow.
            foreach ($name in $script:CompiledNames) {
                $text = $Value.$name
                if ($text -is [string] -or $text -is [guid]) { $found[$name] = $text.ToString() }
            }
        }
        # Group members of Graph PowerShell keep everything but their id in here.
        $more = $Value.AdditionalProperties
        if ($more -is [System.Collections.IDictionary] -and $more.Count) { Add-IdentityEntry $found $more $IdentityNames }
    } catch {
        # A property that fails when read: what has been found until then must do, else the row says InvalidReference.
    }
    @{ properties = $found; type = $type }
}

# The same for Add-RunUser: invoked so it costs a fraction of a call by name, which each user would have to pay for.
$script:UserReferenceOf = ${function:ConvertTo-UserReference}

function Add-IdentityEntry {
    param($Found, $Dictionary, $IdentityNames)
    # GetEnumerator and not .Keys: a hashtable with a key named Keys would answer with that.
    foreach ($entry in $Dictionary.GetEnumerator()) {
        $name = [string]$entry.Key
        $known = $script:NameCache[$name]
        if ($null -eq $known) { $known = Test-IdentityName $name $IdentityNames }
        if ($known -and $null -eq $Found[$name]) { $Found[$name] = Get-IdentityText $entry.Value }
    }
}

function Test-IdentityName {
    param([string]$Name, $IdentityNames)
    $known = $IdentityNames.ContainsKey(($Name.ToLowerInvariant() -replace '[\s_-]', ''))
    # Keys of hashtables can be anything; a cache of all of them would be a leak.
    if ($script:NameCache.Count -lt 2000) { $script:NameCache[$Name] = $known }
    $known
}

function Get-IdentityText {
    param($Value)
    if ($Value -is [string] -or $Value -is [guid]) { return $Value.ToString() }
    # In so many words: "no output" becomes {} in the JSON of 5.1.
    return $null
}

# Who is meant, for a line that a person reads before the engine has looked.
function Get-ReferenceLabel {
    param($Reference)
    if ($Reference.text) { return $Reference.text }
    foreach ($name in 'UserPrincipalName', 'UPN', 'Mail', 'DisplayName', 'UserId', 'ObjectId', 'Id') {
        if ($Reference.properties -and $Reference.properties[$name]) { return $Reference.properties[$name] }
    }
    foreach ($text in $Reference.properties.Values) { if ($text) { return $text } }
    "an object of type $($Reference.type)"
}
