using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeepNet.Optim;

namespace DeepNet.IO;

/// <summary>
/// Represents what a checkpoint holds besides elements of tensors: a JSON text in the file's metadata. Doubles are written so that they
/// read back as the same bits; those that JSON has no number for are strings.
/// </summary>
internal sealed class CheckpointRecord
{
    /// <summary>The version that is written. Readers take it and all before it.</summary>
    public const int CurrentVersion = 1;

    public const string VersionName = "version", EpochName = "epoch", StepName = "step", PositionName = "position", MeasureName = "measure",
        ModelsName = "models", StatesName = "states", KindName = "kind", GeneratorsName = "generators", NumbersName = "numbers",
            TextsName = "texts";

    public long Epoch { get; set; }
    public long Step { get; set; }
    public long Position { get; set; }
    public double? Measure { get; set; }

    /// <summary>The sections that are models; one without any tensor is a model too.</summary>
    public List<string> Models { get; } = [];

    /// <summary>The states of optimizers, schedules and averages by section.</summary>
    public OrderedDictionary<string, OptimizerState> States { get; } = [];

    public OrderedDictionary<string, GeneratorState> Generators { get; } = [];
    public OrderedDictionary<string, double> Numbers { get; } = [];
    public OrderedDictionary<string, string> Texts { get; } = [];

    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber(VersionName, CurrentVersion);
            json.WriteNumber(EpochName, Epoch);
            json.WriteNumber(StepName, Step);
            json.WriteNumber(PositionName, Position);
            if (Measure is { } measure) Write(json, MeasureName, measure);
            json.WriteStartArray(ModelsName);
            foreach (string model in Models) json.WriteStringValue(model);
            json.WriteEndArray();
            json.WriteStartObject(StatesName);
            foreach (var (section, state) in States)
            {
                json.WriteStartObject(section);
                json.WriteString(KindName, state.Kind);
                Write(json, NumbersName, state.Numbers);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteStartObject(GeneratorsName);
            foreach (var (section, state) in Generators)
            {
                json.WriteStartArray(section);
                json.WriteNumberValue(state.Key);
                json.WriteNumberValue(state.Counter);
                json.WriteEndArray();
            }
            json.WriteEndObject();
            Write(json, NumbersName, Numbers);
            json.WriteStartObject(TextsName);
            foreach (var (name, text) in Texts) json.WriteString(name, text);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, double>> numbers)
    {
        json.WriteStartObject(name);
        foreach (var (key, number) in numbers) Write(json, key, number);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteString(name, double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }
}
