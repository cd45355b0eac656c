using System.Management.Automation;

namespace UserSession.TestHost.Runner;

/// <summary>Progress for a human: one line to stderr each time its words change.</summary>
internal static class ConsoleProgress
{
    public static void Watch(PSDataCollection<ProgressRecord> stream)
    {
        var last = "";
        Streams.On(stream, record =>
        {
            if (record.RecordType == ProgressRecordType.Completed) return;
            var text = $"{record.Activity}: {record.StatusDescription}";
            if (text == last) return;
            last = text;
            Console.Error.WriteLine(text);
        });
    }
}
