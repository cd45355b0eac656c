using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>Reads JSON into .NET values as the JavaScriptSerializer of .NET Framework does.</summary>
internal sealed partial class JavaScriptReader(string text)
{
    private int at;

    public object? ReadDocument()
    {
        SkipSpace();
        // No text at all is null there, not an error.
        if (at == text.Length) return null;
        var value = ReadValue();
        SkipSpace();
        if (at < text.Length) throw Bad($"Invalid JSON primitive: {text[at..]}.");
        return value;
    }

    private object? ReadValue()
    {
        SkipSpace();
        switch (Peek())
        {
            case '{': return ReadObject();
            case '[': return ReadArray();
            case '"': return ReadText();
            default: return ReadPrimitive();
        }
    }

    private List<KeyValuePair<string, object?>> ReadObject()
    {
        var entries = new List<KeyValuePair<string, object?>>();
        at++;
        for (var first = true; !Took('}'); first = false)
        {
            if (!first && !Took(',')) throw Bad("Invalid object passed in, ':' or '}' expected.");
            SkipSpace();
            if (Peek() != '"') throw Bad("Invalid object passed in, member name expected.");
            var key = ReadString();
            if (!Took(':')) throw Bad("Invalid object passed in, ':' or '}' expected.");
            entries.Add(KeyValuePair.Create(key, ReadValue()));
        }
        return entries;
    }

    private List<object?> ReadArray()
    {
        var items = new List<object?>();
        at++;
        for (var first = true; !Took(']'); first = false)
        {
            if (!first && !Took(',')) throw Bad("Invalid array passed in, ',' expected.");
            items.Add(ReadValue());
        }
        return items;
    }

    /// <summary>A date is told by its escaped slashes, which an ordinary text does not have.</summary>
    private object ReadText()
    {
        if (Date().Match(text, at) is { Success: true } date)
        {
            at += date.Length;
            return DateTime.UnixEpoch.AddMilliseconds(long.Parse(date.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        return ReadString();
    }

    private string ReadString()
    {
        var made = new StringBuilder();
        for (at++; Peek() != '"'; at++)
        {
            if (Peek() != '\\')
            {
                made.Append(Peek());
                continue;
            }
            at++;
            switch (Peek())
            {
                case 'n': made.Append('\n'); break;
                case 'r': made.Append('\r'); break;
                case 't': made.Append('\t'); break;
                case 'b': made.Append('\b'); break;
                case 'f': made.Append('\f'); break;
                case '"' or '\'' or '/' or '\\': made.Append(Peek()); break;
                case 'u' when at + 4 < text.Length:
                    made.Append((char)ushort.Parse(text.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    at += 4;
                    break;
                default: throw Bad("Unrecognized escape sequence.");
            }
        }
        at++;
        return made.ToString();
    }

    private object? ReadPrimitive()
    {
        var end = at;
        while (end < text.Length && !",]}".Contains(text[end]) && !char.IsWhiteSpace(text[end])) end++;
        var word = text[at..end];
        at = end;
        var culture = CultureInfo.InvariantCulture;
        return word switch
        {
            "null" => null,
            "true" => true,
            "false" => false,
            _ when int.TryParse(word, NumberStyles.AllowLeadingSign, culture, out var small) => small,
            _ when long.TryParse(word, NumberStyles.AllowLeadingSign, culture, out var large) => large,
            _ when decimal.TryParse(word, NumberStyles.Number, culture, out var exact) => exact,
            _ when double.TryParse(word, NumberStyles.Float, culture, out var rough) => rough,
            _ => throw Bad($"Invalid JSON primitive: {word}."),
        };
    }

    private char Peek() => at < text.Length ? text[at] : throw Bad("Invalid object passed in, the text ends too early.");

    private bool Took(char wanted)
    {
        SkipSpace();
        if (Peek() != wanted) return false;
        at++;
        return true;
    }

    private void SkipSpace()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private ArgumentException Bad(string what) => new($"{what} ({at}): {text}");

    [GeneratedRegex(@"\G""\\/Date\((-?[0-9]+)(?:[a-zA-Z]|[+-][0-9]{4})?\)\\/""")]
    private static partial Regex Date();
}
