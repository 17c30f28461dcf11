namespace DeepNet.Ops;

/// <summary>
/// An LSTM over a whole sequence. The inputs of all steps are projected by one product, a step is a small product and one pass over
/// the gates, and the gradient of each weight is one product over all steps.
/// </summary>
/// <remarks>
/// Inputs: x (steps, batch, features), hidden and cell (batch, hidden), the weights of inputs (4·hidden, features) and of the hidden state
/// (4·hidden, hidden), and both biases or none. The result is (steps + 1, batch, hidden): the hidden state of all steps, and
/// behind them the last cell.
/// </remarks>
internal sealed class FusedLstm : Operator, ISampled
{
    private const int ResultSlot = 7, GatesSlot = 8, CellsSlot = 9;

    private readonly bool isReverse;
    private DType? low;
    private int count;

    private FusedLstm(bool isReverse) => this.isReverse = isReverse;

    /// <summary>Runs over checked inputs of one type, float32 or float64, with at least one step and one sequence.</summary>
    public static Tensor Of(bool isReverse, params ReadOnlySpan<Tensor> inputs) => new FusedLstm(isReverse).Apply(inputs);

    public override string Name => "lstm";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        (count, low) = (inputs.Length, Autocast.TypeFor(inputs[0]));
        var (x, hidden, cell, ofInput, ofHidden) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]);
        int steps = x.Shape[0], batch = x.Shape[1], units = hidden.Shape[1];
        var gates = Tensor.Allocate(new Shape(steps, batch, 4 * units), x.DType, x.Device);
        if (count > 5) x.Device.Copy((inputs[5] + inputs[6]).Expand(gates.Shape), gates);
        x.Device.MatMul(HiddenWeight.Rows(Halves.As(low, x)), Halves.As(low, ofInput).T, HiddenWeight.Rows(gates), accumulate: count > 5);
        var cells = Tensor.Allocate(new Shape(steps, batch, units), x.DType, x.Device);
        var y = Tensor.Allocate(new Shape(steps + 1, batch, units), x.DType, x.Device);
        x.Device.Lstm(gates, ofHidden.Contiguous(), hidden.Contiguous(), cell.Contiguous(), isReverse, y, cells);
        for (int i = 0; i < count; i++) Save(i, inputs[i]);
        SaveResult(ResultSlot, y);
        Save(GatesSlot, gates);
        Save(CellsSlot, cells);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        if (IsRecording) VjpOfTensors(gradient);
        else VjpOfKernel(gradient);
    }

    private void VjpOfKernel(Tensor gradient)
    {
        var (x, hidden, cell, ofHidden) = (Saved(0), Saved(1), Saved(2), Saved(4));
        var gates = Saved(GatesSlot);
        var slopes = Tensor.Allocate(gates.Shape, x.DType, x.Device);
        var dhidden = Tensor.Allocate(hidden.Shape, x.DType, x.Device);
        var dcell = Tensor.Allocate(hidden.Shape, x.DType, x.Device);
        x.Device.LstmBackward(gates, Saved(CellsSlot), ofHidden.Contiguous(), cell.Contiguous(), isReverse, gradient.Contiguous(), slopes, dhidden, dcell);
        var rows = HiddenWeight.Rows(slopes);
        var lowRows = Halves.As(low, rows);
        if (Needs(0)) Give(0, MatMul.Of(lowRows, Halves.As(low, Saved(3)), x.DType).Reshape(x.Shape.Axes));
        if (Needs(1)) Give(1, dhidden);
        if (Needs(2)) Give(2, dcell);
        if (Needs(3)) Give(3, MatMul.Of(lowRows.T, Halves.As(low, HiddenWeight.Rows(x)), x.DType));
        if (Needs(4)) Give(4, HiddenWeight.Gradient(slopes, hidden, Saved(ResultSlot), isReverse));
        if (count == 5 || (!Needs(5) && !Needs(6))) return;
        var dbias = rows.Sum(0);
        Give(5, dbias);
        Give(6, dbias.CopyDense());
    }

    // The composed form is run again, on views of the inputs: gradients are asked for at these, so no way from one input to another counts.
    private void VjpOfTensors(Tensor gradient)
    {
        var inputs = new Tensor[count];
        for (int i = 0; i < count; i++) inputs[i] = Saved(i).Unsqueeze(0);
        int[] needed = [.. Enumerable.Range(0, count).Where(Needs)];
        var y = LstmStep.Sequence([.. inputs.Select(x => x.Squeeze(0))], isReverse);
        var gradients = Autograd.Grad([y], [.. needed.Select(i => inputs[i])], [gradient], createGraph: true);
        for (int i = 0; i < needed.Length; i++) Give(needed[i], gradients[i].Squeeze(0));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("one step", x => Of(false, x), Sample.Values(1, 1, 2), Sample.Values(1, 1), Sample.Values(1, 1), Sample.Values(4, 2), Sample.Values(4, 1)),
        new("two steps", x => Of(false, x), Inputs()),
        new("from behind", x => Of(true, x), Inputs()),
    ];

    private static Tensor[] Inputs() =>
    [
        Sample.Values(2, 2, 3), Sample.Values(2, 2), Sample.Values(2, 2) + 0.1, Sample.Values(8, 3) * 0.5, Sample.Values(8, 2) * 0.6, Sample.Values(8), Sample.Values(8) * 0.3,
    ];
}
