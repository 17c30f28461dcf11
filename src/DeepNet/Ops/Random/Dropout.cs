namespace DeepNet.Ops;

/// <summary>
/// Multiplies each element by a random factor or by 0. The mask is a function of a place in a random stream: it is computed
/// again for the gradient, not stored, and is the same for all element types.
/// </summary>
internal sealed class Dropout : Operator, ISampled
{
    private readonly Keep keep;
    private readonly RandomSource stream;

    private Dropout(Keep keep, RandomSource stream) => (this.keep, this.stream) = (keep, stream);

    /// <param name="x">Any floating tensor.</param>
    /// <param name="p">The probability of 0.</param>
    /// <param name="factor">What the others are multiplied by.</param>
    /// <param name="generator">The source of the mask.</param>
    public static Tensor Of(Tensor x, double p, double factor, Generator? generator)
    {
        x = x.To(DTypes.Floating(x.DType));
        return new Dropout(new Keep(1 - p, factor), (generator ?? Generator.Default).Reserve(RandomSource.Blocks(x.Count, 1))).Apply(x);
    }

    public override string Name => "dropout";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0].Contiguous();
        var y = Tensor.Allocate(x.Shape, x.DType, x.Device);
        y.Kernels.FillRandom(keep, stream, y, factor: x);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        if (MayOverwrite(gradient) && gradient.IsContiguous)
        {
            gradient.Kernels.FillRandom(keep, stream, gradient, factor: gradient);
            Give(0, gradient);
        }
        else
        {
            Give(0, new Dropout(keep, stream).Apply(gradient));
        }
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("half", x => Of(x[0], 0.5, 2, new Generator(1)), Sample.Values(3, 5)),
        new("of a transpose", x => Of(x[0].T.Square(), 0.3, 1 / 0.7, new Generator(2)), Sample.Values(4, 7)),
    ];
}
