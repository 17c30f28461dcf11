using DeepNet.Data;
using DeepNet.Hosting.Predicting;
using DeepNet.Models;

namespace DeepNet.Hosting.Embeddings;

/// <summary>An encoder in a folder, with its tokenizer.</summary>
internal sealed class TextEncoder
{
    private readonly string folder;
    private readonly TextEmbeddingOptions options;
    private readonly PretrainedTokenizer tokenizer;
    private readonly int mostTokens;

    public TextEncoder(string name, string folder, TextEmbeddingOptions options)
    {
        (this.folder, this.options) = (folder, options);
        var config = BertConfig.Load(folder);
        Dimensions = config.Dimension;
        mostTokens = options.MaxTokens ?? config.ContextLength;
        if (mostTokens < 1 || mostTokens > config.ContextLength)
            throw new ArgumentException(
                $"[embeddings '{name}'] MaxTokens is {mostTokens}; the model in {folder} reads from 1 to {config.ContextLength}.");
        tokenizer = PretrainedTokenizer.Load(folder);
        if (tokenizer.VocabularySize > config.VocabularySize)
            throw new InvalidDataException($"[embeddings '{name}'] the tokenizer in {folder} has {tokenizer.VocabularySize} tokens, and "
                + $"the model {config.VocabularySize}: they do not belong together.");
    }

    public int Dimensions { get; }

    public Bert Load()
    {
        var model = Bert.FromPretrained(folder);
        if (options.Device is { } device) model.To(device);
        return model;
    }

    public int[] Tokens(string text) => tokenizer.EncodeUpTo(text, mostTokens);

    public IReadOnlyList<TextVector> Compute(LoadedModel model, IReadOnlyList<int[]> rows)
    {
        var (tokens, mask) = TokenBatch.Pad(rows, tokenizer.Special.Padding ?? 0).To(model.Device);
        float[,] vectors = ((Bert)model.Module).Encode(tokens, mask, options.Pooling, options.Normalize).ToMatrix();
        return [.. rows.Select((row, i) => new TextVector(Row(vectors, i), row.Length))];
    }

    private static float[] Row(float[,] matrix, int row)
    {
        float[] values = new float[matrix.GetLength(1)];
        Buffer.BlockCopy(matrix, row * values.Length * sizeof(float), values, 0, values.Length * sizeof(float));
        return values;
    }
}
