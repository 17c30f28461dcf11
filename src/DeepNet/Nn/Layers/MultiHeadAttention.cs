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
    private readonly RotaryEmbedding? rotary;

    /// <summary>Makes the layer with PyTorch's defaults.</summary>
    /// <param name="dimension">The length of the vectors; a multiple of the number of heads.</param>
    /// <param name="heads">How many heads there are.</param>
    /// <param name="dropout">The probability with which a weight is set to 0, while training.</param>
    /// <param name="bias">True for biases.</param>
    /// <param name="batchFirst">True for (batch, steps, dimension), false for (steps, batch, dimension).</param>
    /// <param name="generator">The source of starting values and dropout.</param>
    /// <param name="keyDimension">The length of the keys; null for that of the queries.</param>
    /// <param name="valueDimension">The length of the values; null for that of the queries.</param>
    /// <param name="keyValueHeads">
    /// The number of heads of keys and values, each shared by as many heads of queries; null for one each.
    /// </param>
    /// <param name="rotary">The positions by which queries and keys are turned; null for none.</param>
    /// <param name="outputBias">True for a bias of the last projection; null to have it as <paramref name="bias"/> says.</param>
    public MultiHeadAttention(
        int dimension, int heads, double dropout = 0, bool bias = true, bool batchFirst = false, Generator? generator = null,
        int? keyDimension = null, int? valueDimension = null, int? keyValueHeads = null, RotaryEmbedding? rotary = null,
        bool? outputBias = null)
    {
        Check.Positive("multi_head_attention", nameof(dimension), dimension);
        Check.Positive("multi_head_attention", nameof(heads), heads);
        (KeyDimension, ValueDimension) = (keyDimension ?? dimension, valueDimension ?? dimension);
        Check.Positive("multi_head_attention", nameof(keyDimension), KeyDimension);
        Check.Positive("multi_head_attention", nameof(valueDimension), ValueDimension);
        if (dimension % heads != 0)
            throw new ArgumentException($"[multi_head_attention] {dimension} features cannot be shared evenly by {heads} heads.");
        (Dimension, Heads, this.batchFirst, this.generator) = (dimension, heads, batchFirst, generator);
        (KeyValueHeads, this.rotary) = (keyValueHeads ?? heads, rotary);
        Check.Positive("multi_head_attention", nameof(keyValueHeads), KeyValueHeads);
        if (heads % KeyValueHeads != 0)
            throw new ArgumentException(
                $"[multi_head_attention] {KeyValueHeads} heads of keys and values cannot be shared evenly by {heads} heads of queries.");
        if (rotary is not null && rotary.Width != HeadWidth)
            throw new ArgumentException(
                $"[multi_head_attention] {rotary} for heads of {HeadWidth} features: the widths must agree.");
        this.dropout = Check.Probability("multi_head_attention", dropout);
        if (KeyDimension == dimension && ValueDimension == dimension)
            inWeight = Weight(dimension + 2 * Shared, dimension);
        else
            (queryWeight, keyWeight, valueWeight) =
                (Weight(dimension, dimension), Weight(Shared, KeyDimension), Weight(Shared, ValueDimension));
        outProjection = new Linear(dimension, dimension, outputBias ?? bias, generator);
        if (bias) inBias = new Parameter(Tensor.Zeros(dimension + 2 * Shared));
        if (outProjection.Bias is not null) Init.Zeros(outProjection.Bias);

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

    /// <summary>Gets the number of heads of keys and values.</summary>
    public int KeyValueHeads { get; }

    private int HeadWidth => Dimension / Heads;

    /// <summary>The features of all heads of keys, or of values.</summary>
    private int Shared => KeyValueHeads * HeadWidth;

    /// <summary>The sequence attends to itself.</summary>
    protected override Tensor Compute(Tensor x) => Attend(x, x, x, default, wantsWeights: false).Output;

    /// <summary>Attends from queries to keys and values.</summary>
    /// <param name="query">(L, batch, dimension), or as batchFirst says, or without the batch.</param>
    /// <param name="key">The same with S for L.</param>
    /// <param name="value">The same.</param>
    /// <param name="mask">
    /// The keys that each query may see, and what is added to the scores: tensors of (L, S) or (batch · heads, L, S); or none.
    /// </param>
    /// <param name="keyPaddingMask">(batch, S): bool, true for keys that are padding and left out; or none.</param>
    /// <param name="isCausal">True if a step sees no later ones.</param>
    /// <param name="cache">
    /// The keys and values of earlier steps, to which those of this call are appended: S then counts all of them, and the queries stand
    /// behind the earlier ones; or none.
    /// </param>
    public Tensor Forward(
        Tensor query, Tensor key, Tensor value, AttentionMask? mask = null, Tensor? keyPaddingMask = null, bool isCausal = false,
        KeyValueCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var settings = new Settings(mask, keyPaddingMask, isCausal, cache);
        return Locate(query, () => Attend(query, key, value, settings, wantsWeights: false)).Output;
    }

    /// <summary>
    /// Attends and returns the weights of the keys for each query, too: (batch, L, S), the mean of all heads, or (batch, heads, L, S).
    /// </summary>
    /// <param name="query">(L, batch, dimension), or as batchFirst says, or without the batch.</param>
    /// <param name="key">The same with S for L.</param>
    /// <param name="value">The same.</param>
    /// <param name="mask">As in <see cref="Forward(Tensor, Tensor, Tensor, AttentionMask?, Tensor?, bool, KeyValueCache?)"/>.</param>
    /// <param name="keyPaddingMask">(batch, S): bool, true for keys that are padding and left out; or none.</param>
    /// <param name="isCausal">True if a step sees no later ones.</param>
    /// <param name="cache">The keys and values of earlier steps; or none.</param>
    /// <param name="average">True for the mean of all heads.</param>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(
        Tensor query, Tensor key, Tensor value, AttentionMask? mask = null, Tensor? keyPaddingMask = null, bool isCausal = false,
        KeyValueCache? cache = null, bool average = true)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var settings = new Settings(mask, keyPaddingMask, isCausal, cache);
        var (output, weights) = Locate(query, () => Attend(query, key, value, settings, wantsWeights: true));
        return (output, average ? weights!.Mean(weights.Rank - 3) : weights!);
    }

    private (Tensor Output, Tensor? Weights) Attend(Tensor query, Tensor key, Tensor value, Settings settings, bool wantsWeights)
    {
        CheckInput("query", query, query, Dimension);
        CheckInput("key", key, query, KeyDimension);
        CheckInput("value", value, query, ValueDimension);
        bool isOne = ReferenceEquals(query, key) && ReferenceEquals(key, value);
        if (query.Rank == 2)
        {
            int at = batchFirst ? 0 : 1;
            var q = query.Unsqueeze(at);
            var (y, w) = Attend(
                q, isOne ? q : key.Unsqueeze(at), isOne ? q : value.Unsqueeze(at),
                settings with { Padding = settings.Padding?.Unsqueeze(0) }, wantsWeights);
            return (y.Squeeze(at), w?.Squeeze(0));
        }
        int offset = settings.Cache?.Length ?? 0;
        isOne &= inWeight is not null;
        var packed = isOne && KeyValueHeads == Heads && rotary is null && settings.Cache is null ? ProjectAll(query) : null;
        var (heads, keys, values) = packed is not null ? (packed.Select(0, 0), packed.Select(0, 1), packed.Select(0, 2))
            : isOne ? ProjectOnce(query, offset) : Project(query, key, value, offset);
        if (settings.Cache is { } cache) (keys, values) = cache.Append(keys, values);
        var mask = Mask(settings, heads, keys);
        var how = new Attention.Settings(settings.IsCausal, IsTraining ? dropout : 0, null, generator, offset);
        Tensor output;
        Tensor? weights = null;
        if (wantsWeights) (output, weights) = Attention.WithWeights(heads, keys, values, mask, how);
        else if (packed is not null && how.Dropout == 0 && FusedAttention.Takes(heads, keys, values, mask?.Tensors ?? default))
            output = FusedAttention.Of(packed, mask?.Tensors ?? default, how.Rule(heads, mask));
        else output = Attention.Of(heads, keys, values, mask, how);
        // (N, h, L, d): all heads of a step lie side by side again.
        output = output.Permute(batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]);
        return (outProjection.Forward(output.Reshape(output.Shape[0], output.Shape[1], Dimension)), weights);
    }

    // One product for queries, keys and values: (3, N, h, L, d).
    private Tensor ProjectAll(Tensor x)
        => inWeight!.Affine(x, inBias?.Value, null)
            .Reshape(x.Shape[0], x.Shape[1], 3, Heads, HeadWidth).Permute(batchFirst ? [2, 0, 3, 1, 4] : [2, 1, 3, 0, 4]);

    private (Tensor Query, Tensor Key, Tensor Value) ProjectOnce(Tensor x, int offset)
    {
        var parts = inWeight!.Affine(x, inBias?.Value, null).Split([Dimension, Shared, Shared], 2);
        return (Split(parts[0], Heads, rotary, offset), Split(parts[1], KeyValueHeads, rotary, offset),
            Split(parts[2], KeyValueHeads, null, offset));
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor key, Tensor value, int offset)
    {
        Tensor Part(Tensor x, int from, int width, Parameter? weight) => x.Affine(
            weight?.Value ?? inWeight!.Value.Narrow(0, from, width), inBias?.Value.Narrow(0, from, width), transposed: true);
        return (Split(Part(query, 0, Dimension, queryWeight), Heads, rotary, offset),
            Split(Part(key, Dimension, Shared, keyWeight), KeyValueHeads, rotary, offset),
            Split(Part(value, Dimension + Shared, Shared, valueWeight), KeyValueHeads, null, offset));
    }

    // To (N, h, L, d).
    private Tensor Split(Tensor x, int heads, RotaryEmbedding? positions, int offset)
    {
        x = x.Reshape(x.Shape[0], x.Shape[1], heads, HeadWidth);
        if (!batchFirst) x = x.Transpose(0, 1);
        if (positions is not null) x = positions.TurnHeads(x, offset);
        return x.Transpose(1, 2);
    }

    private AttentionMask? Mask(Settings settings, Tensor query, Tensor key)
    {
        int batch = query.Shape[0], length = query.Shape[2], keys = key.Shape[2];
        var mask = settings.Mask?.Select(tensor =>
        {
            if (tensor is { Rank: 3 } && tensor.Shape[0] == batch * Heads)
                tensor = tensor.Reshape(batch, Heads, tensor.Shape[1], tensor.Shape[2]);
            if (tensor.Rank is not (2 or 4) || tensor.Shape[^2] != length || tensor.Shape[^1] != keys)
                throw new ArgumentException(
                    $"[multi_head_attention] the attention mask is {tensor.Shape}; for {length} queries and {keys} keys it must be "
                    + $"({length}, {keys}) or ({batch * Heads}, {length}, {keys}).");
            return tensor;
        });
        if (settings.Padding is not { } padding) return mask;
        if (padding.DType != DType.Bool || padding.Rank != 2 || padding.Shape[0] != batch || padding.Shape[1] != keys)
            throw new ArgumentException(
                $"[multi_head_attention] the key padding mask is {padding.DType.Name()} {padding.Shape}; it must be bool ({batch}, "
                + $"{keys}), true for padding.");
        return AttentionMask.Join(mask, AttentionMask.Hide(padding.Reshape(batch, 1, 1, keys)));
    }

    /// <summary>The masks and the cache of a call.</summary>
    private readonly record struct Settings(AttentionMask? Mask, Tensor? Padding, bool IsCausal, KeyValueCache? Cache);

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
        long projected = Dimension + 2L * Shared;
        return vectors * (projected * (2L * Dimension - (inBias is null ? 1 : 0)) + 4L * Dimension * steps);
    }

    /// <inheritdoc/>
    public override string Description
        => $"MultiHeadAttention({Dimension}, heads: {Heads}{(KeyValueHeads < Heads ? $", key-value heads: {KeyValueHeads}" : "")})";
}
