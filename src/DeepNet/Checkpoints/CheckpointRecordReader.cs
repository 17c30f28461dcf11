using System.Text;
using System.Text.Json;
using DeepNet.Optim;
using static DeepNet.IO.CheckpointRecord;

namespace DeepNet.IO;

/// <summary>Reads the JSON text of a checkpoint strictly: every part once, of the right type, and nothing else.</summary>
internal ref struct CheckpointRecordReader
{
    private const int MaxDepth = 8;

    private readonly string path;
    private readonly long at;
    private Utf8JsonReader json;

    private CheckpointRecordReader(string text, string path, long at)
    {
        this.path = path;
        this.at = at;
        json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    public static CheckpointRecord Read(string text, string path, long at)
    {
        var reader = new CheckpointRecordReader(text, path, at);
        try
        {
            return reader.ReadRecord();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw reader.Damaged("is not valid JSON", e);
        }
    }

    private CheckpointRecord ReadRecord()
    {
        var record = new CheckpointRecord();
        var seen = new HashSet<string>();
        json.Read();
        Expect(JsonTokenType.StartObject);
        while (NextName(out string name))
        {
            if (!seen.Add(name)) throw Damaged($"has {Damage.Quote(name)} twice");
            if (seen.Count == 1 && name != VersionName) throw Damaged("does not begin with the version");
            switch (name)
            {
                case VersionName: CheckVersion(); break;
                case EpochName: record.Epoch = Whole(); break;
                case StepName: record.Step = Whole(); break;
                case PositionName: record.Position = Whole(); break;
                case MeasureName: record.Measure = Number(); break;
                case ModelsName: ReadModels(record.Models); break;
                case StatesName: ReadStates(record.States); break;
                case GeneratorsName: ReadGenerators(record.Generators); break;
                case NumbersName: ReadNumbers(record.Numbers); break;
                case TextsName: ReadTexts(record.Texts); break;
                default: throw Damaged($"has an unknown part {Damage.Quote(name)}");
            }
        }
        while (json.Read()) { }
        foreach (string name in new[] { VersionName, EpochName, StepName, PositionName, ModelsName, StatesName, GeneratorsName, NumbersName,
            TextsName })
            if (!seen.Contains(name)) throw Damaged($"lacks the part '{name}'");
        return record;
    }

    private void CheckVersion()
    {
        long version = Whole();
        if (version > CurrentVersion)
            throw Damage.In(
                path, at, $"was written in version {version} of the format, and this library knows up to {CurrentVersion}: a later "
                    + "DeepNet reads it", format: "checkpoint");
        if (version < 1) throw Damaged($"claims version {version}");
    }

    private void ReadModels(List<string> models)
    {
        Expect(JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) models.Add(Text());
    }

    private void ReadStates(OrderedDictionary<string, OptimizerState> states)
    {
        Expect(JsonTokenType.StartObject);
        while (NextName(out string section))
        {
            Expect(JsonTokenType.StartObject);
            string? kind = null;
            var numbers = new OrderedDictionary<string, double>();
            while (NextName(out string name))
            {
                if (name == KindName && kind is null) kind = Text();
                else if (name == NumbersName && numbers.Count == 0) ReadNumbers(numbers);
                else throw Damaged($"has an unknown part {Damage.Quote(name)} in the state {Damage.Quote(section)}");
            }
            var state = new OptimizerState(kind ?? throw Damaged($"does not say what the state {Damage.Quote(section)} is of"));
            foreach (var (name, number) in numbers) state.Numbers.Add(name, number);
            Add(states, section, state);
        }
    }

    private void ReadGenerators(OrderedDictionary<string, GeneratorState> generators)
    {
        Expect(JsonTokenType.StartObject);
        while (NextName(out string name))
        {
            Expect(JsonTokenType.StartArray);
            json.Read();
            ulong key = Word();
            json.Read();
            Add(generators, name, new GeneratorState(key, Word()));
            json.Read();
            Expect(JsonTokenType.EndArray);
        }
    }

    private void ReadNumbers(OrderedDictionary<string, double> numbers)
    {
        Expect(JsonTokenType.StartObject);
        while (NextName(out string name)) Add(numbers, name, Number());
    }

    private void ReadTexts(OrderedDictionary<string, string> texts)
    {
        Expect(JsonTokenType.StartObject);
        while (NextName(out string name)) Add(texts, name, Text());
    }

    /// <summary>Goes to the next part of an object, and to its value; false at the end.</summary>
    private bool NextName(out string name)
    {
        name = "";
        if (!json.Read() || json.TokenType != JsonTokenType.PropertyName) return false;
        name = json.GetString()!;
        return json.Read();
    }

    private long Whole()
        => json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long value) ? value : throw Wrong("a whole number");

    private ulong Word()
        => json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out ulong value) ? value : throw Wrong("a whole number of 64 bits");

    private double Number() => json.TokenType switch
    {
        JsonTokenType.Number when json.TryGetDouble(out double value) && double.IsFinite(value) => value,
        JsonTokenType.String => json.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw Wrong("a number"),
        },
        _ => throw Wrong("a number"),
    };

    private string Text() => json.TokenType == JsonTokenType.String ? json.GetString()! : throw Wrong("a string");

    private readonly void Expect(JsonTokenType type)
    {
        if (json.TokenType != type)
            throw Wrong(
                type switch { JsonTokenType.StartObject => "an object", JsonTokenType.StartArray => "a list", _ => "the end of a list" });
    }

    private readonly void Add<T>(OrderedDictionary<string, T> parts, string name, T part)
    {
        if (!parts.TryAdd(name, part)) throw Damaged($"has {Damage.Quote(name)} twice");
    }

    private readonly InvalidDataException Wrong(string expected) => Damaged($"has something else where {expected} belongs");

    private readonly InvalidDataException Damaged(string what, Exception? inner = null)
        => Damage.In(path, at, $"has a description that {what}, near its character {json.BytesConsumed}", inner, "checkpoint");
}
