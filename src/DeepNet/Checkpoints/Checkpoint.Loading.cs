using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.IO;

// All or nothing: the file is read and compared with what is here, and only if all of it fits does anything change.
public sealed partial class Checkpoint
{
    private const int MostReported = 100;

    /// <summary>Goes on from a file: everything is as it was when it was saved.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no checkpoint; nothing was changed.</exception>
    /// <exception cref="ArgumentException">The file is of other models or optimizers than those here; the message lists every difference,
    /// and nothing was changed.</exception>
    public void Load(string path) => Load(path, modelsOnly: false);

    /// <summary>
    /// The same for an owner that keeps more in numbers, texts and tensors than this knows of: once those of the file are here it checks
    /// them, by throwing what it likes, and returns what takes them over; only then does anything else change.
    /// </summary>
    internal void Load(string path, Func<Action> prepare) => Load(path, modelsOnly: false, prepare);

    /// <summary>The same if there is such a file: the first line of a program that can be killed and started again.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryLoad(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) return false;
        Load(path);
        return true;
    }

    /// <summary>Takes the models alone from a file, as for an evaluation; the rest here stays as it is.</summary>
    /// <inheritdoc cref="Load(string)" path="/exception"/>
    public void LoadModels(string path) => Load(path, modelsOnly: true);

    private void Load(string path, bool modelsOnly, Func<Action>? prepare = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = Memory.Scope();
        var (record, tensors) = Read(path, Limits);
        var sections = tensors.Select(t => (t.Key[..t.Key.IndexOf('/', StringComparison.Ordinal)], t.Key, t.Value))
            .ToLookup(t => t.Item1, t => KeyValuePair.Create(t.Key[(t.Item1.Length + 1)..], t.Value));

        var changes = new List<Action>();
        var differences = new List<string>();
        Compare(differences, "", record.Models, models.Keys);
        foreach (var (section, model) in models)
            if (record.Models.Contains(section)) changes.Add(Prepare(section, model, sections[section], differences));
        if (!modelsOnly)
        {
            Compare(differences, "", record.States.Keys, states.Keys);
            Compare(differences, "", record.Generators.Keys, generators.Keys);
            // Schedules set learning rates; optimizers come after them, and have the last word on theirs.
            foreach (var (section, part) in states.OrderBy(s => s.Value is Optimizer))
                if (record.States.TryGetValue(section, out var state))
                    changes.Add(Prepare(section, part, state, sections[section], differences));
            foreach (var (section, generator) in generators)
                if (record.Generators.TryGetValue(section, out var state)) changes.Add(() => generator.State = state);
        }
        if (differences.Count > 0) throw new ArgumentException(Misfit(path, differences));
        if (!modelsOnly) TakeOwn(record, sections[OwnTensors]);
        if (prepare is not null) changes.Add(prepare());
        foreach (var change in changes) change();
    }

    /// <summary>Reads a file and checks that it is whole.</summary>
    internal static (CheckpointRecord Record, Dictionary<string, Tensor> Tensors) Read(
        string path, ReadLimits? limits = null) => SafeTensors.Read(path, stream =>
    {
        var header = SafeTensorsParser.Read(stream, path, limits);
        var record = Record(header, path, out string json);
        foreach (var entry in header.Entries)
            if (entry.Name.IndexOf('/', StringComparison.Ordinal) < 1)
                throw Damage.In(
                    path, header.MetadataAt,
                    $"holds a tensor {Damage.Quote(entry.Name)}, and in a checkpoint names begin with a section and a slash",
                    format: "checkpoint");
        var tensors = Elements.Read(stream, header.Entries);
        string checksum = Checksum(json, tensors), expected = header.Metadata.GetValueOrDefault(ChecksumKey, "missing");
        if (checksum != expected)
            throw Damage.In(
                path, header.MetadataAt,
                $"was altered after it was written: its checksum is {checksum} and should be {Damage.Quote(expected)}",
                format: "checkpoint");
        return (record, tensors);
    });

    private static CheckpointRecord Record(SafeTensorsHeader header, string path, out string json)
    {
        if (!header.Metadata.TryGetValue(CheckpointMark.Key, out json!))
            throw Damage.In(path, header.MetadataAt, "holds tensors, but is not a checkpoint. Weights alone are loaded by model.Load",
                format: "checkpoint");
        return CheckpointRecordReader.Read(json, path, header.MetadataAt);
    }

    /// <summary>Reads the record of a file without its tensors, and so without the check of their sum.</summary>
    internal static CheckpointRecord RecordOf(string path)
        => SafeTensors.Read(path, stream => Record(SafeTensorsParser.Read(stream, path), path, out _));

    private static Action Prepare(string section, Module model, IEnumerable<KeyValuePair<string, Tensor>> saved, List<string> differences)
    {
        var given = saved.ToDictionary();
        var own = model.State();
        Compare(differences, $"{section}/", given.Keys, [.. own.Keys]);
        foreach (var (name, tensor) in own)
        {
            if (!given.TryGetValue(name, out var value)) continue;
            if (!value.Shape.Equals(tensor.Shape))
                differences.Add($"{section}/{name}: of shape {value.Shape} in the file, {tensor.Shape} here");
            if (value.DType != tensor.DType)
                differences.Add($"{section}/{name}: {value.DType.Name()} in the file, {tensor.DType.Name()} here");
        }
        return () =>
        {
            using var noGrad = GradSwitch.Off();
            foreach (var (name, tensor) in own) tensor.CopyFrom(given[name]);
        };
    }

    private static Action Prepare(
        string section, IResumable part, OptimizerState state, IEnumerable<KeyValuePair<string, Tensor>> saved, List<string> differences)
    {
        if (state.Kind != part.Kind)
        {
            differences.Add($"{section}: '{state.Kind}' in the file, '{part.Kind}' here");
            return () => { };
        }
        foreach (var (name, tensor) in saved) state.Tensors.Add(name, tensor);
        var reader = new StateReader(state);
        var change = part.Prepare(reader);
        differences.AddRange(reader.Differences.Select(difference => $"{section}/{difference}"));
        return change;
    }

    private void TakeOwn(CheckpointRecord record, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        (Epoch, Step, Position) = (record.Epoch, record.Step, record.Position);
        Replace(Numbers, record.Numbers);
        Replace(Texts, record.Texts);
        Replace(Tensors, tensors.Select(t => KeyValuePair.Create(t.Key, Memory.Keep(t.Value))));
    }

    private static void Replace<T>(IDictionary<string, T> own, IEnumerable<KeyValuePair<string, T>> saved)
    {
        own.Clear();
        foreach (var (name, value) in saved) own.Add(name, value);
    }

    private static void Compare(List<string> differences, string prefix, IReadOnlyCollection<string> saved, IReadOnlyCollection<string> own)
    {
        differences.AddRange(own.Except(saved).Select(name => $"{prefix}{name}: missing in the file"));
        differences.AddRange(saved.Except(own).Select(name => $"{prefix}{name}: in the file, not here"));
    }

    private static string Misfit(string path, List<string> differences)
        => $"[checkpoint] {path} is of a run that was built otherwise; nothing was changed.\n  "
            + string.Join("\n  ", differences.Take(MostReported).Select(Printable.Line))
            + (differences.Count > MostReported ? $"\n  … and {differences.Count - MostReported} more" : "");
}
