using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// u ← m̂ / (√v̂ + ε) + λp, with Adam's running means: the direction of a step for optimizers that choose its length afterwards. What the
/// rule changes is u; the parameter is its third state, and is only read.
/// </summary>
/// <param name="adam">Adam's rule with a learning rate of 1.</param>
/// <param name="decay">λ.</param>
internal readonly struct AdamDirection(AdamRule adam, double decay) : IUpdateRule<AdamDirection>
{
    /// <summary>The names of what is remembered.</summary>
    public static readonly string[] StateNames = ["exp_avg", "exp_avg_sq"];

    public static int StateCount => 3;

    /// <summary>Adds the direction of a parameter to a batch.</summary>
    public static void Add(
        UpdateBatch<AdamDirection> batch, Direction to, double beta1, double beta2, double epsilon, double decay = 0)
    {
        var progress = to.Progress;
        progress.Prepare(2, 0);
        var value = progress.Parameter.Value;
        to.Along = Tensor.Allocate(value.Shape, value.DType, value.Device);
        var rule = new AdamDirection(new(1, beta1, progress.Step, beta2, epsilon), decay);
        batch.Add(
            rule, to.Along, to.Gradient, progress.State0, progress.State1, value.IsContiguous ? value : value.CopyDense());
    }

    public Coefficients Prepare() => adam.Prepare() with { C7 = decay };

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        AdamRule.Gather(c, g, ref s0, ref s1);
        p = V.Fma(c.C7, s2, c.C6 * s0 / AdamRule.Root(c, s1));
    }
}
