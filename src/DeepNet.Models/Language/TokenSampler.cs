namespace DeepNet.Models;

/// <summary>Chooses the next token from logits.</summary>
internal static class TokenSampler
{
    /// <param name="logits">The logits, which are changed.</param>
    /// <param name="seen">The tokens that occurred.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="generator">The source of the one random number that is drawn.</param>
    public static int Pick(Span<float> logits, IReadOnlyCollection<int> seen, GenerationOptions options, Generator generator)
    {
        foreach (float logit in logits)
            if (float.IsNaN(logit)) throw new InvalidOperationException("[generate] the model's logits have a NaN.");
        if (options.RepetitionPenalty != 1)
            foreach (int token in seen)
            {
                float logit = logits[token];
                logits[token] = (float)(logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty);
            }
        return options.Temperature == 0 ? Largest(logits) : Draw(logits, options, generator.NextDouble());
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    private static int Draw(ReadOnlySpan<float> logits, GenerationOptions options, double at)
    {
        bool isCut = options.TopK > 0 || options.TopP < 1;
        int[] tokens = isCut ? ByLogit(logits) : [.. Enumerable.Range(0, logits.Length)];
        int count = options.TopK > 0 ? Math.Min(options.TopK, tokens.Length) : tokens.Length;
        double largest = logits[isCut ? tokens[0] : Largest(logits)];
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) weights[i] = Math.Exp((logits[tokens[i]] - largest) / options.Temperature);
        double sum = weights.Sum();
        if (options.TopP < 1)
        {
            double covered = 0;
            int kept = 0;
            while (kept < count && covered < options.TopP * sum) covered += weights[kept++];
            (count, sum) = (kept, covered);
        }
        at *= sum;
        for (int i = 0; i < count - 1; i++)
            if ((at -= weights[i]) < 0) return tokens[i];
        return tokens[count - 1];
    }

    // The tokens, likeliest first, equal ones in their order: sorted as integers, which is much faster than by a comparison.
    private static int[] ByLogit(ReadOnlySpan<float> logits)
    {
        ulong[] keys = new ulong[logits.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(logits[i]);
            uint rising = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
            keys[i] = (ulong)~rising << 32 | (uint)i;
        }
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)(uint)key);
    }
}
