using System.Collections;
using System.Management.Automation;
using System.Text;
using Microsoft.Graph.PowerShell.Authentication.Helpers;
using Newtonsoft.Json;
using UserSession.TestHost.StandIns.Graph;
using UserSession.TestHost.StandIns.Json;

namespace Microsoft.Graph.PowerShell.Authentication.Cmdlets;

/// <summary>
/// Stand-in for Invoke-MgGraphRequest, with its traps: an absolute address moves the session and, outside of Microsoft's
/// clouds, goes out without a token; every failure is terminating.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "MgGraphRequest")]
public sealed class InvokeMgGraphRequest : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopped = new();

    [Parameter(Position = 0)]
    [ValidateSet("GET", "POST", "PUT", "PATCH", "DELETE")]
    public string Method { get; set; } = "GET";

    [Parameter(Mandatory = true, Position = 1)]
    public Uri Uri { get; set; } = new("/", UriKind.Relative);

    [Parameter(Position = 2, ValueFromPipeline = true)]
    public object? Body { get; set; }

    [Parameter]
    public IDictionary? Headers { get; set; }

    [Parameter]
    public string ContentType { get; set; } = "application/json";

    [Parameter]
    public GraphOutput OutputType { get; set; } = GraphOutput.HashTable;

    [Parameter]
    public SwitchParameter SkipHttpErrorCheck { get; set; }

    protected override void ProcessRecord()
    {
        if (GraphSession.Context is null)
            Fail(new System.Security.Authentication.AuthenticationException("Authentication needed. Please call Connect-MgGraph."), "AuthenticationError", ErrorCategory.AuthenticationError, null);
        if (Uri.IsAbsoluteUri) GraphSession.MoveTo(Uri);
        HttpResponseMessage response;
        try
        {
            response = GraphHttp.Send(Request, stopped.Token);
        }
        catch (Exception failure) when (failure is AggregateException or HttpRequestException)
        {
            Fail(failure, failure.GetType().Name, ErrorCategory.ConnectionError, null);
            return;
        }
        if (!response.IsSuccessStatusCode && !SkipHttpErrorCheck)
        {
            var body = GraphHttp.Text(response);
            Fail(new HttpResponseException(response, body), response.StatusCode.ToString(), ErrorCategory.InvalidOperation, body);
        }
        if (OutputType == GraphOutput.HttpResponseMessage) WriteObject(response);
        else if (GraphHttp.Text(response) is { Length: > 0 } text) WriteObject(GraphOutputs.From(text, OutputType));
    }

    protected override void StopProcessing() => stopped.Cancel();

    public void Dispose() => stopped.Dispose();

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), Uri);
        if (BodyText() is { } text) request.Content = new StringContent(text, Encoding.UTF8, ContentType);
        foreach (DictionaryEntry header in Headers ?? new Hashtable())
            request.Headers.TryAddWithoutValidation(header.Key.ToString()!, header.Value?.ToString());
        return request;
    }

    private string? BodyText() => Body switch
    {
        null => null,
        string text => text,
        PSObject { BaseObject: string text } => text,
        _ => JsonConvert.SerializeObject(new ObjectTree(depth: 10, decoratesText: false).From(Body)),
    };

    private void Fail(Exception failure, string id, ErrorCategory category, string? details)
    {
        var record = new ErrorRecord(failure, id, category, this);
        if (!string.IsNullOrEmpty(details)) record.ErrorDetails = new ErrorDetails(details);
        ThrowTerminatingError(record);
    }
}
