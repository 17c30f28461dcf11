namespace DeepNet.Ops;

/// <summary>
/// A GRU over a whole sequence. The inputs of all steps are projected by one product, a step is a small product and one pass over
/// the gates, and the gradient of each weight is one product over all steps.
/// </summary>
/// <remarks>
/// Inputs: x (steps, batch, features), hidden (batch, hidden), the weights of inputs (3·hidden, features) and of the hidden state
/// (3·hidden, hidden), and both biases or none. The result is (steps, batch, hidden).
/// </remarks>
internal sealed class FusedGru : Operator, ISampled
{
    private const int ResultSlot = 6, GatesSlot = 7, SharesSlot = 8;

    private readonly bool isReverse;
    private DType? low;
    private int count;

    private FusedGru(bool isReverse) => this.isReverse = isReverse;

    /// <summary>Runs over checked inputs of one type, float32 or float64, with at least one step and one sequence.</summary>
    public static Tensor Of(bool isReverse, params ReadOnlySpan<Tensor> inputs) => new FusedGru(isReverse).Apply(inputs);

    public override string Name => "gru";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        (count, low) = (inputs.Length, Autocast.TypeFor(inputs[0]));
        var (x, hidden, ofInput, ofHidden) = (inputs[0], inputs[1], inputs[2], inputs[3]);
        int steps = x.Shape[0], batch = x.Shape[1], units = hidden.Shape[1];
        var gates = Tensor.Allocate(new Shape(steps, batch, 3 * units), x.DType, x.Device);
        var bias = count > 4 ? inputs[4] : null;
        x.Device.MatMul(Halves.As(low, x), Halves.As(low, ofInput), gates, isTransposed: true, end: new(bias, null));
        var shares = Tensor.Allocate(new Shape(steps, batch, units), x.DType, x.Device);
        var y = Tensor.Allocate(shares.Shape, x.DType, x.Device);
        x.Device.Gru(gates, ofHidden.Contiguous(), count > 4 ? inputs[5].Contiguous() : null, hidden.Contiguous(), isReverse, y, shares);
        for (int i = 0; i < count; i++) Save(i, inputs[i]);
        SaveResult(ResultSlot, y);
        Save(GatesSlot, gates);
        Save(SharesSlot, shares);
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
        var slopes = Tensor.Allocate(gates.Shape, x.DType, x.Device);
        var turns = Tensor.Allocate(gates.Shape, x.DType, x.Device);
        var dhidden = Tensor.Allocate(hidden.Shape, x.DType, x.Device);
        x.Device.GruBackward(gates, Saved(SharesSlot), y, Saved(3).Contiguous(), hidden.Contiguous(), isReverse, gradient.Contiguous(), slopes, turns, dhidden);
        var rows = HiddenWeight.Rows(slopes);
        var lowRows = Halves.As(low, rows);
        if (Needs(0)) Give(0, MatMul.Of(lowRows, Halves.As(low, Saved(2)), x.DType).Reshape(x.Shape.Axes));
        if (Needs(1)) Give(1, dhidden);
        if (Needs(2)) Give(2, MatMul.Of(lowRows.T, Halves.As(low, HiddenWeight.Rows(x)), x.DType));
        if (Needs(3)) Give(3, HiddenWeight.Gradient(turns, hidden, y, isReverse));
        if (count == 4) return;
        if (Needs(4)) Give(4, rows.Sum(0));
        if (Needs(5)) Give(5, HiddenWeight.Rows(turns).Sum(0));
    }

    // The composed form is run again, on views of the inputs: gradients are asked for at these, so no way from one input to another counts.
    private void VjpOfTensors(Tensor gradient)
    {
        var inputs = new Tensor[count];
        for (int i = 0; i < count; i++) inputs[i] = Saved(i).Unsqueeze(0);
        int[] needed = [.. Enumerable.Range(0, count).Where(Needs)];
        var y = GruStep.Sequence([.. inputs.Select(x => x.Squeeze(0))], isReverse);
        var gradients = Autograd.Grad([y], [.. needed.Select(i => inputs[i])], [gradient], createGraph: true);
        for (int i = 0; i < needed.Length; i++) Give(needed[i], gradients[i].Squeeze(0));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("one step", x => Of(false, x), Sample.Values(1, 1, 2), Sample.Values(1, 1), Sample.Values(3, 2), Sample.Values(3, 1)),
        new("two steps", x => Of(false, x), Inputs()),
        new("from behind", x => Of(true, x), Inputs()),
    ];

    private static Tensor[] Inputs() =>
        [Sample.Values(2, 2, 3), Sample.Values(2, 2), Sample.Values(6, 3) * 0.5, Sample.Values(6, 2) * 0.6, Sample.Values(6), Sample.Values(6) * 0.3];
}
