using System.Management.Automation;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>What both dialects of the ConvertFrom-Json stand-in share: gathering the text.</summary>
public abstract class ConvertFromJsonBase : PSCmdlet
{
    private readonly List<string> texts = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    protected override void ProcessRecord() => texts.Add(InputObject);

    /// <summary>Several texts are either one document cut into lines or a document each; the first one tells.</summary>
    protected override void EndProcessing()
    {
        if (texts.Count > 1 && !IsDocument(texts[0])) Emit(Parse(string.Join(Environment.NewLine, texts)));
        else texts.ForEach(text => Emit(Parse(text)));
    }

    /// <summary>Reads the text, or throws an ArgumentException that says what is wrong with it.</summary>
    protected abstract object? Parse(string text);

    /// <summary>Writes what was read.</summary>
    protected abstract void Emit(object? value);

    /// <summary>Objects whose keys differ in case only can't be PowerShell objects; both dialects refuse, in other words.</summary>
    protected static PSObject CustomObject(IEnumerable<KeyValuePair<string, object?>> entries, Func<string, string, Exception> twice)
    {
        var made = new PSObject();
        foreach (var (key, value) in entries)
        {
            if (key.Length == 0)
                throw new InvalidOperationException("The provided JSON includes a property whose name is an empty string.");
            if (made.Properties[key] is { } other) throw twice(other.Name, key);
            made.Properties.Add(new PSNoteProperty(key, value));
        }
        return made;
    }

    private bool IsDocument(string text)
    {
        try
        {
            Parse(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
