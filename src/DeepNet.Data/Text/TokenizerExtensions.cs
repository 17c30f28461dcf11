namespace DeepNet.Data;

/// <summary>Provides methods for tokenizers of any kind.</summary>
public static class TokenizerExtensions
{
    /// <summary>Turns texts into one batch, padded at the ends.</summary>
    /// <param name="tokenizer">The tokenizer; it has a token for padding, or the mask alone says what is padding.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="length">
    /// The largest number of steps; longer texts are cut off, and keep the token at their end. The longest text if left out.
    /// </param>
    public static TokenBatch EncodeBatch(this ITokenizer tokenizer, IReadOnlyList<string> texts, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(texts);
        int most = length ?? int.MaxValue;
        return TokenBatch.Pad([.. texts.Select(text => tokenizer.EncodeUpTo(text, most))], tokenizer.Special.Padding ?? 0);
    }

    /// <summary>The tokens of a text, cut off at a length. One that ends with the special token at the end still does.</summary>
    internal static int[] EncodeUpTo(this ITokenizer tokenizer, string text, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        int[] all = tokenizer.Encode(text);
        if (all.Length <= length) return all;
        int[] cut = all[..length];
        if (all[^1] == tokenizer.Special.End) cut[^1] = all[^1];
        return cut;
    }
}
