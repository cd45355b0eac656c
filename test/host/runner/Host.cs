using System.Globalization;
using System.Management.Automation.Host;

namespace UserSession.TestHost.Runner;

/// <summary>The host that the engine sees: everything interesting is in its user interface.</summary>
internal sealed class Host(PSHostUserInterface ui) : PSHost
{
    /// <summary>What `exit` asked for, or null when the script did not call it.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "UserSessionTestHost";
    public override Version Version { get; } = new(1, 0);
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;
    public override PSHostUserInterface UI => ui;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
    public override void EnterNestedPrompt() => throw new NotSupportedException("There is nobody to work in a nested prompt.");
    public override void ExitNestedPrompt() => throw new NotSupportedException("There is no nested prompt.");
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
}
