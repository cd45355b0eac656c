# The Graph stand-ins by themselves, for a PowerShell that has the other commands: Import-Module of the assembly would
# bring its Import-Csv and the like too.
@{
    RootModule        = 'UserSession.TestHost.StandIns.dll'
    ModuleVersion     = '1.0'
    GUID              = 'b2a4a7f0-6d0e-4f7b-9a55-0c6d1f2e8a31'
    CmdletsToExport   = @(
        'Connect-MgGraph', 'Disconnect-MgGraph', 'Get-MgContext', 'Get-MgEnvironment', 'Add-MgEnvironment', 'Invoke-MgGraphRequest'
        'Get-MgUser', 'Get-MgGroup', 'Get-MgGroupMember', 'Get-MgGroupTransitiveMember', 'Get-MgGroupMemberAsUser'
    )
    FunctionsToExport = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
