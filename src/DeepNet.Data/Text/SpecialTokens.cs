namespace DeepNet.Data;

/// <summary>The numbers of the tokens that are not text; null for those that a tokenizer does not have.</summary>
public sealed record SpecialTokens
{
    /// <summary>Gets the token that fills sequences up to the length of a batch.</summary>
    public int? Padding { get; init; }

    /// <summary>Gets the token that stands for text outside the vocabulary.</summary>
    public int? Unknown { get; init; }

    /// <summary>Gets the token before a text: BOS, or BERT's [CLS].</summary>
    public int? Begin { get; init; }

    /// <summary>Gets the token behind a text: EOS, or BERT's [SEP].</summary>
    public int? End { get; init; }

    /// <summary>Gets the token in place of hidden text: BERT's [MASK].</summary>
    public int? Mask { get; init; }

    /// <summary>Returns a value that is true for a token that <see cref="ITokenizer.Decode"/> leaves out.</summary>
    internal bool IsSilent(int token) => token == Padding || token == Begin || token == End;

    /// <summary>Returns tokens with <see cref="Begin"/> before and <see cref="End"/> behind, where there are such.</summary>
    internal int[] Enclose(IReadOnlyCollection<int> tokens)
    {
        var all = new List<int>(tokens.Count + 2);
        if (Begin is { } begin) all.Add(begin);
        all.AddRange(tokens);
        if (End is { } end) all.Add(end);
        return [.. all];
    }
}
