using System.Text;
using System.Text.Json;

namespace DeepNet.Training;

/// <summary>The epochs of a history as JSON; doubles read back as the same bits.</summary>
internal static class HistoryJson
{
    private const string EpochName = "epoch", StepName = "step", SecondsName = "seconds", RateName = "lr", ValuesName = "values";

    public static string Write(IEnumerable<EpochRecord> epochs)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var epoch in epochs)
            {
                json.WriteStartObject();
                json.WriteNumber(EpochName, epoch.Epoch);
                json.WriteNumber(StepName, epoch.Step);
                WriteNumber(json, SecondsName, epoch.Seconds);
                WriteNumber(json, RateName, epoch.LearningRate);
                json.WriteStartObject(ValuesName);
                foreach (var (name, value) in epoch.Values) WriteNumber(json, name, value);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <exception cref="InvalidDataException">The text is not what <see cref="Write"/> makes.</exception>
    public static List<EpochRecord> Read(string text)
    {
        try
        {
            return ReadEpochs(text);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"its history is not a list of epochs: {e.Message}", e);
        }
    }

    private static List<EpochRecord> ReadEpochs(string text)
    {
        var epochs = new List<EpochRecord>();
        using var json = JsonDocument.Parse(text);
        foreach (var epoch in json.RootElement.EnumerateArray())
        {
            var values = new OrderedDictionary<string, double>();
            foreach (var value in epoch.GetProperty(ValuesName).EnumerateObject()) values[value.Name] = ReadNumber(value.Value);
            epochs.Add(new EpochRecord(epoch.GetProperty(EpochName).GetInt32(), epoch.GetProperty(StepName).GetInt64(),
                ReadNumber(epoch.GetProperty(SecondsName)), ReadNumber(epoch.GetProperty(RateName)), values));
        }
        return epochs;
    }

    // JSON has no number for those that are not finite.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static double ReadNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble()
        : value.GetString() switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN };
}
