namespace DeepNet.Ops;

/// <summary>
/// x·w + bias: a linear layer in one operator. All axes of x but the last are rows, so the weight's gradient is one product. An
/// activation whose derivative needs the result alone is part of the operator.
/// </summary>
internal sealed class Affine : Operator, ISampled
{
    private const int ResultSlot = 2;

    private static readonly Formula relu = Formula.Of(new Relu());

    private readonly bool isTransposed, isWide;
    private readonly Formula? activation;
    private DType operands;
    private bool hasBias;

    private Affine(bool isTransposed, Formula? activation, bool isWide)
        => (this.isTransposed, this.activation, this.isWide) = (isTransposed, activation, isWide);

    /// <param name="x">Rows, with any leading axes.</param>
    /// <param name="weight">(in, out).</param>
    /// <param name="bias">(out,), or none.</param>
    /// <param name="isTransposed">True if the weight is (out, in).</param>
    /// <param name="activation">The formula that is applied to the result, or none.</param>
    /// <param name="isWide">True to leave a product of half types in float32, without rounding.</param>
    public static Tensor Of(Tensor x, Tensor weight, Tensor? bias, bool isTransposed, Formula? activation = null, bool isWide = false)
    {
        if (x.Rank == 0 || weight.Rank != 2)
            throw new ArgumentException(
                $"[affine] {x.Shape} and weight {weight.Shape}: the input needs an axis of features, and the weight must be a matrix.");
        (x, weight) = Operands.MeetFloating("affine", x, weight);
        int inputs = weight.Shape[isTransposed ? 1 : 0], outputs = weight.Shape[isTransposed ? 0 : 1];
        if (x.Shape[^1] != inputs) throw WrongFeatures(x.Shape, weight.Shape, inputs, outputs);
        if (bias is not null)
        {
            bias = Operands.Bias("affine", x, bias);
            if (bias.Rank != 1 || bias.Shape[0] != outputs)
                throw new ArgumentException(
                    $"[affine] a bias of shape {bias.Shape} does not fit {outputs} outputs; it must be ({outputs},).");
        }
        // Where nothing is recorded, there is nothing to keep either: the answer to one sample is worth the difference.
        bool isRecorded = Autograd.IsEnabled && (x.Node ?? weight.Node ?? bias?.Node) is not null;
        if (activation is not null && !activation.CanFuse(x.DType, isRecorded))
            return activation.Apply(Of(x, weight, bias, isTransposed, null, isWide));
        if (!Autograd.IsEnabled && !Listener.IsOn) return Compute(x, weight, bias, isTransposed, activation, isWide);
        var op = new Affine(isTransposed, activation, isWide);
        return bias is null ? op.Apply(x, weight) : op.Apply(x, weight, bias);
    }

    private static Tensor Compute(Tensor x, Tensor weight, Tensor? bias, bool isTransposed, Formula? activation, bool isWide)
    {
        var y = Tensor.Allocate(x.Shape.WithLast(weight.Shape[isTransposed ? 0 : 1]), isWide ? DTypes.Compute(x.DType) : x.DType, x.Device);
        y.Kernels.MatMul(AsRows(x), weight, AsRows(y), isTransposed: isTransposed, end: new(bias, activation));
        return y;
    }

    private static ArgumentException WrongFeatures(Shape x, Shape weight, int inputs, int outputs)
    {
        long flat = 1;
        for (int i = 1; i < x.Rank; i++) flat *= x[i];
        string hint = x.Rank > 2 && flat == inputs ? $" Did you mean to flatten: x.Reshape({x[0]}, {inputs})?"
            : x[^1] == outputs ? " The weight may be stored the other way round: see transposed." : "";
        return new ArgumentException(
            $"[affine] {x} and weight {weight}: the input has {x[^1]} features, the weight is for {inputs}.{hint}");
    }

    /// <summary>Gets a value that is true if the weight is (out, in).</summary>
    public bool IsTransposed => isTransposed;

    /// <summary>Gets the formula that is applied to the result; null if there is none.</summary>
    public Formula? Activation => activation;

    public override string Name => activation is null ? "affine" : $"affine_{activation.Name}";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (x, weight) = (inputs[0], inputs[1]);
        (hasBias, operands) = (inputs.Length > 2, x.DType);
        if (Needs(1)) Save(0, x);
        if (Needs(0)) Save(1, weight);
        var y = Compute(x, weight, hasBias ? inputs[2] : null, isTransposed, activation, isWide);
        if (activation is not null) SaveResult(ResultSlot, y);
        return y;
    }

    /// <summary>A vector as a matrix of one row.</summary>
    private static Tensor AsRows(Tensor x) => x.Rank > 1 ? x : x.Reshape(1, x.Shape[0]);

    protected override void Vjp(Tensor gradient)
    {
        if (activation is not null) gradient = activation.Backward(Saved(ResultSlot), gradient, IsRecording);
        var whole = gradient;
        gradient = gradient.To(operands);
        var g = AsRows(gradient);
        if (Needs(0))
        {
            var w = Saved(1);
            var dx = MatMul.Of(g, isTransposed ? w : w.T, GradientType(0));
            Give(0, gradient.Rank > 1 ? dx : dx.Reshape(w.Shape[isTransposed ? 1 : 0]));
        }
        if (Needs(1))
        {
            var x = AsRows(Saved(0));
            var (a, b) = isTransposed ? (g.T, x) : (x.T, g);
            if (TakeBuffer(1) is { } buffer) buffer.Kernels.MatMul(a, b, buffer);
            else Give(1, MatMul.Of(a, b, new Shape(a.Shape[^2], b.Shape[^1]), GradientType(1)));
        }
        if (hasBias && Needs(2)) GiveBias(whole);
    }

    private void GiveBias(Tensor gradient)
    {
        int outputs = gradient.Shape[^1];
        gradient = Halves.Wide(gradient);
        if (gradient.Rank > 1 && TakeBuffer(2) is { } buffer)
        {
            int[] shape = new int[gradient.Rank];
            shape.AsSpan().Fill(1);
            shape[^1] = outputs;
            gradient.Kernels.Reduce(new Identity(), new AddUp(), gradient, buffer.Reshape(shape));
        }
        else
            Give(2, gradient.SumTo(new Shape(outputs)));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Of(x[0], x[1], x[2], false), Sample.Values(3, 2), Sample.Values(2, 4), Sample.Values(4)),
        new("transposed weight", x => Of(x[0], x[1], x[2], true), Sample.Values(3, 2), Sample.Values(4, 2), Sample.Values(4)),
        new("batch of rows", x => Of(x[0], x[1], x[2], false), Sample.Values(2, 3, 2), Sample.Values(2, 2), Sample.Values(2)),
        new("one vector", x => Of(x[0], x[1], x[2], true), Sample.Values(3), Sample.Values(2, 3), Sample.Values(2)),
        new("relu", x => Of(x[0], x[1], x[2], true, relu), Sample.Values(3, 2), Sample.Values(5, 2), Sample.Values(5) * 3),
        new("relu of one vector", x => Of(x[0], x[1], null, false, relu), Sample.Values(3), Sample.Values(3, 4)),
        new("tanh", x => Of(x[0], x[1], x[2], true, Formula.Of(new Tanh())), Sample.Values(3, 2), Sample.Values(5, 2), Sample.Values(5)),
        new("gelu", x => Of(x[0], x[1], x[2], true, Formula.Of(new Gelu())), Sample.Values(3, 2), Sample.Values(5, 2), Sample.Values(5)),
        new("no bias, view", x => Of(x[0].T, x[1], null, false), Sample.Values(2, 3), Sample.Values(2, 2)),
    ];
}
