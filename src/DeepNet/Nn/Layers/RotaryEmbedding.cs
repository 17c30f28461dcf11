namespace DeepNet.Nn;

/// <summary>
/// Rotary position embedding: turns pairs of features of queries and keys by angles that grow with the step, so that their products depend
/// on the distance between steps only. Takes (…, steps, features).
/// </summary>
/// <remarks>
/// The angle of pair i at step t is t·base^(−2i/features). Pairs are a feature of the first half and one of the second, as in Llama's files
/// for Transformers and GPT-NeoX, or two neighbours, as in the original paper and GPT-J. A layer may be shared by all attentions of a
/// model; it has no state.
/// </remarks>
public sealed class RotaryEmbedding : Layer
{
    private readonly double @base;
    private readonly bool isInterleaved;
    private readonly RotaryScaling? scaling;
    private readonly int prepared;

    // Made again for longer sequences and other types, as in PositionalEncoding.
    private Tensor? cos, sin;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">The number of features of a head; an even number.</param>
    /// <param name="base">The base of the frequencies.</param>
    /// <param name="interleaved">True for pairs of neighbours, false for pairs of one from each half.</param>
    /// <param name="scaling">How frequencies are changed for contexts that are longer than those of training; or not.</param>
    /// <param name="prepared">
    /// The number of positions that are known from the first call on; longer sequences add others. An exported model has no others.
    /// </param>
    public RotaryEmbedding(int width, double @base = 10000, bool interleaved = false, RotaryScaling? scaling = null, int prepared = 1)
    {
        Check.Positive("rotary_embedding", nameof(width), width);
        if (width % 2 != 0) throw new ArgumentException($"[rotary_embedding] {width} features are no pairs: the width must be even.");
        if (!(@base > 0)) throw new ArgumentOutOfRangeException(nameof(@base), $"[rotary_embedding] base {@base}: it must be above 0.");
        Check.Positive("rotary_embedding", nameof(prepared), prepared);
        (Width, this.@base, isInterleaved, this.scaling, this.prepared) = (width, @base, interleaved, scaling, prepared);
    }

    /// <summary>Gets the number of features of a head.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Turn(x, 0);

    /// <summary>Runs on steps that do not begin at 0.</summary>
    /// <param name="x">(…, steps, features).</param>
    /// <param name="offset">The place of the first step: the number of steps that a cache holds.</param>
    public Tensor Forward(Tensor x, int offset) => Locate(x, () => Turn(x, offset));

    private Tensor Turn(Tensor x, int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (x.Rank < 2 || x.Shape[^1] != Width)
            throw new ArgumentException($"[rotary_embedding] expects (..., steps, {Width}), got {x.Shape}.");
        int sequences = (int)new Shape(x.Shape.Axes[..^2]).Count;
        return TurnHeads(x.Reshape(sequences, x.Shape[^2], 1, Width), offset).Reshape(x.Shape.Axes);
    }

    /// <summary>Runs on (batch, steps, heads, features) of any layout.</summary>
    internal Tensor TurnHeads(Tensor x, int offset)
    {
        int steps = x.Shape[1];
        var wide = x.To(DTypes.ComputeFloating(x.DType));
        Prepare(offset + steps, wide);
        var y = Rotation.Of(wide, cos!.Narrow(0, offset, steps), sin!.Narrow(0, offset, steps), isInterleaved);
        return x.DType.IsHalf() ? y.To(x.DType) : y;
    }

    private void Prepare(int steps, Tensor like)
    {
        if (cos is not null && cos.Shape[0] >= steps && cos.DType == like.DType && cos.Device == like.Device) return;
        // A sequence that grows step by step has few tables.
        steps = Math.Max(prepared, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)steps));
        int half = Width / 2;
        double[] cosines = new double[steps * half], sines = new double[steps * half];
        for (int i = 0; i < half; i++)
        {
            double frequency = Math.Pow(@base, -2.0 * i / Width);
            if (scaling is not null) frequency = scaling.Apply(frequency);
            for (int t = 0; t < steps; t++) (sines[t * half + i], cosines[t * half + i]) = Math.SinCos(t * frequency);
        }
        using var off = Autograd.NoGrad();
        Tensor Table(double[] values) => Memory.Keep(Tensor.From<double>(values, new Shape(steps, half)).To(like.DType).To(like.Device));
        (cos, sin) = (Table(cosines), Table(sines));
    }

    /// <inheritdoc/>
    public override string Description => $"RotaryEmbedding({Width}{(isInterleaved ? ", interleaved" : "")})";
}

/// <summary>The change of a rotary embedding's frequencies for contexts that are longer than those of training.</summary>
public sealed class RotaryScaling
{
    private readonly Func<double, double> change;

    private RotaryScaling(Func<double, double> change) => this.change = change;

    /// <summary>Divides all frequencies by a factor: positions are interpolated (Chen et al. 2023).</summary>
    public static RotaryScaling Linear(double factor)
    {
        Check(nameof(factor), factor);
        return new(frequency => frequency / factor);
    }

    /// <summary>
    /// Divides low frequencies by a factor and leaves high ones as they are, with a smooth passage between them, as Llama 3.1 does.
    /// </summary>
    /// <param name="factor">The factor.</param>
    /// <param name="lowFactor">Waves longer than the context of training over this are divided.</param>
    /// <param name="highFactor">Waves shorter than the context of training over this are left alone.</param>
    /// <param name="trainedSteps">The context of training.</param>
    public static RotaryScaling ByWavelength(
        double factor = 8, double lowFactor = 1, double highFactor = 4, int trainedSteps = 8192)
    {
        Check(nameof(factor), factor);
        if (!(lowFactor < highFactor))
            throw new ArgumentException(
                $"[rotary_embedding] low factor {lowFactor} and high factor {highFactor}: the first must be smaller.");
        return new(frequency =>
        {
            double waves = trainedSteps * frequency / (2 * Math.PI);
            double share = Math.Clamp((waves - lowFactor) / (highFactor - lowFactor), 0, 1);
            return frequency * (share + (1 - share) / factor);
        });
    }

    internal double Apply(double frequency) => change(frequency);

    private static void Check(string name, double factor)
    {
        if (!(factor > 0)) throw new ArgumentOutOfRangeException(name, $"[rotary_embedding] factor {factor}: it must be above 0.");
    }
}
