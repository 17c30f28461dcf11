using DeepNet.Data;

namespace DeepNet.Hosting.Predicting;

/// <summary>Makes one tensor of the inputs of a batch, a row each, and an output of each row of the model's.</summary>
internal sealed class Rows<TIn, TOut>(Func<TIn, TensorValue> input, Func<ReadOnlySpan<float>, TOut> output)
{
    // Of a batch that the model computed: later inputs that differ are refused before they spoil the batch of others.
    private volatile Kind? computed;

    public Tensor Prepare(TIn value)
    {
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        var row = input(value).ToTensor();
        if (computed is { } known && known != new Kind(row.Shape, row.DType))
            throw new ArgumentException($"it is {row.DType.Name()} {row.Shape}, and those before it were {known.DType.Name()} "
                + $"{known.Shape}: inputs of a batch must be alike. Crop, pad or convert them.");
        return Memory.Keep(row.Detach().Clone());
    }

    public IReadOnlyList<TOut> Compute(LoadedModel model, IReadOnlyList<Tensor> rows)
    {
        var y = model.Module.Forward(Tensor.Stack([.. rows]).To(model.Device));
        if (y.Rank == 0 || y.Shape[0] != rows.Count)
            throw new InvalidOperationException($"[predictor] the model {model.Module.GetType().Name} made {y.Shape} of a batch of "
                + $"{rows.Count}: the first axis of its output has to count the inputs.");
        var outputs = new TOut[rows.Count];
        using var numbers = y.To(DType.Float32).To(Device.Cpu).Contiguous().LeaseReadOnly<float>();
        int width = (int)(y.Count / rows.Count);
        for (int i = 0; i < outputs.Length; i++) outputs[i] = output(numbers.Span.Slice(i * width, width));
        computed ??= new Kind(rows[0].Shape, rows[0].DType);
        return outputs;
    }

    private sealed record Kind(Shape Shape, DType DType);
}
