# The proxy that this host uses for the Graph endpoint: what .NET takes from the system's settings, a configuration script
# or the environment, or what a script has set for the session. The engine could not find out by itself.

# Graph of each cloud, by the names of Connect-MgGraph (src/protocol/tenant.ts).
$script:CloudEndpoints = [ordered]@{
    Global   = 'https://graph.microsoft.com'
    USGov    = 'https://graph.microsoft.us'
    USGovDoD = 'https://dod-graph.microsoft.us'
    China    = 'https://microsoftgraph.chinacloudapi.cn'
}

# Puts it into a connection that is about to be sent. Its credentials are in there and nowhere else.
function Add-HostProxy {
    param($Cmdlet, $Connection)
    if ($Connection.kind -eq 'simulated') { return }
    $target = $Connection.graphUrl
    if (-not $target) { $target = $script:CloudEndpoints[$(if ($Connection.environment) { $Connection.environment } else { 'Global' })] }
    try {
        $address = [uri]$target
        # DefaultWebProxy is $null where somebody said that there is none.
        $proxy = [System.Net.WebRequest]::DefaultWebProxy
        if (-not $proxy -or -not $address.IsAbsoluteUri -or $address.IsLoopback -or $proxy.IsBypassed($address)) { return }
        $way = $proxy.GetProxy($address)
        # "Directly" is told by nothing or by the address itself.
        if (-not $way -or $way -eq $address) { return }
        $builder = [System.UriBuilder]::new($way)
        # Those of the signed-in Windows account have no name here: a password is not to be had.
        $credential = if ($proxy.Credentials -and -not $builder.UserName) { $proxy.Credentials.GetCredential($way, 'Basic') }
        if ($credential.UserName) {
            $builder.UserName = [uri]::EscapeDataString($credential.UserName)
            $builder.Password = [uri]::EscapeDataString($credential.Password)
        }
        $Connection.proxy = $builder.Uri.AbsoluteUri.TrimEnd('/')
    } catch {
        $Cmdlet.WriteVerbose("No proxy is used: this host's settings do not tell it ($($_.Exception.GetBaseException().Message))")
    }
}
