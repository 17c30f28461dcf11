namespace DeepNet.Ops;

/// <summary>
/// The negative logarithm of the probability that a sequence of classes, without repetitions and blanks, is the target (Graves et al.
/// 2006). The processor computes it, with the derivative by each log-probability: minus the share of the paths that pass it.
/// </summary>
internal sealed class Ctc : Operator, ISampled
{
    // Stands for ln 0 where a derivative is recorded: infinities would give NaN there.
    private const double Least = -1e30;

    private readonly CtcTargets targets;

    private Ctc(CtcTargets targets) => this.targets = targets;

    /// <param name="x">Log-probabilities (steps, batch, classes), float32 or float64.</param>
    /// <param name="targets">The targets, checked.</param>
    public static Tensor Of(Tensor x, CtcTargets targets) => new Ctc(targets).Apply(x);

    public override string Name => "ctc";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        if (Listener.IsOn) Listener.RefuseAll(Name, "is computed by the processor beside the kernels");
        var x = inputs[0].To(Device.Cpu).Contiguous();
        var losses = Tensor.Allocate(new Shape(x.Shape[1]), x.DType, Device.Cpu);
        var slopes = Needs(0) ? Tensor.Zeros(x.Shape, x.DType) : null;
        CpuDevice.Ctc(targets, x, losses, slopes);
        Save(0, inputs[0]);
        if (slopes is not null) Save(1, slopes.To(inputs[0].Device));
        return losses.To(inputs[0].Device);
    }

    protected override void Vjp(Tensor gradient)
        => Give(0, IsRecording ? Recorded(Saved(0), gradient) : Saved(1) * gradient.Unsqueeze(-1));

    /// <summary>The gradient in tensor operations, a few for each step.</summary>
    private Tensor Recorded(Tensor x, Tensor gradient)
    {
        int steps = x.Shape[0], batch = x.Shape[1], most = targets.MostLabels, states = 2 * most + 1;
        if (x.Count == 0) return Tensor.ZerosLike(x);
        var places = new long[batch * states];
        double[] skip = new double[batch * states], end = new double[batch * states], start = new double[batch * states];
        for (int n = 0; n < batch; n++)
        {
            for (int s = 0; s < states; s++)
            {
                int at = n * states + s, label = n * most + s / 2;
                bool isLabel = s % 2 == 1;
                places[at] = isLabel && s / 2 < targets.Counts[n] ? targets.Labels[label] : targets.Blank;
                skip[at] = isLabel && s > 1 && targets.Labels[label] != targets.Labels[label - 1] ? 0 : Least;
                start[at] = s < 2 ? 0 : Least;
                end[at] = s == 2 * targets.Counts[n] || s == 2 * targets.Counts[n] - 1 ? 0 : Least;
            }
        }
        Tensor Constant(double[] values) => Tensor.From<double>(values, new Shape(batch, states)).To(x.DType).To(x.Device);
        Tensor skips = Constant(skip), ends = Constant(end), edge = Tensor.Full(new Shape(batch, 2), Least, x.DType, x.Device);
        var index = Tensor.From<long>(places, new Shape(1, batch, states), x.Device).Expand(steps, batch, states);
        var emitted = x.Gather(2, index).Maximum(Least);
        var isIn = Tensor.Arange(0, steps, 1, DType.Int64, x.Device).Reshape(steps, 1, 1)
            < Tensor.From<long>(targets.Steps, new Shape(batch, 1), x.Device);

        var begun = new Tensor[steps];
        for (int t = 0; t < steps; t++)
        {
            var now = emitted[t] + (t == 0 ? Constant(start) : OneOf(Tensor.Cat([edge, begun[t - 1]], 1), 1, 0, skips));
            begun[t] = t == 0 ? now : Tensor.Where(isIn[t], now, begun[t - 1]);
        }
        var rest = new Tensor[steps];
        var further = Tensor.Cat([skips, edge], 1).Narrow(1, 2, states);
        for (int t = steps - 1; t >= 0; t--)
        {
            rest[t] = t == steps - 1 ? ends
                : Tensor.Where(isIn[t + 1], OneOf(Tensor.Cat([rest[t + 1] + emitted[t + 1], edge], 1), 1, 2, further), ends);
        }
        var total = (begun[^1] + ends).LogSumExp(1, keepDim: true);
        var isLost = total.Detach() < Least / 2;
        var scale = Tensor.Where(isLost, targets.ZeroInfinity ? 0 : double.NaN, -gradient.Unsqueeze(1));
        var shares = (Tensor.Stack(begun) + Tensor.Stack(rest) - total).Exp() * scale;
        return Tensor.ZerosLike(x).ScatterAdd(2, index, Tensor.Where(isIn, shares, 0));

        // The state itself and the two beside it, the farther one where blanks may be skipped.
        Tensor OneOf(Tensor padded, int near, int far, Tensor skipped)
        {
            int own = near + near - far;
            return Tensor.Stack([padded.Narrow(1, own, states), padded.Narrow(1, near, states), padded.Narrow(1, far, states) + skipped])
                .LogSumExp(0);
        }
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("sequences", x => Of(x[0], new([1, 2, 3, 3], 2, [4, 4], [2, 2], 0, false)), Sample.Values(4, 2, 4)),
        new("of different lengths", x => Of(x[0], new([1, 0, 2, 2, 0, 0, 0, 0, 0], 3, [5, 3, 4], [3, 1, 0], 3, false)),
            Sample.Values(5, 3, 4)),
        new("one impossible", x => Of(x[0], new([1, 1, 1, 2], 2, [2, 2], [2, 2], 0, true)), Sample.Values(2, 2, 3)),
        new("of a transpose", x => Of(x[0].Transpose(0, 1), new([2, 1, 1, 2], 2, [3, 3], [2, 2], 0, false)), Sample.Values(2, 3, 3)),
    ];
}
