using System.Text.Json;
using System.Text.Json.Serialization;

namespace UserSession.TestHost.Runner;

/// <summary>What to run and how.</summary>
public sealed class Request
{
    public string Script { get; set; } = "";

    /// <summary>"7" or "5.1": which behaviour ConvertTo-Json and ConvertFrom-Json have.</summary>
    public string Dialect { get; set; } = "7";

    /// <summary>Variables that the script finds, by name.</summary>
    public Dictionary<string, JsonElement> Variables { get; set; } = [];

    /// <summary>Preference variables, by full name, as VerbosePreference.</summary>
    public Dictionary<string, string> Preferences { get; set; } = [];

    /// <summary>Environment of the script; null takes a variable away.</summary>
    public Dictionary<string, string?> Env { get; set; } = [];

    public string? Cwd { get; set; }

    /// <summary>Answers to prompts in order; the last one is given again. Empty: "yes" always.</summary>
    public string[] Confirm { get; set; } = [];

    public StopAfter? StopAfter { get; set; }

    /// <summary>Also show the output as a console would.</summary>
    public Format? Format { get; set; }

    /// <summary>No events: behave as a simple console.</summary>
    public bool Console { get; set; }

    public static Request Parse(string json) =>
        JsonSerializer.Deserialize(json, RequestJson.Default.Request) ?? throw new ArgumentException("The request is empty.");
}

/// <summary>When to press Ctrl+C: after so many output objects, or so many milliseconds.</summary>
public sealed record StopAfter(int? Outputs, int? Ms);

public sealed record Format(int Width);

/// <summary>Compiled, because reflection at start-up costs more than the whole parsing.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Request))]
internal sealed partial class RequestJson : JsonSerializerContext;
