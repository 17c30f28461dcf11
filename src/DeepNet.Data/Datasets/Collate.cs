namespace DeepNet.Data;

/// <summary>Examples one by one, made into a batch.</summary>
internal static class Collate
{
    public static Batch Stack(IDataset dataset, ReadOnlySpan<int> indices, CancellationToken cancellation)
    {
        if (indices.IsEmpty) throw new ArgumentException("[dataset] a batch of no examples has no shape. Is the data set empty?");
        var x = new Tensor[indices.Length];
        var y = new Tensor[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (x[i], y[i]) = dataset[indices[i]];
            Check("x", x[i], x[0], indices[i], indices[0]);
            Check("y", y[i], y[0], indices[i], indices[0]);
        }
        return new Batch(Tensor.Stack(x), Tensor.Stack(y));
    }

    private static void Check(string part, Tensor tensor, Tensor first, int index, int firstIndex)
    {
        if (tensor.Shape != first.Shape || tensor.DType != first.DType)
            throw new InvalidOperationException(
                $"[dataset] {part} of example {index} is {tensor.DType.Name()} {tensor.Shape}, that of example {firstIndex} is "
                    + $"{first.DType.Name()} {first.Shape}: "
                + "examples of one batch must be alike. Crop, pad or convert them, or use batches of one.");
    }
}
