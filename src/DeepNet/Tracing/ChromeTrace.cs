using System.Diagnostics;
using System.Text.Json;

namespace DeepNet.Tracing;

/// <summary>Writes a profile in the trace event format of Chrome: complete events, operators around their kernels.</summary>
internal static class ChromeTrace
{
    public static void Write(Stream file, List<ProfileSpan> spans)
    {
        long first = spans.Count == 0 ? 0 : spans.Min(span => span.Start);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        foreach (var span in spans)
        {
            json.WriteStartObject();
            json.WriteString("name", span.Name);
            json.WriteString("cat", span.IsKernel ? "kernel" : span.IsBackward ? "backward" : "forward");
            json.WriteString("ph", "X");
            json.WriteNumber("ts", Microseconds(span.Start - first));
            json.WriteNumber("dur", Microseconds(span.Ticks));
            json.WriteNumber("pid", 1);
            json.WriteNumber("tid", 1);
            json.WriteStartObject("args");
            if (span.Path.Length > 0) json.WriteString("module", span.Path);
            if (span.Flops > 0) json.WriteNumber("flop", span.Flops);
            if (span.Bytes > 0) json.WriteNumber("bytes", span.Bytes);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
