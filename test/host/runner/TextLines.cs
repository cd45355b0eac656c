using System.Text;
using System.Text.RegularExpressions;

namespace UserSession.TestHost.Runner;

/// <summary>What a console would show, line by line and without colours.</summary>
internal sealed partial class TextLines(Action<string> take)
{
    private readonly StringBuilder unfinished = new();
    private readonly object gate = new();

    public void Write(string text)
    {
        lock (gate)
        {
            unfinished.Append(Colours().Replace(text, "").ReplaceLineEndings("\n"));
            for (var all = unfinished.ToString(); ;)
            {
                var end = all.IndexOf('\n', StringComparison.Ordinal);
                if (end < 0)
                {
                    unfinished.Clear().Append(all);
                    return;
                }
                take(all[..end].TrimEnd());
                all = all[(end + 1)..];
            }
        }
    }

    public void WriteLine(string text) => Write(text + "\n");

    /// <summary>Gives out a last line that nobody ended.</summary>
    public void Finish()
    {
        if (unfinished.Length > 0) Write("\n");
    }

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|\x1b\].*?(\x07|\x1b\\)")]
    private static partial Regex Colours();
}
