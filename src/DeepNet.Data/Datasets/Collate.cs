namespace DeepNet.Data;

/// <summary>Makes batches of examples.</summary>
/// <example><code>
/// var batches = Dataset.From(reviews).Collate(some =>
/// {
///     var (tokens, mask, _) = Collate.Pad(some, r => r.Tokens);
///     return (tokens, mask, Collate.Stack(some, r => r.Stars));
/// });
/// </code></example>
public static class Collate
{
    private const string MustBeAlike = "examples of one batch must be alike. Crop, pad or convert them, or use batches of one.";

    /// <summary>Stacks a value of each example along a new first axis.</summary>
    /// <param name="examples">The examples of the batch.</param>
    /// <param name="value">The value of an example; all have one shape and element type.</param>
    public static Tensor Stack<T>(IReadOnlyList<T> examples, Func<T, TensorValue> value)
    {
        var values = Values("stack", examples, value);
        for (int i = 1; i < values.Length; i++)
            if (values[i].Shape != values[0].Shape || values[i].DType != values[0].DType)
                throw new ArgumentException($"[stack] the value of example {i} of the batch is {values[i]}, that of example 0 is "
                    + $"{values[0]}: {MustBeAlike} Collate.Pad pads.");
        return TensorValue.Stack(values);
    }

    /// <summary>Stacks a value of each example along a new first axis, with padding behind those that are shorter.</summary>
    /// <param name="examples">The examples of the batch.</param>
    /// <param name="value">The value of an example; lengths may differ along one axis.</param>
    /// <param name="padding">The number to pad with, such as that of a token for it.</param>
    /// <param name="axis">The axis of an example along which lengths differ; negative ones count from the end.</param>
    /// <param name="toMultipleOf">
    /// The length of the batch is rounded up to a multiple of this, so that fewer lengths occur: compiled steps are kept by shape.
    /// </param>
    public static Padded Pad<T>(
        IReadOnlyList<T> examples, Func<T, TensorValue> value, Scalar padding = default, int axis = 0, int toMultipleOf = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(toMultipleOf);
        var values = Values("pad", examples, value);
        var first = values[0];
        int rank = first.Shape.Rank, along = axis < 0 ? axis + rank : axis;
        if (along < 0 || along >= rank)
            throw new ArgumentException($"[pad] the value of example 0 of the batch is {first}, which has no axis {axis} to pad.");
        var lengths = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            CheckBesides(values[i], first, i, along);
            lengths[i] = values[i].Shape[along];
        }
        int length = checked((int)((lengths.Max() + toMultipleOf - 1) / toMultipleOf * toMultipleOf));
        var padded = Array.TrueForAll(values, v => v.IsVector)
            ? TensorValue.StackPadded(values, length, padding)
            : StackPadded(values, along, length, padding);
        var mask = new bool[checked(values.Length * length)];
        for (int i = 0; i < values.Length; i++) mask.AsSpan(i * length, (int)lengths[i]).Fill(true);
        return new Padded(padded, Tensor.From<bool>(mask, new Shape(values.Length, length)), Tensor.From<long>(lengths));
    }

    /// <summary>The examples of a data set at some places, one by one, as a batch.</summary>
    internal static Batch Stack(IDataset dataset, ReadOnlySpan<int> indices, CancellationToken cancellation)
    {
        RequireSome("dataset", indices.Length);
        var x = new Tensor[indices.Length];
        var y = new Tensor[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (x[i], y[i]) = dataset[indices[i]];
            CheckAlike("x", x[i], x[0], indices[i], indices[0]);
            CheckAlike("y", y[i], y[0], indices[i], indices[0]);
        }
        return new Batch(Tensor.Stack(x), Tensor.Stack(y));
    }

    /// <summary>Throws unless a value of an example is like that of the first one of a batch.</summary>
    internal static void CheckAlike(string part, TensorValue value, TensorValue first, int index, int firstIndex)
    {
        if (value.Shape != first.Shape || value.DType != first.DType)
            throw new InvalidOperationException(
                $"[dataset] {part} of example {index} is {value}, that of example {firstIndex} is {first}: {MustBeAlike}");
    }

    /// <summary>Throws if there are no examples.</summary>
    internal static void RequireSome(string op, int count)
    {
        if (count == 0) throw new ArgumentException($"[{op}] a batch of no examples has no shape. Is the data set empty?");
    }

    private static TensorValue[] Values<T>(string op, IReadOnlyList<T> examples, Func<T, TensorValue> value)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(value);
        RequireSome(op, examples.Count);
        var values = new TensorValue[examples.Count];
        for (int i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = value(examples[i]);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"[{op}] the value of example {i} of the batch could not be made: {e.Message}", e);
            }
            if (values[i].IsNull) throw new ArgumentException($"[{op}] the value of example {i} of the batch is null.");
        }
        return values;
    }

    private static void CheckBesides(TensorValue value, TensorValue first, int index, int axis)
    {
        bool isAlike = value.Shape.Rank == first.Shape.Rank && value.DType == first.DType;
        for (int a = 0; isAlike && a < first.Shape.Rank; a++) isAlike = a == axis || value.Shape[a] == first.Shape[a];
        if (!isAlike)
            throw new ArgumentException($"[pad] the value of example {index} of the batch is {value}, that of example 0 is {first}: they "
                + $"may differ in length along axis {axis} only.");
    }

    private static Tensor StackPadded(TensorValue[] values, int axis, int length, Scalar padding)
    {
        int[] lengths = [values.Length, .. Enumerable.Range(0, values[0].Shape.Rank).Select(a => a == axis ? length : values[0].Shape[a])];
        using var noGrad = Autograd.NoGrad();
        var padded = Tensor.Full(new Shape(lengths), padding, values[0].DType, values[0].ToTensor().Device);
        for (int i = 0; i < values.Length; i++)
        {
            var value = values[i].ToTensor();
            if (value.Count > 0) padded[i].Narrow(axis, 0, value.Shape[axis]).CopyFrom(value.Detach());
        }
        return padded;
    }
}
