using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace UserSession.TestHost.Runner;

/// <summary>Writes events as JSON lines, each flushed at once, from whatever thread has something to tell.</summary>
public sealed class EventWriter(Stream target) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly object gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();

    public static EventWriter OnStandardOutput() => new(Console.OpenStandardOutput());

    /// <summary>Starts the clock of the events anew, for the next script of a served process.</summary>
    public void Restart() => clock.Restart();

    public void Write(string stream, Action<Utf8JsonWriter>? fill = null)
    {
        // Filled outside the lock: evaluating a property can itself cause events.
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("stream", stream);
            json.WriteNumber("ms", Math.Round(clock.Elapsed.TotalMilliseconds, 1));
            fill?.Invoke(json);
            json.WriteEndObject();
        }
        line.Write("\n"u8);
        lock (gate)
        {
            target.Write(line.WrittenSpan);
            target.Flush();
        }
    }

    /// <summary>An event that is a piece of text.</summary>
    public void WriteText(string stream, string text) => Write(stream, json => json.WriteString("text", text));

    public void Dispose() => target.Dispose();
}
