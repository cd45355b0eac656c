@{
    RootModule           = 'UserSession.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '750ceabd-292d-4359-ba1b-08b6415e02e4'
    Author               = 'UserSession maintainers'
    CompanyName          = 'UserSession maintainers'
    Copyright            = '(c) 2026 The UserSession maintainers. MIT License.'
    Description          = 'Signs people out of Microsoft 365, each with a proven outcome. Pipe users, group members or CSV rows into Revoke-UserSession: every one comes back as one row that says whether the sign-in sessions are revoked, re-read from Microsoft Graph. Paced to the tenant''s quota; uses the session of Connect-MgGraph; rehearse on a simulated tenant first.'
    CompatiblePSEditions = @('Desktop', 'Core')
    PowerShellVersion    = '5.1'
    RequiredModules      = @()
    FormatsToProcess     = @('UserSession.Format.ps1xml')
    FunctionsToExport    = @(
        'Connect-UserSessionTenant'
        'Disconnect-UserSessionTenant'
        'Get-UserSessionPolicy'
        'Get-UserSessionRun'
        'Get-UserSessionTenant'
        'Get-UserSignInSession'
        'Resume-UserSessionRun'
        'Revoke-UserSession'
        'Test-UserSessionAccess'
        'Watch-UserSignIn'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @(
                'Microsoft365', 'Entra', 'EntraID', 'AzureAD', 'MicrosoftGraph', 'Graph', 'Session', 'SignIn', 'SignOut'
                'Revoke', 'RevokeSignInSessions', 'IncidentResponse', 'Offboarding', 'Security'
                'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            ReleaseNotes = 'First version: Revoke-UserSession, the commands that sign in to the tenant it works in, the one that tells what a sign-in can do, those that read and resume what is on record, and those that say where users are signed in, what policies do to that, and who comes back.'
        }
    }
}
