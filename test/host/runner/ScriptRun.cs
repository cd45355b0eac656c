using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace UserSession.TestHost.Runner;

/// <summary>One script in one fresh runspace.</summary>
internal sealed class ScriptRun : IDisposable
{
    private readonly Request request;
    private readonly EventWriter events;
    private readonly TextLines? lines;
    private readonly Host host;
    private readonly Runspace runspace;
    private readonly PowerShell shell;
    private readonly StopWatcher stop;
    private readonly bool processLivesOn;

    public ScriptRun(Request request, EventWriter events, bool hasRealCmdlets, bool processLivesOn)
    {
        this.processLivesOn = processLivesOn;
        this.request = request;
        this.events = events;
        lines = request.Console ? new TextLines(Console.Out.WriteLine)
            : request.Format is null ? null
            : new TextLines(line => events.WriteText("text", line));
        host = new Host(new UserInterface(events, lines, new Answers(request.Confirm), Width(request)));
        runspace = RunspaceFactory.CreateRunspace(host, Session.Create(request, hasRealCmdlets));
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        shell = PowerShell.Create();
        stop = new StopWatcher(shell, request.StopAfter, events);
    }

    /// <summary>Runs the script to its end and returns the exit code.</summary>
    public int Execute()
    {
        PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        runspace.Open();
        shell.Runspace = runspace;
        if (request.Cwd is not null) runspace.SessionStateProxy.Path.SetLocation(request.Cwd);
        foreach (var (name, value) in request.Variables) runspace.SessionStateProxy.SetVariable(name, Session.FromJson(value));
        if (request.Console) ConsoleProgress.Watch(shell.Streams.Progress);
        Streams.Watch(shell.Streams, events);
        shell.AddScript(request.Script);
        var output = new PSDataCollection<PSObject>();
        if (lines is null) Streams.On(output, Captured);
        else AddFormatting();
        stop.Start();
        var failed = Invoke(output);
        stop.Dispose();
        lines?.Finish();
        TellFailure(failed);
        var state = shell.InvocationStateInfo.State;
        if (processLivesOn) RemoveModules();
        events.Write("done", json =>
        {
            json.WriteString("state", state.ToString());
            json.WriteString("reason", failed?.Message);
            if (host.ExitCode is { } code) json.WriteNumber("exitCode", code);
        });
        return host.ExitCode ?? (state == PSInvocationState.Completed ? 0 : 1);
    }

    /// <summary>Ctrl+C.</summary>
    public void Stop() => stop.Press();

    public void Dispose()
    {
        shell.Dispose();
        runspace.Dispose();
    }

    private static int Width(Request request) =>
        request.Format?.Width ?? (request.Console && !Console.IsOutputRedirected ? Console.WindowWidth : 120);

    /// <summary>The same merge that console hosts do: errors travel to Out-Default in order with the output.</summary>
    private void AddFormatting()
    {
        const PipelineResultTypes both = PipelineResultTypes.Error | PipelineResultTypes.Output;
        var capture = new Command("Receive-TestHostOutput") { MergeUnclaimedPreviousCommandResults = both };
        capture.Parameters.Add("Take", (Action<object?>)Captured);
        shell.Commands.AddCommand(capture);
        shell.Commands.AddCommand(new Command("Out-Default") { MergeUnclaimedPreviousCommandResults = both });
    }

    private void Captured(object? value)
    {
        if (value is PSObject { BaseObject: ErrorRecord error } thing && Session.IsFromErrorStream(thing))
        {
            events.Write("error", json => ErrorJson.Write(json, error, terminating: false));
            return;
        }
        events.Write("output", json => ObjectJson.WriteMembers(json, value));
        stop.CountOutput();
    }

    private Exception? Invoke(PSDataCollection<PSObject> output)
    {
        try
        {
            shell.Invoke(null, output);
            return null;
        }
        catch (RuntimeException failure)
        {
            return failure;
        }
    }

    /// <summary>What ended the script is an error like the others for who reads, and is shown as a console shows it.</summary>
    private void TellFailure(Exception? failed)
    {
        if (failed is PipelineStoppedException || failed is not IContainsErrorRecord { ErrorRecord: var error }) return;
        events.Write("error", json => ErrorJson.Write(json, error, terminating: true));
        if (lines is null) return;
        Session.ShowError(runspace, error);
        lines.Finish();
    }

    /// <summary>
    /// Closing a runspace runs no OnRemove, because it normally comes with the end of the process; where the process
    /// lives on, what a module started must not.
    /// </summary>
    private void RemoveModules()
    {
        using var last = PowerShell.Create(runspace);
        last.AddScript("Get-Module | Remove-Module -Force -Confirm:$false -WhatIf:$false").Invoke();
    }
}
