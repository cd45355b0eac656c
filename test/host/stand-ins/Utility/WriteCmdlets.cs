using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>What the small Write- commands share.</summary>
public abstract class MessageCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string Message { get; set; } = "";
}

/// <summary>Stand-in for Write-Warning.</summary>
[Cmdlet(VerbsCommunications.Write, "Warning")]
public sealed class WriteWarningCommand : MessageCommand
{
    protected override void ProcessRecord() => WriteWarning(Message);
}

/// <summary>Stand-in for Write-Verbose.</summary>
[Cmdlet(VerbsCommunications.Write, "Verbose")]
public sealed class WriteVerboseCommand : MessageCommand
{
    protected override void ProcessRecord() => WriteVerbose(Message);
}

/// <summary>Stand-in for Write-Error.</summary>
[Cmdlet(VerbsCommunications.Write, "Error")]
public sealed class WriteErrorCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string Message { get; set; } = "";

    [Parameter]
    public Exception? Exception { get; set; }

    [Parameter]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter]
    public string ErrorId { get; set; } = "Microsoft.PowerShell.Commands.WriteErrorException";

    [Parameter]
    public ErrorCategory Category { get; set; } = ErrorCategory.NotSpecified;

    [Parameter]
    public object? TargetObject { get; set; }

    protected override void ProcessRecord() =>
        WriteError(ErrorRecord ?? new ErrorRecord(Exception ?? new RuntimeException(Message), ErrorId, Category, TargetObject));
}

/// <summary>Stand-in for Write-Output.</summary>
[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutputCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? InputObject { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => WriteObject(InputObject is [var only] ? only : InputObject, !NoEnumerate);
}

/// <summary>Stand-in for Write-Host: a record for the host, which shows it.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public ConsoleColor ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var text = LanguagePrimitives.ConvertTo<string>(Object);
        WriteInformation(new HostInformationMessage { Message = text, NoNewLine = NoNewline }, ["PSHOST"]);
    }
}

/// <summary>Stand-in for Write-Information.</summary>
[Cmdlet(VerbsCommunications.Write, "Information")]
public sealed class WriteInformationCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object MessageData { get; set; } = "";

    [Parameter(Position = 1)]
    public string[] Tags { get; set; } = [];

    protected override void ProcessRecord() => WriteInformation(MessageData, Tags);
}

/// <summary>Stand-in for Write-Progress.</summary>
[Cmdlet(VerbsCommunications.Write, "Progress")]
public sealed class WriteProgressCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Activity { get; set; } = "";

    [Parameter(Position = 1)]
    public string Status { get; set; } = "Processing";

    [Parameter]
    public int Id { get; set; }

    [Parameter]
    public int PercentComplete { get; set; } = -1;

    [Parameter]
    public string? CurrentOperation { get; set; }

    [Parameter]
    public SwitchParameter Completed { get; set; }

    protected override void ProcessRecord() => WriteProgress(new ProgressRecord(Id, Activity, Status)
    {
        PercentComplete = PercentComplete,
        CurrentOperation = CurrentOperation,
        RecordType = Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
    });
}
