using System.Management.Automation;

namespace UserSession.TestHost.Runner;

/// <summary>Turns what arrives in the streams of a pipeline into events, on the thread and at the moment of arrival.</summary>
internal static class Streams
{
    public static void Watch(PSDataStreams streams, EventWriter events)
    {
        On(streams.Error, error => events.Write("error", json => ErrorJson.Write(json, error, terminating: false)));
        On(streams.Warning, record => events.WriteText("warning", record.Message));
        On(streams.Verbose, record => events.WriteText("verbose", record.Message));
        On(streams.Debug, record => events.WriteText("debug", record.Message));
        On(streams.Information, record => events.Write("information", json =>
        {
            json.WriteString("text", record.MessageData?.ToString());
            json.WriteStartArray("tags");
            foreach (var tag in record.Tags) json.WriteStringValue(tag);
            json.WriteEndArray();
        }));
        On(streams.Progress, record => events.Write("progress", json =>
        {
            json.WriteString("activity", record.Activity);
            json.WriteString("status", record.StatusDescription);
            json.WriteString("currentOperation", record.CurrentOperation);
            json.WriteNumber("percentComplete", record.PercentComplete);
            json.WriteNumber("secondsRemaining", record.SecondsRemaining);
            json.WriteNumber("activityId", record.ActivityId);
            json.WriteString("recordType", record.RecordType.ToString());
        }));
    }

    /// <summary>Calls `take` with each item as it is added; `DataAdding` runs in the pipeline's own thread.</summary>
    public static void On<T>(PSDataCollection<T> stream, Action<T> take) =>
        stream.DataAdding += (_, added) => take((T)added.ItemAdded);
}
