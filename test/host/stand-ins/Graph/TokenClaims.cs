using System.Text.Json;

namespace UserSession.TestHost.StandIns.Graph;

/// <summary>What can be read from a token; of an opaque one, nothing.</summary>
internal sealed class TokenClaims
{
    private readonly JsonElement claims;

    public TokenClaims(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3) return;
        try
        {
            var middle = parts[1].Replace('-', '+').Replace('_', '/');
            var bytes = Convert.FromBase64String(middle.PadRight((middle.Length + 3) / 4 * 4, '='));
            claims = JsonDocument.Parse(bytes).RootElement;
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            // Opaque after all.
        }
    }

    public bool IsAppOnly => Text("idtyp") == "app" || (Text("scp") is null && Roles is not null);

    /// <summary>For an app, its roles.</summary>
    public string[]? Scopes => Text("scp")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? Roles;

    private string[]? Roles =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty("roles", out var roles)
            ? [.. roles.EnumerateArray().Select(role => role.GetString()!)]
            : null;

    public string? Text(string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var claim) ? claim.ToString() : null;
}
