using System.Management.Automation;
using System.Text;

namespace UserSession.TestHost.StandIns.Utility;

/// <summary>Rows of comma-separated text, read one at a time and written one at a time.</summary>
internal static class Csv
{
    /// <summary>Every row as an object of texts, headings from the first row; cells that a row lacks are null.</summary>
    public static IEnumerable<PSObject> Objects(TextReader text, char delimiter)
    {
        string[]? headings = null;
        foreach (var cells in Rows(text, delimiter))
        {
            if (headings is null)
            {
                headings = cells;
                continue;
            }
            var made = new PSObject();
            for (var i = 0; i < headings.Length; i++)
                made.Properties.Add(new PSNoteProperty(headings[i].Length > 0 ? headings[i] : $"H{i + 1}", i < cells.Length ? cells[i] : null));
            yield return made;
        }
    }

    public static string Row(IEnumerable<object?> values, char delimiter) =>
        string.Join(delimiter, values.Select(value => value is null ? "" : $"\"{LanguagePrimitives.ConvertTo<string>(value).Replace("\"", "\"\"")}\""));

    private static IEnumerable<string[]> Rows(TextReader text, char delimiter)
    {
        while (text.Peek() >= 0)
        {
            var row = Row(text, delimiter);
            if (row is [""] || row[0].StartsWith("#TYPE", StringComparison.Ordinal)) continue;
            yield return row;
        }
    }

    private static string[] Row(TextReader text, char delimiter)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var read = text.Read(); read >= 0; read = text.Read())
        {
            var letter = (char)read;
            if (isQuoted)
            {
                if (letter != '"') cell.Append(letter);
                else if (text.Peek() == '"') cell.Append((char)text.Read());
                else isQuoted = false;
            }
            else if (letter == '"') isQuoted = true;
            else if (letter == delimiter) Next();
            else if (letter == '\n') break;
            else if (letter != '\r') cell.Append(letter);
        }
        Next();
        return [.. cells];

        void Next()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }
    }
}
