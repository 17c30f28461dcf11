using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>A weight to which adapters add matrices of low rank.</summary>
internal sealed class LoraWeight(Parameter holder) : Parametrization
{
    [StateName("lora")]
    private readonly OrderedDictionary<string, LoraAdapter> adapters = [];
    [NotChild]
    private readonly Parameter holder = holder;

    public OrderedDictionary<string, LoraAdapter> Adapters => adapters;

    /// <summary>Gets a value that is true if the original has what the adapters add in it.</summary>
    public bool IsMerged { get; private set; }

    protected override bool KeepsName => true;

    public override string Description => $"LoraWeight({string.Join(", ", adapters.Keys)})";

    /// <summary>The lengths of a weight as a matrix: the first axis, and all others.</summary>
    public static (int Rows, int Columns) MatrixOf(Shape shape) => (shape[0], shape[0] == 0 ? 0 : checked((int)(shape.Count / shape[0])));

    protected override Tensor Inverse(Tensor value) => value;

    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return IsMerged ? x : Sum(x, 1);
    }

    // Two thin products in place of the sum of matrices: then no gradient of the whole weight is computed, which would be thrown away.
    protected override Tensor Affine(Tensor x, Tensor? bias, Formula? activation)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (IsMerged || adapters.Values.All(adapter => adapter.Weight == 0))
            return x.Affine(Original.Value, bias, transposed: true, activation);
        var y = x.Affine(Original.Value, bias, transposed: true);
        foreach (var adapter in adapters.Values)
            if (adapter.Weight != 0) y = y + adapter.Apply(x, adapter.Weight);
        return activation is null ? y : activation.Apply(y);
    }

    /// <summary>Adds what the adapters add to the original, or takes it away again.</summary>
    public void Merge(bool merged)
    {
        if (IsMerged == merged) return;
        if (Original.Parametrization is { } inner)
            throw new InvalidOperationException(
                $"[lora] a weight that {inner.Description} computes cannot be added to: make that permanent first.");
        WithoutDropout(() => Original.Value.Detach().CopyFrom(Sum(Original.Value.Detach(), merged ? 1 : -1)));
        IsMerged = merged;
    }

    /// <summary>Makes the parameter a plain one of its present value.</summary>
    public void Remove() => WithoutDropout(holder.RemoveParametrization);

    private Tensor Sum(Tensor x, double sign)
    {
        foreach (var adapter in adapters.Values)
            if (adapter.Weight != 0) x = x + adapter.Matrix(sign * adapter.Weight).Reshape(x.Shape.Axes);
        return x;
    }

    private void WithoutDropout(Action action)
    {
        bool wasTraining = IsTraining;
        Eval();
        using (Autograd.NoGrad()) action();
        Train(wasTraining);
    }
}
