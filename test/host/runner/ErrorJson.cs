using System.Management.Automation;
using System.Text.Json;

namespace UserSession.TestHost.Runner;

/// <summary>Error records as data.</summary>
internal static class ErrorJson
{
    public static void Write(Utf8JsonWriter json, ErrorRecord error, bool terminating)
    {
        json.WriteString("fullyQualifiedErrorId", error.FullyQualifiedErrorId);
        json.WriteString("category", error.CategoryInfo.Category.ToString());
        json.WriteString("categoryReason", error.CategoryInfo.Reason);
        json.WriteString("categoryActivity", error.CategoryInfo.Activity);
        json.WriteString("message", error.ErrorDetails?.Message ?? error.Exception.Message);
        json.WriteString("recommendedAction", error.ErrorDetails?.RecommendedAction);
        json.WriteString("exceptionType", error.Exception.GetType().FullName);
        json.WriteString("innerExceptionType", error.Exception.InnerException?.GetType().FullName);
        if (error.TargetObject is { } target)
        {
            json.WriteStartObject("targetObject");
            ObjectJson.WriteMembers(json, target);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("targetObject");
        }
        json.WriteString("scriptName", error.InvocationInfo?.ScriptName);
        json.WriteNumber("line", error.InvocationInfo?.ScriptLineNumber ?? 0);
        json.WriteString("sourceLine", error.InvocationInfo?.Line?.Trim());
        json.WriteString("command", error.InvocationInfo?.MyCommand?.Name);
        json.WriteString("scriptStackTrace", error.ScriptStackTrace);
        json.WriteBoolean("terminating", terminating);
    }
}
