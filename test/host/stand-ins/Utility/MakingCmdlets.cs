using System.Collections;
using System.Management.Automation;
using System.Security;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>Stand-in for New-Object.</summary>
[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObject : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string TypeName { get; set; } = "";

    [Parameter(Position = 1)]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary Property { get; set; } = new Hashtable();

    protected override void ProcessRecord()
    {
        var type = LanguagePrimitives.ConvertTo<Type>(TypeName);
        var isCustom = type == typeof(PSObject) || type == typeof(PSCustomObject);
        var bare = ArgumentList.Select(argument => argument is PSObject wrapped ? wrapped.BaseObject : argument).ToArray();
        var made = isCustom ? new PSObject() : PSObject.AsPSObject(Activator.CreateInstance(type, bare)!);
        foreach (DictionaryEntry entry in Property)
        {
            if (isCustom) made.Properties.Add(new PSNoteProperty(entry.Key.ToString(), entry.Value));
            else made.Properties[entry.Key.ToString()!].Value = entry.Value;
        }
        WriteObject(made);
    }
}

/// <summary>Stand-in for Add-Member, for properties.</summary>
[Cmdlet(VerbsCommon.Add, "Member")]
public sealed class AddMember : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Position = 0)]
    [ValidateSet("NoteProperty", "ScriptProperty")]
    public string MemberType { get; set; } = "NoteProperty";

    [Parameter(Mandatory = true, Position = 1)]
    [Alias("NotePropertyName")]
    public string Name { get; set; } = "";

    [Parameter(Position = 2)]
    [Alias("NotePropertyValue")]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (Force) InputObject.Properties.Remove(Name);
        InputObject.Properties.Add(MemberType == "ScriptProperty"
            ? new PSScriptProperty(Name, LanguagePrimitives.ConvertTo<ScriptBlock>(Value))
            : new PSNoteProperty(Name, Value));
        if (PassThru) WriteObject(InputObject);
    }
}

/// <summary>Stand-in for ConvertTo-SecureString -AsPlainText.</summary>
[Cmdlet(VerbsData.ConvertTo, "SecureString")]
public sealed class ConvertToSecureString : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string String { get; set; } = "";

    [Parameter(Mandatory = true)]
    public SwitchParameter AsPlainText { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var made = new SecureString();
        foreach (var letter in String) made.AppendChar(letter);
        WriteObject(made);
    }
}
