namespace DeepNet.Data;

/// <summary>
/// Texts with a class each: x is int64 (batch, steps), padded to the longest of the batch, y int64 (batch,). Where x is the padding token
/// there is no text.
/// </summary>
/// <example><code>
/// var lines = JsonLines.Read("reviews.jsonl").ToList();
/// var set = new TextDataset(
///     [.. lines.Select(line => line.GetProperty("text").GetString()!)], [.. lines.Select(line => line.GetProperty("stars").GetInt32())],
///     tokenizer, length: 256);
/// </code></example>
public sealed class TextDataset : IDataset, ILabeled
{
    private readonly int[][] tokens;
    private readonly int[] labels;
    private readonly int padding;

    /// <summary>Texts with their classes. They are turned into tokens at once.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">The class of each, from 0.</param>
    /// <param name="tokenizer">The tokenizer, with a token for padding.</param>
    /// <param name="length">The largest number of steps; longer texts are cut off.</param>
    public TextDataset(IReadOnlyList<string> texts, IReadOnlyList<int> labels, ITokenizer tokenizer, int length)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (texts.Count != labels.Count)
            throw new ArgumentException($"[text_dataset] {texts.Count} texts have {labels.Count} labels.", nameof(labels));
        padding = tokenizer.Special.Padding ?? throw new ArgumentException(
            "[text_dataset] the tokenizer has no token for padding, so texts of different lengths make no batch. Fit a vocabulary with "
                + $"{nameof(VocabularyOptions.HasPadding)}.", nameof(tokenizer));
        tokens = [.. texts.Select(text => tokenizer.EncodeUpTo(text, length))];
        this.labels = [.. labels];
    }

    /// <inheritdoc/>
    public int Count => tokens.Length;

    /// <inheritdoc/>
    public IReadOnlyList<int> Labels => labels;

    /// <summary>Gets the tokens of a text.</summary>
    public ReadOnlySpan<int> Tokens(int index)
    {
        Places.Check(this, index);
        return tokens[index];
    }

    /// <inheritdoc/>
    public Sample this[int index] => Places.Example(this, index);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        Places.Check(this, indices);
        var (texts, classes) = (new int[indices.Length][], new long[indices.Length]);
        for (int i = 0; i < texts.Length; i++) (texts[i], classes[i]) = (tokens[indices[i]], labels[indices[i]]);
        var (x, mask) = TokenBatch.Pad(texts, padding);
        mask.Dispose();
        return new Batch(x, Tensor.From<long>(classes));
    }

    /// <inheritdoc/>
    public override string ToString() => $"TextDataset({Count} texts)";
}
