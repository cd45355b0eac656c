# What "npm start" shows: the product at work in a real PowerShell engine, on the simulated tenant.
# Get-MgUser and its sisters are stand-ins of the test host that behave as Microsoft's do.
Import-Module $ModulePath

'PS> Get-MgUser -Filter "department eq ''Sales''" -All | Revoke-UserSession'
Get-MgUser -Filter "department eq 'Sales'" -All | Revoke-UserSession

$group = (Get-MgGroup -Filter "displayName eq 'Project Falcon'").Id
"`nPS> Get-MgGroupMember -GroupId $group -All | Revoke-UserSession"
Get-MgGroupMember -GroupId $group -All | Revoke-UserSession

"`nPS> 'nobody@contoso.example' | Revoke-UserSession"
'nobody@contoso.example' | Revoke-UserSession
