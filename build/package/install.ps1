<#
.SYNOPSIS
Installs the PowerShell module UserSession from the package that lies beside this script.

.DESCRIPTION
Takes the zip for this platform, compares its SHA-256 with SHA256SUMS, unpacks it beside the place where it belongs and
moves it there in one step: nobody meets half a module, and a failure leaves what was there. Other versions stay. What is
installed and intact stays, too, so the script can be run again and again; a module whose files are not those of the
package (changed, missing, additional) is repaired. Nothing is ever fetched from a network.

Runs in Windows PowerShell 5.1 and PowerShell 7.4 or later, on Windows and Linux (x64).

.PARAMETER Scope
CurrentUser (default) installs for you, in the edition of PowerShell that runs this script. AllUsers takes an
administrator and installs for everybody; on Windows for both editions.

.PARAMETER Destination
A modules folder of your own instead, as a share that other machines read. The module goes to UserSession\VERSION in it.

.PARAMETER Source
The folder with the zips and SHA256SUMS; the folder of this script unless said.

.PARAMETER Version
Which version to install where the folder has several; the newest unless said.

.PARAMETER Force
Installs anew even if the same version is installed and intact.

.EXAMPLE
.\install.ps1

Installs the newest version in the folder of the script for yourself.

.EXAMPLE
.\install.ps1 -Scope AllUsers -WhatIf

Says where the module would go for everybody on this machine, and changes nothing. The package is checked all the same.

.EXAMPLE
powershell.exe -ExecutionPolicy Bypass -File .\install.ps1 -Scope AllUsers

Installs where scripts that came from the Internet are not allowed to run.

.OUTPUTS
An object with Path (the module's folder), Executable (the command line), Version, Scope and Changed.
#>
[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'Scope')]
param(
    [Parameter(ParameterSetName = 'Scope')]
    [ValidateSet('CurrentUser', 'AllUsers')]
    [string]$Scope = 'CurrentUser',

    [Parameter(ParameterSetName = 'Destination', Mandatory)]
    [ValidateNotNullOrEmpty()]
    [string]$Destination,

    [ValidateNotNullOrEmpty()]
    [string]$Source,

    [version]$Version,

    [switch]$Force
)

# Only commands of Microsoft.PowerShell.Core and .NET: the script has to run where nothing else has been installed.
Set-StrictMode -Version 1.0
$windows = [System.IO.Path]::DirectorySeparatorChar -eq '\'

function Stop-Installation {
    param([string]$Id, [string]$Message, $Target, $Cause)
    $exception = [System.InvalidOperationException]::new($Message, $Cause)
    $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new($exception, $Id, 'InvalidOperation', $Target))
}

# The platform as packages are named, or an error that says that there is none.
function Get-PackagePlatform {
    if ($windows) {
        # Windows on ARM runs x64 programs.
        if ([System.Environment]::Is64BitOperatingSystem) { return 'win-x64' }
        $machine = '32-bit Windows'
    } else {
        $about = [System.Runtime.InteropServices.RuntimeInformation]
        if ($about::IsOSPlatform([System.Runtime.InteropServices.OSPlatform]::Linux) -and "$($about::OSArchitecture)" -eq 'X64') { return 'linux-x64' }
        $machine = "$($about::OSDescription) ($($about::OSArchitecture))"
    }
    Stop-Installation 'NoPackageForPlatform' "There is no package for $machine, only for Windows and Linux (x64). Build the module from its sources there."
}

# Where PowerShell looks for modules, from about_PSModulePath.
function Get-ModulesFolder {
    param([string]$Scope, [bool]$Windows, [string]$Edition)
    if ($Windows -and $Scope -eq 'AllUsers') {
        # The folder of Windows PowerShell, because PowerShell 7 looks there, too. ProgramW6432: a 32-bit process is told
        # another folder as ProgramFiles.
        $programs = [System.Environment]::GetEnvironmentVariable('ProgramW6432')
        if (-not $programs) { $programs = [System.Environment]::GetFolderPath('ProgramFiles') }
        return [System.IO.Path]::Combine($programs, 'WindowsPowerShell', 'Modules')
    }
    if ($Scope -eq 'AllUsers') { return '/usr/local/share/powershell/Modules' }
    if ($Windows) {
        # Follows a redirection to OneDrive or to a server, as PowerShell does.
        $documents = [System.Environment]::GetFolderPath('MyDocuments')
        if (-not $documents) { Stop-Installation 'NoDocumentsFolder' 'This account has no Documents folder, where modules of one user are. Use -Scope AllUsers or -Destination.' }
        $product = if ($Edition -eq 'Desktop') { 'WindowsPowerShell' } else { 'PowerShell' }
        return [System.IO.Path]::Combine($documents, $product, 'Modules')
    }
    $data = [System.Environment]::GetEnvironmentVariable('XDG_DATA_HOME')
    if (-not $data) { $data = [System.IO.Path]::Combine([System.Environment]::GetFolderPath('UserProfile'), '.local', 'share') }
    [System.IO.Path]::Combine($data, 'powershell', 'Modules')
}

# The zip to install, as @{ File; Name; Version }.
function Select-Package {
    param([string]$Folder, [string]$Platform)
    if (-not [System.IO.Directory]::Exists($Folder)) { Stop-Installation 'PackageNotFound' "There is no folder '$Folder'." $Folder }
    $found = foreach ($file in [System.IO.Directory]::GetFiles($Folder, 'UserSession-*.zip')) {
        $name = [System.IO.Path]::GetFileName($file)
        if ($name -match "^UserSession-(\d+\.\d+\.\d+)-$Platform\.zip$") { @{ File = $file; Name = $name; Version = [version]$Matches[1] } }
    }
    $best = $null
    foreach ($package in $found) {
        if ((-not $Version -or $package.Version -eq $Version) -and (-not $best -or $package.Version -gt $best.Version)) { $best = $package }
    }
    if ($best) { return $best }
    $wanted = if ($Version) { "UserSession-$Version-$Platform.zip" } else { "UserSession-VERSION-$Platform.zip" }
    Stop-Installation 'PackageNotFound' "There is no $wanted in '$Folder'. Put it there together with SHA256SUMS, or name its folder with -Source." $Folder
}

# The SHA-256 that SHA256SUMS has for a file, in lower case.
function Get-ExpectedHash {
    param([string]$Folder, [string]$Name)
    $sums = [System.IO.Path]::Combine($Folder, 'SHA256SUMS')
    if ([System.IO.File]::Exists($sums)) {
        foreach ($line in [System.IO.File]::ReadAllLines($sums)) {
            if ($line -match '^([0-9a-fA-F]{64}) [ *](.+)$' -and $Matches[2] -ceq $Name) { return $Matches[1].ToLowerInvariant() }
        }
    }
    Stop-Installation 'HashMissing' "There is no SHA-256 of $Name in '$sums', so it can't be checked. Nothing was changed. Get SHA256SUMS from where the package came from." $sums
}

function Get-Hash {
    param($Stream)
    $sha = [System.Security.Cryptography.SHA256]::Create()
    try { [System.BitConverter]::ToString($sha.ComputeHash($Stream)).Replace('-', '').ToLowerInvariant() } finally { $sha.Dispose() }
}

# The files of a zip as @{ Entry; Path (in the module's folder); Executable }. A name that leads out of there is an error.
function Get-PackageFile {
    param($Archive, [string]$Prefix)
    foreach ($entry in $Archive.Entries) {
        $name = $entry.FullName
        $path = if ($name.StartsWith($Prefix, [System.StringComparison]::Ordinal)) { $name.Substring($Prefix.Length) }
        if (-not $path -or $path.EndsWith('/') -or $path -match '[\\:]' -or @($path.Split('/') | Where-Object { $_ -in '', '.', '..' }).Count) {
            Stop-Installation 'UnsafePackage' "The package holds '$name', which does not belong into it. Nothing was changed; do not use this package." $name
        }
        # The upper half is the mode of the file on Linux. Not asked for on Windows: .NET Framework before 4.7.1 lacks it.
        $executable = -not $windows -and (($entry.ExternalAttributes -shr 16) -band 0x40)
        @{ Entry = $entry; Path = $path; Executable = [bool]$executable }
    }
}

# True if a folder holds exactly these files with exactly this content.
function Test-InstalledModule {
    param([string]$Folder, $Files)
    if (-not [System.IO.Directory]::Exists($Folder)) { return $false }
    if ([System.IO.Directory]::GetFiles($Folder, '*', [System.IO.SearchOption]::AllDirectories).Count -ne $Files.Count) { return $false }
    foreach ($file in $Files) {
        $path = [System.IO.Path]::Combine($Folder, $file.Path)
        if (-not [System.IO.File]::Exists($path)) { return $false }
        if ($file.Executable -and -not ([System.IO.File]::GetUnixFileMode($path) -band [System.IO.UnixFileMode]::UserExecute)) { return $false }
        if ([System.IO.FileInfo]::new($path).Length -ne $file.Entry.Length) { return $false }
        $packed = $file.Entry.Open()
        # Shared with everybody, because the engine may be running.
        $installed = [System.IO.FileStream]::new($path, 'Open', 'Read', 'ReadWrite, Delete')
        try { if ((Get-Hash $packed) -ne (Get-Hash $installed)) { return $false } } finally { $packed.Dispose(); $installed.Dispose() }
    }
    $true
}

# Creates a folder and what it lies in. On Linux everybody may look into what is new, whatever the umask of root says.
function New-Folder {
    param([string]$Path)
    if (-not $Path -or [System.IO.Directory]::Exists($Path)) { return }
    New-Folder ([System.IO.Path]::GetDirectoryName($Path))
    [void][System.IO.Directory]::CreateDirectory($Path)
    if (-not $windows) { [System.IO.File]::SetUnixFileMode($Path, [System.IO.UnixFileMode]0x1ED) }
}

# Writes the files anew, so none of them carries the mark of the Internet that the zip may have (nothing to unblock).
function Write-Module {
    param([string]$Folder, $Files)
    foreach ($file in $Files) {
        $path = [System.IO.Path]::Combine($Folder, $file.Path)
        New-Folder ([System.IO.Path]::GetDirectoryName($path))
        $packed = $file.Entry.Open()
        $written = [System.IO.FileStream]::new($path, 'CreateNew', 'Write')
        try { $packed.CopyTo($written) } finally { $packed.Dispose(); $written.Dispose() }
        # 0755 or 0644
        if (-not $windows) { [System.IO.File]::SetUnixFileMode($path, [System.IO.UnixFileMode]$(if ($file.Executable) { 0x1ED } else { 0x1A4 })) }
    }
}

# Puts the module into its place; whatever goes wrong, what was there before is there again.
function Install-UserSession {
    param([string]$Target, $Files)
    $module = [System.IO.Path]::GetDirectoryName($Target)
    # No version numbers, so PowerShell does not take them for modules.
    $id = [System.Guid]::NewGuid().ToString('n')
    $new = [System.IO.Path]::Combine($module, ".new-$id")
    $old = [System.IO.Path]::Combine($module, ".old-$id")
    $replaces = [System.IO.Directory]::Exists($Target)
    try {
        New-Folder $new
        Write-Module $new $Files
        if ($replaces) { [System.IO.Directory]::Move($Target, $old) }
        [System.IO.Directory]::Move($new, $Target)
    } catch {
        # Only PowerShell's own wrapping is taken off: what .NET says itself names the file.
        $cause = $_.Exception
        while ($cause -is [System.Management.Automation.MethodInvocationException] -and $cause.InnerException) { $cause = $cause.InnerException }
        $advice = ''
        if ($replaces) { $advice += ' Close every PowerShell session and every job that uses this version: they run its engine.' }
        if ($cause -is [System.UnauthorizedAccessException] -and $Scope -eq 'AllUsers') {
            $advice += ' AllUsers takes an administrator: use an elevated PowerShell (on Linux sudo), or -Scope CurrentUser.'
        }
        Stop-Installation 'NotInstalled' "UserSession could not be installed in '$Target': $($cause.Message)$advice Nothing was changed." $Target $cause
    } finally {
        # Also after Ctrl+C between the two moves.
        if ([System.IO.Directory]::Exists($old) -and -not [System.IO.Directory]::Exists($Target)) { [System.IO.Directory]::Move($old, $Target) }
        # After a failure: what has been written so far. After success: what was there before.
        foreach ($rest in $new, $old) {
            try { if ([System.IO.Directory]::Exists($rest)) { [System.IO.Directory]::Delete($rest, $true) } } catch {
                $PSCmdlet.WriteWarning("'$rest' is left over and could not be deleted: $($_.Exception.GetBaseException().Message)")
            }
        }
    }
}

function Write-NextStep {
    param([string]$Text)
    $message = [System.Management.Automation.HostInformationMessage]::new()
    $message.Message = $Text
    $PSCmdlet.WriteInformation($message, [string[]]@('PSHOST'))
}

[void][System.Reflection.Assembly]::Load('System.IO.Compression, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089')
# Not as the parameter's default value, where Windows PowerShell leaves $PSScriptRoot empty for scripts run with -File.
$folder = if ($Source) { $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Source) } else { $PSScriptRoot }
$package = Select-Package $folder (Get-PackagePlatform)
$expected = Get-ExpectedHash $folder $package.Name
if ($Destination) {
    $modules = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
} else {
    $modules = Get-ModulesFolder $Scope $windows $PSVersionTable.PSEdition
}
$target = [System.IO.Path]::Combine($modules, 'UserSession', "$($package.Version)")
$changed = $false

# Checked and unpacked through one handle, that nobody exchanges the file in between.
$stream = [System.IO.FileStream]::new($package.File, 'Open', 'Read', 'Read')
try {
    $actual = Get-Hash $stream
    if ($actual -ne $expected) {
        Stop-Installation 'HashMismatch' "$($package.Name) is not the file that SHA256SUMS means: its SHA-256 is $actual and should be $expected. Nothing was changed. Get it again, and if it stays so, do not use it." $package.File
    }
    $stream.Position = 0
    $archive = [System.IO.Compression.ZipArchive]::new($stream, [System.IO.Compression.ZipArchiveMode]::Read)
    $files = @(Get-PackageFile $archive "UserSession/$($package.Version)/")
    $intact = Test-InstalledModule $target $files
    if ($intact -and -not $Force) {
        $text = "UserSession $($package.Version) is installed and intact in '$target': nothing to do."
    } else {
        $action = if ($intact) { 'Install again' } elseif ([System.IO.Directory]::Exists($target)) { 'Repair' } else { 'Install' }
        if (-not $PSCmdlet.ShouldProcess($target, "$action UserSession $($package.Version)")) { return }
        Install-UserSession $target $files
        $changed = $true
        $text = "UserSession $($package.Version) is installed in '$target'. Sessions that have loaded UserSession keep what they have until they are started anew."
    }
} finally {
    $stream.Dispose()
}

$found = @($env:PSModulePath -split [System.IO.Path]::PathSeparator | Where-Object { $_ -and $_.TrimEnd('\', '/') -eq $modules.TrimEnd('\', '/') }).Count
$name = if ($found) { 'UserSession' } else { "'$([System.IO.Path]::Combine($target, 'UserSession.psd1').Replace("'", "''"))'" }
Write-NextStep "$text`nNext: Import-Module $name; Connect-UserSessionTenant -Simulated; (Get-UserSessionTenant).SampleUsers | Revoke-UserSession"
[pscustomobject]@{
    PSTypeName = 'UserSession.Installation'
    Path       = $target
    Executable = [System.IO.Path]::Combine($target, 'engine', $(if ($windows) { 'usersession.exe' } else { 'usersession' }))
    Version    = $package.Version
    Scope      = $(if ($Destination) { 'Destination' } else { $Scope })
    Changed    = $changed
}
