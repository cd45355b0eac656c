using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace UserSession.TestHost.Runner;

/// <summary>The answers that the request has ready for prompts: by label without spaces and case, as "yesToAll".</summary>
internal sealed class Answers(string[] ready)
{
    private int next;

    public string Next()
    {
        if (ready.Length == 0) return "yes";
        var answer = ready[Math.Min(next, ready.Length - 1)];
        next++;
        // The very words of pwsh -NonInteractive.
        if (answer == "none")
            throw new PSInvalidOperationException("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
        return answer;
    }

    public static int Find(Collection<ChoiceDescription> choices, string answer)
    {
        for (var i = 0; i < choices.Count; i++)
            if (Plain(choices[i].Label).Equals(Plain(answer), StringComparison.OrdinalIgnoreCase)) return i;
        throw new HostException($"The test answers '{answer}', but the choices are {string.Join(", ", choices.Select(c => Plain(c.Label)))}.");
    }

    public static string Plain(string label) => label.Replace("&", "").Replace(" ", "");
}
