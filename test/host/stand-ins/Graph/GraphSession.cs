using Microsoft.Graph.PowerShell.Authentication;
using MgEnvironment = Microsoft.Graph.PowerShell.Authentication.GraphEnvironment;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>
/// The one session of the process, shared by its runspaces. It comes from Connect-MgGraph or, before any call of that,
/// from the environment: MG_STANDIN_TOKEN signs in, MG_STANDIN_GRAPH_URL makes an environment "StandIn" of that endpoint.
/// </summary>
internal static class GraphSession
{
    public const string StandInEnvironment = "StandIn";

    private static readonly Dictionary<string, MgEnvironment> Added = new(StringComparer.OrdinalIgnoreCase);
    private static bool isDecided;
    private static AuthContext? context;

    public static string? Token { get; private set; }

    /// <summary>Null when not connected.</summary>
    public static AuthContext? Context
    {
        get
        {
            if (!isDecided && Variable("MG_STANDIN_TOKEN") is { } token)
                Connect(token, null, null, null, ContextScope.CurrentUser);
            return context;
        }
    }

    /// <summary>Where relative addresses go.</summary>
    public static Uri Endpoint { get; private set; } = new("https://graph.microsoft.com");

    public static IEnumerable<MgEnvironment> Environments
    {
        get
        {
            yield return BuiltIn("Global", "https://login.microsoftonline.com", "https://graph.microsoft.com");
            yield return BuiltIn("China", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn");
            yield return BuiltIn("USGov", "https://login.microsoftonline.us", "https://graph.microsoft.us");
            yield return BuiltIn("USGovDoD", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us");
            if (Variable("MG_STANDIN_GRAPH_URL") is { } url)
                yield return new MgEnvironment { Name = StandInEnvironment, AzureADEndpoint = url, GraphEndpoint = url, Type = "User-defined" };
            foreach (var environment in Added.Values) yield return environment;
        }
    }

    public static MgEnvironment? Find(string name) =>
        Environments.LastOrDefault(environment => environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public static void Add(MgEnvironment environment) => Added[environment.Name] = environment;

    /// <summary>How it was signed in is read from the token unless it is said.</summary>
    public static void Connect(string token, string? environmentName, AuthenticationType? type, TokenCredentialType? credential, ContextScope scope)
    {
        var standIn = Find(StandInEnvironment);
        var environment = environmentName is null ? standIn ?? Find("Global")! : Find(environmentName)
            ?? throw new ArgumentException($"Environment '{environmentName}' does not exist. Call Add-MgEnvironment first.");
        var claims = new TokenClaims(token);
        isDecided = true;
        Token = token;
        Endpoint = new Uri(environment.GraphEndpoint);
        context = new AuthContext
        {
            ClientId = claims.Text("appid"),
            TenantId = claims.Text("tid"),
            Scopes = claims.Scopes,
            AuthType = type ?? (claims.IsAppOnly ? AuthenticationType.AppOnly : AuthenticationType.Delegated),
            TokenCredentialType = credential ?? (claims.IsAppOnly ? TokenCredentialType.ClientSecret : TokenCredentialType.InteractiveBrowser),
            Account = claims.Text("upn") ?? claims.Text("preferred_username"),
            AppName = claims.Text("app_displayname"),
            ContextScope = scope,
            Environment = environment.Name,
        };
    }

    public static void Disconnect() => (isDecided, Token, context) = (true, null, null);

    /// <summary>An absolute address moves the session there for every later call: a trap of the real one.</summary>
    public static void MoveTo(Uri absolute)
    {
        Endpoint = new Uri(absolute.GetLeftPart(UriPartial.Authority));
        var known = Environments.FirstOrDefault(environment => new Uri(environment.GraphEndpoint).Host == absolute.Host);
        if (Context is not { } now) return;
        context = new AuthContext
        {
            ClientId = now.ClientId,
            TenantId = now.TenantId,
            Scopes = now.Scopes,
            AuthType = now.AuthType,
            TokenCredentialType = now.TokenCredentialType,
            Account = now.Account,
            AppName = now.AppName,
            ContextScope = now.ContextScope,
            Environment = known?.Name,
        };
    }

    /// <summary>As in a new process.</summary>
    public static void Forget()
    {
        Disconnect();
        Added.Clear();
        isDecided = false;
        Endpoint = new Uri("https://graph.microsoft.com");
    }

    private static MgEnvironment BuiltIn(string name, string login, string graph) =>
        new() { Name = name, AzureADEndpoint = login, GraphEndpoint = graph };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
