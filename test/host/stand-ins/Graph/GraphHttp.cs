using System.Net;
using System.Net.Http.Headers;
using Microsoft.Graph.PowerShell.Authentication.Helpers;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>Sends requests as the session, retrying what the real middleware retries.</summary>
internal static class GraphHttp
{
    private const int Retries = 3;

    // One client for the process: the real one keeps its connections too.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(100) };

    public static HttpResponseMessage Send(Func<HttpRequestMessage> make, CancellationToken stopped)
    {
        for (var retried = 0; ; retried++)
        {
            var response = Client.Send(Signed(make()), stopped);
            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
                return response;
            if (retried == Retries)
                throw new AggregateException(
                    $"Too many retries performed. More than {Retries} retries encountered while sending the request.",
                    new HttpRequestException($"HTTP request failed with status code: {response.StatusCode}."));
            var wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(3 * Math.Pow(2, retried));
            if (stopped.WaitHandle.WaitOne(wait)) stopped.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The body as text; an answer of 400 or more is the exception that the real cmdlets have for it.</summary>
    public static string Read(Func<HttpRequestMessage> make, CancellationToken stopped)
    {
        var response = Send(make, stopped);
        var text = Text(response);
        return response.IsSuccessStatusCode ? text : throw new HttpResponseException(response, text);
    }

    public static string Text(HttpResponseMessage response)
    {
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    /// <summary>The token goes along unless the address was absolute and leads out of Microsoft's clouds.</summary>
    private static HttpRequestMessage Signed(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        if (!address.IsAbsoluteUri) request.RequestUri = new Uri(GraphSession.Endpoint, "/" + address.OriginalString.TrimStart('/'));
        if (!address.IsAbsoluteUri || IsMicrosoft(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GraphSession.Token);
        return request;
    }

    private static bool IsMicrosoft(Uri address) =>
        GraphSession.Environments.Any(known => known.Type == "Built-in" && new Uri(known.GraphEndpoint).Host == address.Host);
}
