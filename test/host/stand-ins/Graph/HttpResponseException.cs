using System.Text.Json;

namespace Microsoft.Graph.PowerShell.Authentication.Helpers;

/// <summary>Stand-in for the exception that holds an answer of 400 or more.</summary>
public sealed class HttpResponseException(HttpResponseMessage response, string body)
    : HttpRequestException($"Response status code does not indicate success: {response.StatusCode} ({response.ReasonPhrase}).", null, response.StatusCode)
{
    public HttpResponseMessage Response => response;

    public string Body => body;

    /// <summary>Graph's own code and message, where the body has them.</summary>
    public (string Code, string Message) Graph()
    {
        try
        {
            var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
            return (error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (response.StatusCode.ToString(), Message);
        }
    }
}
