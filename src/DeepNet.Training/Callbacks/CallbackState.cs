using DeepNet.IO;
using DeepNet.Training.Running;

namespace DeepNet.Training;

/// <summary>Represents the state of one callback in a checkpoint: numbers, texts and tensors by names of its own.</summary>
public sealed class CallbackState
{
    private const string Section = "callbacks";

    private readonly Checkpoint checkpoint;
    private readonly string prefix;

    internal CallbackState(Trainer trainer, Checkpoint checkpoint, Callback callback)
    {
        (Trainer, Owner) = (trainer, callback.Name);
        this.checkpoint = checkpoint;
        prefix = $"{Section}/{callback.Name}/";
    }

    /// <summary>Keeps a number.</summary>
    public void Put(string name, double number) => checkpoint.Numbers[prefix + name] = number;

    /// <summary>Keeps a text.</summary>
    public void Put(string name, string text) => checkpoint.Texts[prefix + name] = text;

    /// <summary>Keeps a tensor: as it is when the file is written.</summary>
    public void Put(string name, Tensor tensor) => checkpoint.Tensors[prefix + name] = tensor;

    /// <summary>A number that was kept, or another value if there is none.</summary>
    public double Number(string name, double otherwise = double.NaN)
        => checkpoint.Numbers.TryGetValue(prefix + name, out double number) ? number : otherwise;

    /// <summary>A count that was kept, or 0 if there is none.</summary>
    /// <exception cref="InvalidDataException">The number is no count.</exception>
    internal long Count(string name, long most = int.MaxValue) => SavedNumbers.Count(checkpoint, prefix + name, most);

    /// <summary>A text that was kept; null if there is none.</summary>
    public string? Text(string name) => checkpoint.Texts.TryGetValue(prefix + name, out string? text) ? text : null;

    /// <summary>The tensors that were kept, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors
        => checkpoint.Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value);

    /// <summary>Gets the trainer whose run is saved or resumed.</summary>
    internal Trainer Trainer { get; }

    /// <summary>Gets the name of the callback.</summary>
    internal string Owner { get; }

    /// <summary>Gets a value that is true if the callback stored nothing.</summary>
    internal bool IsEmpty
        => !checkpoint.Numbers.Keys.Concat(checkpoint.Texts.Keys).Concat(checkpoint.Tensors.Keys)
            .Any(n => n.StartsWith(prefix, StringComparison.Ordinal));
}
