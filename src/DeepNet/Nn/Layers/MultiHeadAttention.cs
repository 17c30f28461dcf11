using DeepNet.Ops;

namespace DeepNet.Nn;

/// <summary>Attention by several heads at once, each on its own projection of queries, keys and values.</summary>
public sealed class MultiHeadAttention : Layer
{
    // One weight for all three where the lengths agree: then one product serves a sequence that attends to itself.
    [StateName("in_proj_weight")]
    private readonly Parameter? inWeight;
    [StateName("q_proj_weight")]
    private readonly Parameter? queryWeight;
    [StateName("k_proj_weight")]
    private readonly Parameter? keyWeight;
    [StateName("v_proj_weight")]
    private readonly Parameter? valueWeight;
    [StateName("in_proj_bias")]
    private readonly Parameter? inBias;
    [StateName("out_proj")]
    private readonly Linear outProjection;
    private readonly double dropout;
    private readonly bool batchFirst;
    private readonly Generator? generator;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    /// <param name="dimension">The length of the vectors; a multiple of the number of heads.</param>
    /// <param name="heads">How many heads there are.</param>
    /// <param name="dropout">The probability with which a weight is set to 0, while training.</param>
    /// <param name="bias">True for biases.</param>
    /// <param name="batchFirst">True for (batch, steps, dimension), false for (steps, batch, dimension).</param>
    /// <param name="generator">The source of starting values and dropout.</param>
    /// <param name="keyDimension">The length of the keys; null for that of the queries.</param>
    /// <param name="valueDimension">The length of the values; null for that of the queries.</param>
    public MultiHeadAttention(
        int dimension, int heads, double dropout = 0, bool bias = true, bool batchFirst = false, Generator? generator = null,
        int? keyDimension = null, int? valueDimension = null)
    {
        Check.Positive("multi_head_attention", nameof(dimension), dimension);
        Check.Positive("multi_head_attention", nameof(heads), heads);
        (KeyDimension, ValueDimension) = (keyDimension ?? dimension, valueDimension ?? dimension);
        Check.Positive("multi_head_attention", nameof(keyDimension), KeyDimension);
        Check.Positive("multi_head_attention", nameof(valueDimension), ValueDimension);
        if (dimension % heads != 0)
            throw new ArgumentException($"[multi_head_attention] {dimension} features cannot be shared evenly by {heads} heads.");
        (Dimension, Heads, this.batchFirst, this.generator) = (dimension, heads, batchFirst, generator);
        this.dropout = Check.Probability("multi_head_attention", dropout);
        if (KeyDimension == dimension && ValueDimension == dimension)
            inWeight = Weight(3 * dimension, dimension);
        else
            (queryWeight, keyWeight, valueWeight) =
                (Weight(dimension, dimension), Weight(dimension, KeyDimension), Weight(dimension, ValueDimension));
        outProjection = new Linear(dimension, dimension, bias, generator);
        if (!bias) return;
        inBias = new Parameter(Tensor.Zeros(3 * dimension));
        Init.Zeros(outProjection.Bias!);

        Parameter Weight(int rows, int columns) => new(Init.XavierUniform(Tensor.Empty(new Shape(rows, columns)), generator: generator));
    }

    /// <summary>The length of the vectors.</summary>
    public int Dimension { get; }

    /// <summary>The length of the keys.</summary>
    public int KeyDimension { get; }

    /// <summary>The length of the values.</summary>
    public int ValueDimension { get; }

    /// <summary>Gets the number of heads.</summary>
    public int Heads { get; }

    /// <summary>The sequence attends to itself.</summary>
    protected override Tensor Compute(Tensor x) => Attend(x, x, x, null, null, false, wantsWeights: false).Output;

    /// <summary>Attends from queries to keys and values.</summary>
    /// <param name="query">(L, batch, dimension), or as batchFirst says, or without the batch.</param>
    /// <param name="key">The same with S for L.</param>
    /// <param name="value">The same.</param>
    /// <param name="mask">
    /// The keys that each query may see, or what is added to the scores: (L, S) or (batch · heads, L, S); or none.
    /// </param>
    /// <param name="keyPaddingMask">(batch, S): bool, true for keys that are padding and left out; or none.</param>
    /// <param name="isCausal">True if step i sees no later ones than i.</param>
    public Tensor Forward(
        Tensor query, Tensor key, Tensor value, AttentionMask? mask = null, Tensor? keyPaddingMask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return Locate(query, () => Attend(query, key, value, mask?.Tensor, keyPaddingMask, isCausal, wantsWeights: false)).Output;
    }

    /// <summary>The same, with the weights of the keys for each query, (batch, L, S), the mean of all heads.</summary>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(
        Tensor query, Tensor key, Tensor value, AttentionMask? mask = null, Tensor? keyPaddingMask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var (output, weights) = Locate(query, () => Attend(query, key, value, mask?.Tensor, keyPaddingMask, isCausal, wantsWeights: true));
        return (output, weights!.Mean(weights.Rank - 3));
    }

    private (Tensor Output, Tensor? Weights) Attend(
        Tensor query, Tensor key, Tensor value, Tensor? mask, Tensor? padding, bool isCausal, bool wantsWeights)
    {
        CheckInput("query", query, query, Dimension);
        CheckInput("key", key, query, KeyDimension);
        CheckInput("value", value, query, ValueDimension);
        bool isOne = ReferenceEquals(query, key) && ReferenceEquals(key, value);
        if (query.Rank == 2)
        {
            int at = batchFirst ? 0 : 1;
            var q = query.Unsqueeze(at);
            var (y, w) = Attend(q, isOne ? q : key.Unsqueeze(at), isOne ? q
                : value.Unsqueeze(at), mask, padding?.Unsqueeze(0), isCausal, wantsWeights);
            return (y.Squeeze(at), w?.Squeeze(0));
        }
        var packed = isOne && inWeight is not null ? ProjectAll(query) : null;
        var (heads, keys, values) = packed is not null ? (packed.Select(0, 0), packed.Select(0, 1), packed.Select(0, 2))
            : Project(query, key, value);
        mask = Mask(mask, padding, heads, keys);
        double drops = IsTraining ? dropout : 0;
        Tensor output;
        Tensor? weights = null;
        if (wantsWeights)
            (output, weights) = Attention.WithWeights(heads, keys, values, mask, isCausal, drops, null, generator);
        else if (packed is not null && drops == 0 && FusedAttention.Takes(heads, keys, values, mask))
            output = FusedAttention.Of(packed, mask, new(1 / Math.Sqrt(heads.Shape[^1]), isCausal));
        else
            output = Attention.Of(heads, keys, values, mask, isCausal, drops, null, generator);
        // (N, h, L, d): all heads of a step lie side by side again.
        output = output.Permute(batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]);
        return (outProjection.Forward(output.Reshape(output.Shape[0], output.Shape[1], Dimension)), weights);
    }

    // One product for queries, keys and values: (3, N, h, L, d).
    private Tensor ProjectAll(Tensor x)
        => x.Affine(inWeight!.Value, inBias?.Value, transposed: true)
            .Reshape(x.Shape[0], x.Shape[1], 3, Heads, Dimension / Heads).Permute(batchFirst ? [2, 0, 3, 1, 4] : [2, 1, 3, 0, 4]);

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor key, Tensor value)
    {
        Tensor Part(Tensor x, int part, Parameter? weight) => Split(x.Affine(
            weight?.Value ?? inWeight!.Value.Narrow(0, part * Dimension, Dimension), inBias?.Value.Narrow(0, part * Dimension, Dimension),
            transposed: true));
        return (Part(query, 0, queryWeight), Part(key, 1, keyWeight), Part(value, 2, valueWeight));
    }

    // To (N, h, L, d).
    private Tensor Split(Tensor x)
        => x.Reshape(x.Shape[0], x.Shape[1], Heads, Dimension / Heads).Permute(batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3]);

    private Tensor? Mask(Tensor? mask, Tensor? padding, Tensor query, Tensor key)
    {
        int batch = query.Shape[0], length = query.Shape[2], keys = key.Shape[2];
        if (mask is { Rank: 3 } && mask.Shape[0] == batch * Heads) mask = mask.Reshape(batch, Heads, mask.Shape[1], mask.Shape[2]);
        if (mask is not null && (mask.Rank is not (2 or 4) || mask.Shape[^2] != length || mask.Shape[^1] != keys))
            throw new ArgumentException(
                $"[multi_head_attention] the attention mask is {mask.Shape}; for {length} queries and {keys} keys it must be "
                + $"({length}, {keys}) or ({batch * Heads}, {length}, {keys}).");
        if (padding is null) return mask;
        if (padding.DType != DType.Bool || padding.Rank != 2 || padding.Shape[0] != batch || padding.Shape[1] != keys)
            throw new ArgumentException(
                $"[multi_head_attention] the key padding mask is {padding.DType.Name()} {padding.Shape}; it must be bool ({batch}, "
                + $"{keys}), true for padding.");
        var hidden = padding.Reshape(batch, 1, 1, keys);
        return mask is null ? hidden
            : mask.DType == DType.Bool ? mask | hidden
            : mask.Expand(Axis.Broadcast("mask", mask.Shape, hidden.Shape)).MaskedFill(hidden, double.NegativeInfinity);
    }

    private void CheckInput(string what, Tensor x, Tensor query, int dimension)
    {
        if (x.Rank is not (2 or 3) || x.Rank != query.Rank || x.Shape[^1] != dimension)
            throw new ArgumentException(
                $"[multi_head_attention] the {what} is {x.Shape}, the query {query.Shape}; expects "
                + $"{(batchFirst ? "(batch, steps, " : "(steps, batch, ")}{dimension}).");
    }

    /// <summary>
    /// The projections to queries, keys and values, the scores and the weighted sums of an attention to itself; the projection of the
    /// output counts on its own.
    /// </summary>
    protected internal override long CountFlops(Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(input);
        long steps = input.Rank == 2 || !batchFirst ? input[0] : input[1], vectors = input.Count / Dimension;
        return vectors * Dimension * (6L * Dimension - (inBias is null ? 3 : 0) + 4 * steps);
    }

    /// <inheritdoc/>
    public override string Description => $"MultiHeadAttention({Dimension}, heads: {Heads})";
}
