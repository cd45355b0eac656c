using System.Globalization;
using System.Text;

namespace UserSession.TestHost.StandIns.Json;

/// <summary>Writes JSON as the JavaScriptSerializer of .NET Framework does; indentation only resembles that of 5.1.</summary>
internal sealed class JavaScriptWriter(bool indented)
{
    private readonly StringBuilder made = new();

    public string Write(object? tree)
    {
        Value(tree, 0);
        return made.ToString();
    }

    private void Value(object? value, int level)
    {
        switch (value)
        {
            case null: made.Append("null"); break;
            case bool truth: made.Append(truth ? "true" : "false"); break;
            case string or char or Guid or Uri: Text(value.ToString()!); break;
            case DateTime date: Date(date.ToUniversalTime() - DateTime.UnixEpoch); break;
            case DateTimeOffset date: Date(date - DateTimeOffset.UnixEpoch); break;
            case Enum choice: made.Append(choice.ToString("D")); break;
            case Dictionary<string, object?> entries: Block('{', '}', entries, level, entry =>
            {
                Text(entry.Key);
                made.Append(indented ? ":  " : ":");
                Value(entry.Value, level + 1);
            }); break;
            case List<object?> items: Block('[', ']', items, level, item => Value(item, level + 1)); break;
            default: made.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)); break;
        }
    }

    private void Block<T>(char open, char close, IReadOnlyCollection<T> items, int level, Action<T> write)
    {
        made.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first) made.Append(',');
            first = false;
            NewLine(level + 1);
            write(item);
        }
        if (!first) NewLine(level);
        made.Append(close);
    }

    private void NewLine(int level)
    {
        if (indented) made.Append("\r\n").Append(' ', level * 4);
    }

    private void Date(TimeSpan sinceEpoch) => made.Append($"\"\\/Date({(long)sinceEpoch.TotalMilliseconds})\\/\"");

    /// <summary>Letters of any language go out as they are.</summary>
    private void Text(string text)
    {
        made.Append('"');
        foreach (var letter in text)
            made.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                '<' or '>' or '&' or '\'' or '\u0085' or '\u2028' or '\u2029' or < ' ' => $"\\u{(int)letter:x4}",
                _ => letter.ToString(),
            });
        made.Append('"');
    }
}
