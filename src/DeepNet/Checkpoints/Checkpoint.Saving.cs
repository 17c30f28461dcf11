using System.Globalization;
using System.Text;
using DeepNet.Optim;

namespace DeepNet.IO;

public sealed partial class Checkpoint
{
    private const string ChecksumKey = "deepnet.crc32c";

    /// <summary>
    /// Writes the file, atomically: whenever the process dies, its name holds a whole checkpoint, the new one or the old.
    /// </summary>
    /// <param name="path">The file; its folder is made if it does not exist.</param>
    /// <inheritdoc cref="SafeTensors.Save(string, IEnumerable{KeyValuePair{string, Tensor}}, IReadOnlyDictionary{string, string})"
    /// path="/exception"/>
    public void Save(string path) => Save(path, null);

    internal void Save(string path, double? measure)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var record = new CheckpointRecord { Epoch = Epoch, Step = Step, Position = Position, Measure = measure };
        var tensors = new List<KeyValuePair<string, Tensor>>();
        // The models first: asking one for its state gives its parameters the names that the optimizers go by.
        foreach (var (section, model) in models)
        {
            record.Models.Add(section);
            foreach (var (name, tensor) in model.State()) tensors.Add(new($"{section}/{name}", tensor));
        }
        foreach (var (section, part) in states)
        {
            var state = new OptimizerState(part.Kind) { IsShared = true };
            part.Capture(state);
            record.States.Add(section, state);
            foreach (var (name, tensor) in state.Tensors) tensors.Add(new($"{section}/{name}", tensor));
        }
        foreach (var (section, generator) in generators) record.Generators.Add(section, generator.State);
        foreach (var (name, number) in Numbers) record.Numbers.Add(name, number);
        foreach (var (name, text) in Texts)
        {
            SafeTensors.CheckText(text, $"the text {Damage.Quote(name)}");
            record.Texts.Add(name, text);
        }
        foreach (string name in Texts.Keys.Concat(Numbers.Keys)) SafeTensors.CheckText(name, "the name");
        foreach (var (name, tensor) in Tensors) tensors.Add(new($"{OwnTensors}/{name}", tensor));

        string json = record.ToJson();
        tensors = SafeTensors.InFileOrder(tensors);
        SafeTensors.Save(path, tensors,
            new OrderedDictionary<string, string> { [CheckpointMark.Key] = json, [ChecksumKey] = Checksum(json, tensors) });
    }

    // Of everything that matters: a flipped bit in a weight would otherwise train on unnoticed.
    private static string Checksum(string json, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var crc = new Crc32C();
        crc.Add(Encoding.UTF8.GetBytes(json));
        foreach (var (name, tensor) in tensors)
        {
            crc.Add(Encoding.UTF8.GetBytes($"{name} {SafeTensorsTypes.NameOf(tensor.DType)} {tensor.Shape}"));
            Elements.Visit(tensor, crc.Add);
        }
        return crc.Value.ToString("x8", CultureInfo.InvariantCulture);
    }
}
