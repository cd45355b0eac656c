using System.Management.Automation;
using Microsoft.Graph.PowerShell.Authentication.Helpers;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>
/// Stand-in for what the SDK's generator puts around every command: its ProcessRecord catches every exception, those of
/// the commands below it in the pipeline included. Only a stopping pipeline gets through, which is how a terminating
/// error of a command below arrives here: the engine has written that one down before.
/// </summary>
public abstract class GeneratedCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopped = new();

    protected CancellationToken Stopped => stopped.Token;

    protected abstract void Work();

    protected sealed override void ProcessRecord()
    {
        try
        {
            if (GraphSession.Context is null)
                throw new System.Security.Authentication.AuthenticationException("Authentication needed. Please call Connect-MgGraph.");
            Work();
        }
        catch (HttpResponseException failure)
        {
            var (code, message) = failure.Graph();
            Tell(new ErrorRecord(new InvalidOperationException($"[{code}] : {message}", failure), code, ErrorCategory.InvalidOperation, null));
        }
        catch (Exception failure) when (failure is HttpRequestException or AggregateException or System.Security.Authentication.AuthenticationException)
        {
            Tell(new ErrorRecord(failure, string.Empty, ErrorCategory.NotSpecified, null));
        }
        catch (Exception failure) when (failure is not PipelineStoppedException { InnerException: null })
        {
            // Whatever broke below is gone without a trace, and with it the rest of the objects.
        }
    }

    protected override void StopProcessing() => stopped.Cancel();

    public void Dispose()
    {
        stopped.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Tell(ErrorRecord record) => WriteError(record);
}
