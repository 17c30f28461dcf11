namespace DeepNet.Ops;

/// <summary>
/// A recurrent cell over a whole sequence. The inputs of all steps are projected by one product, a step is a small product and one pass
/// over the gates, and the gradient of each weight is one product over all steps.
/// </summary>
/// <remarks>
/// Inputs: x (steps, batch, features); the hidden state (batch, units), and the memory if the cell has one; the weights of inputs
/// (gates·units, features) and of the hidden state (gates·units, units), and both biases or none. The result is (steps, batch, units), the
/// hidden states; if there is a memory, one step more, the last memory.
/// </remarks>
internal sealed class FusedSequence<TCell> : Operator, IFusedSequence where TCell : unmanaged, ICell
{
    // Where the weights begin among the inputs, and what is kept beside these.
    private static readonly int Weights = TCell.HasMemory ? 3 : 2;
    private const int ResultSlot = 7, GatesSlot = 8, SavedSlot = 9;

    private readonly bool isReverse;
    private DType? low;
    private int count;

    private FusedSequence(bool isReverse) => this.isReverse = isReverse;

    /// <summary>Runs over checked inputs of one type, float32 or float64, with at least one step and one sequence.</summary>
    public static Tensor Of(bool isReverse, params ReadOnlySpan<Tensor> inputs) => new FusedSequence<TCell>(isReverse).Apply(inputs);

    /// <summary>The same, with the hidden states and the last state apart.</summary>
    public static (Tensor Outputs, Tensor[] State) Run(bool isReverse, params ReadOnlySpan<Tensor> inputs)
    {
        var y = Of(isReverse, inputs);
        int steps = inputs[0].Shape[0];
        var hidden = y.Select(0, isReverse ? 0 : steps - 1);
        return TCell.HasMemory ? (y.Narrow(0, 0, steps), [hidden, y.Select(0, steps)]) : (y, [hidden]);
    }

    /// <inheritdoc/>
    public bool IsReverse => isReverse;

    /// <inheritdoc/>
    public Type Cell => typeof(TCell);

    public override string Name => TCell.Name;

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        (count, low) = (inputs.Length, Autocast.TypeFor(inputs[0]));
        var (x, hidden) = (inputs[0], inputs[1]);
        int steps = x.Shape[0], batch = x.Shape[1], units = hidden.Shape[1];
        bool hasBias = count > Weights + 2;
        var bias = !hasBias ? null : TCell.KeepsProducts ? inputs[Weights + 2] : inputs[Weights + 2] + inputs[Weights + 3];
        var gates = Tensor.Allocate(new Shape(steps, batch, TCell.Gates * units), x.DType, x.Device);
        x.Kernels.MatMul(Halves.As(low, x), Halves.As(low, inputs[Weights]), gates, isTransposed: true, end: new(bias, null));
        var saved = Tensor.Allocate(new Shape(steps, batch, units), x.DType, x.Device);
        var y = Tensor.Allocate(new Shape(TCell.HasMemory ? steps + 1 : steps, batch, units), x.DType, x.Device);
        var productBias = hasBias && TCell.KeepsProducts ? inputs[Weights + 3].Contiguous() : null;
        var memory = TCell.HasMemory ? inputs[2].Contiguous() : null;
        var weight = inputs[Weights + 1].Contiguous();
        x.Kernels.Sequence<TCell>(new(gates, weight, productBias, hidden.Contiguous(), memory, y, saved, isReverse));
        for (int i = 0; i < count; i++) Save(i, inputs[i]);
        SaveResult(ResultSlot, y);
        Save(GatesSlot, gates);
        Save(SavedSlot, saved);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        if (IsRecording) VjpOfTensors(gradient);
        else VjpOfKernel(gradient);
    }

    private void VjpOfKernel(Tensor gradient)
    {
        var (x, hidden, gates, y) = (Saved(0), Saved(1), Saved(GatesSlot), Saved(ResultSlot));
        Tensor New(Tensor like) => Tensor.Allocate(like.Shape, x.DType, x.Device);
        Tensor dGates = New(gates), dProducts = TCell.KeepsProducts ? New(gates) : dGates, dHidden = New(hidden);
        var dMemory = TCell.HasMemory ? New(hidden) : null;
        var memory = TCell.HasMemory ? Saved(2).Contiguous() : null;
        var sequence = new CellSequence(
            gates, Saved(Weights + 1).Contiguous(), null, hidden.Contiguous(), memory, y, Saved(SavedSlot), isReverse);
        x.Kernels.SequenceBackward<TCell>(sequence, gradient.Contiguous(), dGates, dProducts, dHidden, dMemory);
        var rows = Rows(dGates);
        var lowRows = Halves.As(low, rows);
        if (Needs(0)) Give(0, MatMul.Of(lowRows, Halves.As(low, Saved(Weights)), x.DType).Reshape(x.Shape.Axes));
        if (Needs(1)) Give(1, dHidden);
        if (dMemory is not null && Needs(2)) Give(2, dMemory);
        if (Needs(Weights)) Give(Weights, MatMul.Of(lowRows.T, Halves.As(low, Rows(x)), x.DType));
        if (Needs(Weights + 1)) Give(Weights + 1, HiddenWeightGradient(dProducts, hidden, y));
        if (count > Weights + 2) GiveBiases(rows, Rows(dProducts));
    }

    private void GiveBiases(Tensor dGates, Tensor dProducts)
    {
        int ofInput = Weights + 2, ofHidden = Weights + 3;
        var dBias = Needs(ofInput) || (Needs(ofHidden) && !TCell.KeepsProducts) ? dGates.Sum(0) : null;
        if (Needs(ofInput)) Give(ofInput, dBias!);
        if (Needs(ofHidden)) Give(ofHidden, TCell.KeepsProducts ? dProducts.Sum(0) : dBias!.CopyDense());
    }

    // Each step has read what the one before it put out, the first of them the initial state.
    private Tensor HiddenWeightGradient(Tensor dProducts, Tensor hidden, Tensor y)
    {
        int steps = dProducts.Shape[0];
        var sum = Tensor.Allocate(new Shape(dProducts.Shape[2], hidden.Shape[1]), dProducts.DType, dProducts.Device);
        sum.Kernels.MatMul(dProducts.Select(0, isReverse ? steps - 1 : 0).T, hidden, sum);
        if (steps == 1) return sum;
        var later = Rows(dProducts.Narrow(0, isReverse ? 0 : 1, steps - 1));
        var before = Rows(y.Narrow(0, isReverse ? 1 : 0, steps - 1));
        sum.Kernels.MatMul(later.T, before, sum, accumulate: true);
        return sum;
    }

    /// <summary>(steps, batch, n) as the rows of a matrix.</summary>
    private static Tensor Rows(Tensor x) => x.Reshape(x.Shape[0] * x.Shape[1], x.Shape[2]);

    // The composed form is run again, on views of the inputs: gradients are asked for at these, so no way from one input to another counts.
    private void VjpOfTensors(Tensor gradient)
    {
        var inputs = new Tensor[count];
        for (int i = 0; i < count; i++) inputs[i] = Saved(i).Unsqueeze(0);
        int[] needed = [.. Enumerable.Range(0, count).Where(Needs)];
        var y = CellStep<TCell>.Sequence([.. inputs.Select(x => x.Squeeze(0))], isReverse);
        var gradients = Autograd.Grad([y], [.. needed.Select(i => inputs[i])], [gradient], createGraph: true);
        for (int i = 0; i < needed.Length; i++) Give(needed[i], gradients[i].Squeeze(0));
    }

    /// <summary>Cases for the tests of a cell.</summary>
    public static IEnumerable<Sample> Samples =>
    [
        new("one step", x => Of(false, x), [.. State(1, 1, 2, 1), Sample.Values(TCell.Gates, 2), Sample.Values(TCell.Gates, 1)]),
        new("two steps", x => Of(false, x), Inputs()),
        new("from behind", x => Of(true, x), Inputs()),
    ];

    private static Tensor[] Inputs()
    {
        int gates = TCell.Gates * 2;
        Tensor[] weights = [Sample.Values(gates, 3) * 0.5, Sample.Values(gates, 2) * 0.6, Sample.Values(gates), Sample.Values(gates) * 0.3];
        return [.. State(2, 2, 3, 2), .. weights];
    }

    private static Tensor[] State(int steps, int batch, int features, int units)
    {
        Tensor x = Sample.Values(steps, batch, features), hidden = Sample.Values(batch, units);
        return TCell.HasMemory ? [x, hidden, Sample.Values(batch, units) + 0.1] : [x, hidden];
    }
}
