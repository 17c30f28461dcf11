namespace DeepNet.Nn;

/// <summary>Encoder layers one after the other, and a norm at the end where one is given. With causal masks, the stack of a GPT.</summary>
public sealed class TransformerEncoder : Layer
{
    private readonly TransformerEncoderLayer[] layers;
    private readonly Module? norm;

    /// <summary>Makes the layers, each with starting values of its own.</summary>
    /// <param name="options">The options of each layer.</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="norm">The norm of the result, which layers that normalise first leave to it; or none.</param>
    public TransformerEncoder(TransformerOptions options, int layers, Module? norm = null)
    {
        Check.Positive("transformer", nameof(layers), layers);
        this.layers = [.. Enumerable.Range(0, layers).Select(_ => new TransformerEncoderLayer(options))];
        this.norm = norm;
    }

    /// <summary>Gets the number of layers.</summary>
    public int Layers => layers.Length;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Compute(x, null, null, false, null);

    /// <inheritdoc cref="TransformerEncoderLayer.Forward(Tensor, AttentionMask?, Tensor?, bool, KeyValueCache?)" path="/summary"/>
    /// <param name="x">The sequence.</param>
    /// <param name="mask">For its attention to itself.</param>
    /// <param name="keyPaddingMask">True for padding.</param>
    /// <param name="isCausal">True if a step sees no later ones.</param>
    /// <param name="caches">The keys and values of earlier steps, a cache for each layer; or none.</param>
    public Tensor Forward(
        Tensor x, AttentionMask? mask, Tensor? keyPaddingMask = null, bool isCausal = false, IReadOnlyList<KeyValueCache>? caches = null)
        => Locate(x, () => Compute(x, mask, keyPaddingMask, isCausal, caches));

    private Tensor Compute(Tensor x, AttentionMask? mask, Tensor? padding, bool isCausal, IReadOnlyList<KeyValueCache>? caches)
    {
        CheckCaches(caches, layers.Length);
        for (int i = 0; i < layers.Length; i++) x = layers[i].Forward(x, mask, padding, isCausal, caches?[i]);
        return norm is null ? x : norm.Forward(x);
    }

    internal static void CheckCaches(IReadOnlyList<KeyValueCache>? caches, int layers)
    {
        if (caches is not null && caches.Count != layers)
            throw new ArgumentException($"[transformer] {caches.Count} caches for {layers} layers: each layer needs one of its own.");
    }
}

/// <summary>Decoder layers one after the other, and a norm at the end where one is given.</summary>
public sealed class TransformerDecoder : Layer
{
    private readonly TransformerDecoderLayer[] layers;
    private readonly Module? norm;

    /// <inheritdoc cref="TransformerEncoder(TransformerOptions, int, Module?)"/>
    public TransformerDecoder(TransformerOptions options, int layers, Module? norm = null)
    {
        Check.Positive("transformer", nameof(layers), layers);
        this.layers = [.. Enumerable.Range(0, layers).Select(_ => new TransformerDecoderLayer(options))];
        this.norm = norm;
    }

    /// <summary>Gets the number of layers.</summary>
    public int Layers => layers.Length;

    /// <summary>The sequence is its own memory.</summary>
    protected override Tensor Compute(Tensor x) => Compute(x, x, default, default, false, null);

    /// <inheritdoc
    /// cref="TransformerDecoderLayer.Forward(Tensor, Tensor, AttentionMask?, AttentionMask?, Tensor?, Tensor?, bool, KeyValueCache?)"
    /// path="/summary"/>
    /// <param name="x">The sequence.</param>
    /// <param name="memory">What an encoder made.</param>
    /// <param name="mask">For the attention of the sequence to itself.</param>
    /// <param name="memoryMask">For its attention to the memory.</param>
    /// <param name="keyPaddingMask">True for padding of the sequence.</param>
    /// <param name="memoryKeyPaddingMask">True for padding of the memory.</param>
    /// <param name="isCausal">True if a step sees no later ones of the sequence.</param>
    /// <param name="caches">The keys and values of earlier steps of the sequence, a cache for each layer; or none.</param>
    public Tensor Forward(
        Tensor x, Tensor memory, AttentionMask? mask = null, AttentionMask? memoryMask = null, Tensor? keyPaddingMask = null,
        Tensor? memoryKeyPaddingMask = null, bool isCausal = false, IReadOnlyList<KeyValueCache>? caches = null)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return Locate(x, () => Compute(x, memory, (mask, keyPaddingMask), (memoryMask, memoryKeyPaddingMask), isCausal, caches));
    }

    private Tensor Compute(
        Tensor x, Tensor memory, (AttentionMask? Mask, Tensor? Padding) own, (AttentionMask? Mask, Tensor? Padding) other, bool isCausal,
        IReadOnlyList<KeyValueCache>? caches)
    {
        TransformerEncoder.CheckCaches(caches, layers.Length);
        for (int i = 0; i < layers.Length; i++)
            x = layers[i].Forward(x, memory, own.Mask, other.Mask, own.Padding, other.Padding, isCausal, caches?[i]);
        return norm is null ? x : norm.Forward(x);
    }
}

/// <summary>
/// The transformer of "Attention is all you need" (Vaswani et al. 2017): an encoder reads a source, and a decoder makes a target while it
/// attends to what the encoder made. Embeddings and positions come before it, and a linear layer behind.
/// </summary>
public sealed class Transformer : Layer
{
    private readonly TransformerEncoder encoder;
    private readonly TransformerDecoder decoder;

    /// <summary>Makes both stacks, with a norm behind each; matrices begin by Glorot's uniform initialisation.</summary>
    /// <param name="options">The options of each layer.</param>
    /// <param name="encoderLayers">The number of the encoder's layers.</param>
    /// <param name="decoderLayers">The number of the decoder's layers.</param>
    public Transformer(TransformerOptions options, int encoderLayers = 6, int decoderLayers = 6)
    {
        ArgumentNullException.ThrowIfNull(options);
        encoder = new TransformerEncoder(options, encoderLayers, options.MakeNorm());
        decoder = new TransformerDecoder(options, decoderLayers, options.MakeNorm());
        foreach (var (_, parameter) in NamedParameters())
            if (parameter.Shape.Rank > 1) Init.XavierUniform(parameter, generator: options.Generator);
    }

    /// <summary>Gets the encoder.</summary>
    public TransformerEncoder Encoder => encoder;

    /// <summary>Gets the decoder.</summary>
    public TransformerDecoder Decoder => decoder;

    /// <summary>The sequence is source and target.</summary>
    protected override Tensor Compute(Tensor x) => decoder.Forward(x, encoder.Forward(x));

    /// <summary>Runs on a source and a target.</summary>
    /// <param name="source">What the encoder reads.</param>
    /// <param name="target">What the decoder has made so far.</param>
    /// <param name="sourceMask">For the attention of the source to itself.</param>
    /// <param name="targetMask">For the attention of the target to itself, such as <see cref="AttentionMask.Causal"/>.</param>
    /// <param name="memoryMask">For the attention of the target to what the encoder made.</param>
    /// <param name="sourcePaddingMask">(batch, steps): true for padding of the source, to which neither attends.</param>
    /// <param name="targetPaddingMask">(batch, steps): true for padding of the target.</param>
    public Tensor Forward(
        Tensor source, Tensor target, AttentionMask? sourceMask = null, AttentionMask? targetMask = null, AttentionMask? memoryMask = null,
        Tensor? sourcePaddingMask = null, Tensor? targetPaddingMask = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Locate(source, () => decoder.Forward(
            target, encoder.Forward(source, sourceMask, sourcePaddingMask), targetMask, memoryMask, targetPaddingMask, sourcePaddingMask));
    }
}
