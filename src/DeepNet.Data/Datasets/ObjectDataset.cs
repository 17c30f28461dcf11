namespace DeepNet.Data;

/// <summary>Inputs and targets that functions make of objects, whenever they are asked for.</summary>
internal sealed class ObjectDataset<T>(IDataset<T> source, Func<T, TensorValue> x, Func<T, TensorValue>? y) : IDataset, ILabeled
{
    private int[]? labels;

    public int Count => source.Count;

    public Sample this[int index]
    {
        get
        {
            var item = source[index];
            var input = Value("x", x, item, index).ToTensor();
            return new Sample(input, y is null ? input : Value("y", y, item, index).ToTensor());
        }
    }

    public IReadOnlyList<int> Labels => labels ??= [.. Enumerable.Range(0, Count).Select(Label)];

    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        Collate.RequireSome("dataset", indices.Length);
        var inputs = new TensorValue[indices.Length];
        var targets = y is null ? inputs : new TensorValue[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var item = source[indices[i]];
            inputs[i] = Value("x", x, item, indices[i]);
            Collate.CheckAlike("x", inputs[i], inputs[0], indices[i], indices[0]);
            if (y is null) continue;
            targets[i] = Value("y", y, item, indices[i]);
            Collate.CheckAlike("y", targets[i], targets[0], indices[i], indices[0]);
        }
        var stacked = TensorValue.Stack(inputs);
        return new Batch(stacked, y is null ? stacked : TensorValue.Stack(targets));
    }

    private int Label(int index)
    {
        var value = Value("y", y ?? x, source[index], index);
        return !value.DType.IsFloating() && value.Shape.Count == 1 ? value.ToTensor().Reshape().Item<int>() : throw new
            InvalidOperationException($"[dataset] y of example {index} is {value}, which is no class label: that is an integer.");
    }

    private static TensorValue Value(string part, Func<T, TensorValue> make, T item, int index)
    {
        TensorValue value;
        try
        {
            value = make(item);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"[dataset] {part} of example {index} could not be made: {e.Message}", e);
        }
        return value.IsNull ? throw new InvalidOperationException($"[dataset] {part} of example {index} is null.") : value;
    }

    public override string ToString() => $"Dataset.From({source})";
}
