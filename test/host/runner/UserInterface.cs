using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace UserSession.TestHost.Runner;

/// <summary>
/// What the engine shows to and asks of a person. Records (warnings, verbose, ...) are captured from the streams, so
/// their lines matter here only where a console's text is wanted; null `lines` means it is not.
/// </summary>
internal sealed class UserInterface(EventWriter events, TextLines? lines, Answers answers, int width) : PSHostUserInterface
{
    private const string WhatIf = "What if: ";

    public override PSHostRawUserInterface RawUI { get; } = new Screen(width);
    public override bool SupportsVirtualTerminal => false;

    public override void Write(string value)
    {
        if (value.StartsWith(WhatIf, StringComparison.Ordinal)) events.WriteText("whatif", value.TrimEnd());
        else if (lines is null) events.WriteText("host", value);
        lines?.Write(value);
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);
    public override void WriteLine(string value) => Write(value + "\n");
    public override void WriteErrorLine(string value) => lines?.WriteLine(value);
    public override void WriteDebugLine(string message) => lines?.WriteLine("DEBUG: " + message);
    public override void WriteVerboseLine(string message) => lines?.WriteLine("VERBOSE: " + message);
    public override void WriteWarningLine(string message) => lines?.WriteLine("WARNING: " + message);
    public override void WriteInformation(InformationRecord record) { }
    public override void WriteProgress(long sourceId, ProgressRecord record) { }

    public override string ReadLine()
    {
        var answer = answers.Next();
        events.Write("prompt", json => json.WriteString("answer", answer));
        return answer;
    }

    public override SecureString ReadLineAsSecureString()
    {
        var secret = new SecureString();
        foreach (var letter in ReadLine()) secret.AppendChar(letter);
        return secret;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        var answer = answers.Next();
        events.Write("prompt", json =>
        {
            json.WriteString("caption", caption);
            json.WriteString("message", message);
            json.WriteStartArray("choices");
            foreach (var choice in choices) json.WriteStringValue(Answers.Plain(choice.Label));
            json.WriteEndArray();
            json.WriteString("answer", answer);
        });
        lines?.WriteLine($"{caption}\n{message}\n{string.Join("  ", choices.Select(c => c.Label))}: {answer}");
        return Answers.Find(choices, answer);
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        var given = new Dictionary<string, PSObject>();
        foreach (var field in descriptions) given[field.Name] = PSObject.AsPSObject(ReadLine());
        return given;
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new HostException("There is nobody to give credentials.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        PromptForCredential(caption, message, userName, targetName);
}
