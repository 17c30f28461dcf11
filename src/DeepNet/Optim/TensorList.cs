namespace DeepNet.Optim;

/// <summary>
/// Dense tensors side by side as one long vector, with the arithmetic of one: each operation is one pass over all of them.
/// </summary>
internal sealed class TensorList(Tensor[] tensors)
{
    public ReadOnlySpan<Tensor> Tensors => tensors;

    public static TensorList CopyOf(IEnumerable<Tensor> tensors) => new([.. tensors.Select(t => Memory.Keep(t.CopyDense()))]);

    public TensorList Clone() => CopyOf(tensors);

    public TensorList CopyFrom(TensorList source)
    {
        for (int i = 0; i < tensors.Length; i++) tensors[i].Kernels.Copy(source.Tensors[i], tensors[i]);
        return this;
    }

    /// <summary>this ← share·this.</summary>
    public TensorList Scale(double share)
    {
        var batch = new UpdateBatch<ScaleRule>();
        foreach (var tensor in tensors) batch.Add(new ScaleRule(share), tensor, tensor);
        batch.Run();
        return this;
    }

    /// <summary>this ← this + factor·other.</summary>
    public TensorList Add(double factor, TensorList other)
    {
        Add(tensors, factor, other);
        return this;
    }

    /// <summary>Adds a multiple of a vector to any tensors of the same shapes, in place.</summary>
    public static void Add(ReadOnlySpan<Tensor> to, double factor, TensorList other)
    {
        var batch = new UpdateBatch<CombineRule>();
        for (int i = 0; i < to.Length; i++) batch.Add(new CombineRule(1, factor), to[i], other.Tensors[i]);
        batch.Run();
    }

    public double Dot(TensorList other) => Measure<DotProduct>(other);

    public double Largest() => Measure<LargestMagnitude>(this);

    public double SumOfMagnitudes() => Measure<SumOfMagnitudes>(this);

    private double Measure<TMeasure>(TensorList other) where TMeasure : unmanaged, IMeasure<TMeasure>
        => tensors[0].Kernels.Measure<TMeasure>(tensors, other.Tensors);
}
