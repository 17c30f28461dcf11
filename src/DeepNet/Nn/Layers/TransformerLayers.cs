namespace DeepNet.Nn;

/// <summary>
/// Self-attention and a feed-forward network, each with a way past it and a norm. With a causal mask, the layer of a GPT.
/// </summary>
public sealed class TransformerEncoderLayer : Layer
{
    [StateName("self_attn")]
    private readonly MultiHeadAttention selfAttention;
    private readonly Linear linear1, linear2;
    private readonly LayerNorm norm1, norm2;
    private readonly Dropout dropout, dropout1, dropout2;
    private readonly TransformerOptions options;

    /// <summary>Makes the layer.</summary>
    public TransformerEncoderLayer(TransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        selfAttention = options.MakeAttention();
        linear1 = options.MakeWide();
        linear2 = options.MakeNarrow();
        (norm1, norm2) = (options.MakeNorm(), options.MakeNorm());
        (dropout, dropout1, dropout2) = (options.MakeDropout(), options.MakeDropout(), options.MakeDropout());
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Compute(x, null, null, false, null);

    /// <summary>
    /// Runs with masks, as
    /// <see cref="MultiHeadAttention.Forward(Tensor, Tensor, Tensor, AttentionMask?, Tensor?, bool, KeyValueCache?)"/> takes them.
    /// </summary>
    /// <param name="x">The sequence.</param>
    /// <param name="mask">For its attention to itself.</param>
    /// <param name="keyPaddingMask">True for padding.</param>
    /// <param name="isCausal">True if a step sees no later ones.</param>
    /// <param name="cache">The keys and values of earlier steps, which this one goes on from; or none.</param>
    public Tensor Forward(
        Tensor x, AttentionMask? mask, Tensor? keyPaddingMask = null, bool isCausal = false, KeyValueCache? cache = null)
        => Locate(x, () => Compute(x, mask, keyPaddingMask, isCausal, cache));

    private Tensor Compute(Tensor x, AttentionMask? mask, Tensor? padding, bool isCausal, KeyValueCache? cache)
    {
        Tensor Attend(Tensor y) => dropout1.Forward(selfAttention.Forward(y, y, y, mask, padding, isCausal, cache));
        Tensor Feed(Tensor y) => dropout2.Forward(linear2.Forward(dropout.Forward(linear1.Forward(y))));
        if (options.NormFirst)
        {
            x = x + Attend(norm1.Forward(x));
            return x + Feed(norm2.Forward(x));
        }
        x = norm1.Forward(x + Attend(x));
        return norm2.Forward(x + Feed(x));
    }
}

/// <summary>Self-attention, attention to a memory, and a feed-forward network, each with a way past it and a norm.</summary>
public sealed class TransformerDecoderLayer : Layer
{
    [StateName("self_attn")]
    private readonly MultiHeadAttention selfAttention;
    [StateName("multihead_attn")]
    private readonly MultiHeadAttention crossAttention;
    private readonly Linear linear1, linear2;
    private readonly LayerNorm norm1, norm2, norm3;
    private readonly Dropout dropout, dropout1, dropout2, dropout3;
    private readonly TransformerOptions options;

    /// <summary>Makes the layer.</summary>
    public TransformerDecoderLayer(TransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        (selfAttention, crossAttention) = (options.MakeAttention(), options.MakeAttention());
        linear1 = options.MakeWide();
        linear2 = options.MakeNarrow();
        (norm1, norm2, norm3) = (options.MakeNorm(), options.MakeNorm(), options.MakeNorm());
        (dropout, dropout1, dropout2, dropout3) =
            (options.MakeDropout(), options.MakeDropout(), options.MakeDropout(), options.MakeDropout());
    }

    /// <summary>The sequence is its own memory.</summary>
    protected override Tensor Compute(Tensor x) => Compute(x, x, null, null, null, null, false, null);

    /// <summary>
    /// Runs on a sequence and a memory, with masks as
    /// <see cref="MultiHeadAttention.Forward(Tensor, Tensor, Tensor, AttentionMask?, Tensor?, bool, KeyValueCache?)"/> takes them.
    /// </summary>
    /// <param name="x">The sequence.</param>
    /// <param name="memory">What an encoder made.</param>
    /// <param name="mask">For the attention of the sequence to itself.</param>
    /// <param name="memoryMask">For its attention to the memory.</param>
    /// <param name="keyPaddingMask">True for padding of the sequence.</param>
    /// <param name="memoryKeyPaddingMask">True for padding of the memory.</param>
    /// <param name="isCausal">True if a step sees no later ones of the sequence.</param>
    /// <param name="cache">The keys and values of earlier steps of the sequence, which this one goes on from; or none.</param>
    public Tensor Forward(
        Tensor x, Tensor memory, AttentionMask? mask = null, AttentionMask? memoryMask = null, Tensor? keyPaddingMask = null,
        Tensor? memoryKeyPaddingMask = null, bool isCausal = false, KeyValueCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return Locate(x, () => Compute(x, memory, mask, memoryMask, keyPaddingMask, memoryKeyPaddingMask, isCausal, cache));
    }

    private Tensor Compute(
        Tensor x, Tensor memory, AttentionMask? mask, AttentionMask? memoryMask, Tensor? padding, Tensor? memoryPadding, bool isCausal,
        KeyValueCache? cache)
    {
        Tensor Attend(Tensor y) => dropout1.Forward(selfAttention.Forward(y, y, y, mask, padding, isCausal, cache));
        Tensor Cross(Tensor y) => dropout2.Forward(crossAttention.Forward(y, memory, memory, memoryMask, memoryPadding));
        Tensor Feed(Tensor y) => dropout3.Forward(linear2.Forward(dropout.Forward(linear1.Forward(y))));
        if (options.NormFirst)
        {
            x = x + Attend(norm1.Forward(x));
            x = x + Cross(norm2.Forward(x));
            return x + Feed(norm3.Forward(x));
        }
        x = norm1.Forward(x + Attend(x));
        x = norm2.Forward(x + Cross(x));
        return norm3.Forward(x + Feed(x));
    }
}
