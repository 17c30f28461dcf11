namespace DeepNet.Samples.Characters;

/// <summary>
/// Predicts a character from the few before it by counting: what followed these four so far, mixed with what followed the last three, the
/// last two, and so on. It is the yardstick: a network that is no better has learned to count.
/// </summary>
/// <remarks>
/// Of order n, with Witten and Bell's interpolation: P(c | h) = (N(hc) + λ·K(h)·P(c | shorter h)) / (N(h) + λ·K(h)), where N counts and K
/// is the number of different characters that followed h. λ, one for each length of h, is chosen on text that was not counted.
/// </remarks>
internal sealed class NGramModel
{
    private static readonly double[] Strengths = [0.03, 0.1, 0.3, 1, 3, 10];

    private readonly int order, characters;
    private readonly Dictionary<UInt128, int>[] counts;                             // of h and c, by the length of h
    private readonly Dictionary<UInt128, (int All, int Kinds)>[] contexts;          // of h
    private readonly double[] strengths;

    /// <summary>Counts a text.</summary>
    /// <param name="order">The number of characters that it looks at, the predicted one among them; at most 8.</param>
    /// <param name="characters">The number of different characters.</param>
    /// <param name="text">What is counted; its last twentieth is held out to choose the weights, and counted afterwards.</param>
    public NGramModel(int order, int characters, ReadOnlySpan<int> text)
    {
        (this.order, this.characters) = (order, characters);
        counts = [.. Enumerable.Range(0, order).Select(_ => new Dictionary<UInt128, int>())];
        contexts = [.. Enumerable.Range(0, order).Select(_ => new Dictionary<UInt128, (int, int)>())];
        strengths = [.. Enumerable.Repeat(1.0, order)];
        int held = text.Length / 20;
        Count(text, 0, text.Length - held);
        for (int length = 0; length < order; length++)
        {
            double best = double.PositiveInfinity, chosen = 1;
            foreach (double strength in Strengths)
            {
                strengths[length] = strength;
                double loss = Loss(text[(text.Length - held)..], length + 1);
                if (loss < best) (best, chosen) = (loss, strength);
            }
            strengths[length] = chosen;
        }
        Count(text, text.Length - held, text.Length);
    }

    /// <summary>The mean of −ln P of each character of a text but the first few, in nats.</summary>
    public double Loss(ReadOnlySpan<int> text) => Loss(text, order);

    private double Loss(ReadOnlySpan<int> text, int upTo)
    {
        double sum = 0;
        for (int at = order - 1; at < text.Length; at++) sum -= Math.Log(Probability(text, at, upTo));
        return sum / (text.Length - order + 1);
    }

    private double Probability(ReadOnlySpan<int> text, int at, int upTo)
    {
        double probability = 1.0 / characters;
        for (int length = 0; length < upTo; length++)
        {
            if (!contexts[length].TryGetValue(Key(text, at - length, at), out var context)) break;
            double weight = strengths[length] * context.Kinds;
            int count = counts[length].GetValueOrDefault(Key(text, at - length, at + 1));
            probability = (count + weight * probability) / (context.All + weight);
        }
        return probability;
    }

    private void Count(ReadOnlySpan<int> text, int begin, int end)
    {
        for (int at = begin; at < end; at++)
            for (int length = 0; length < order && length <= at; length++)
            {
                UInt128 gram = Key(text, at - length, at + 1), context = Key(text, at - length, at);
                int count = counts[length].GetValueOrDefault(gram);
                counts[length][gram] = count + 1;
                var (all, kinds) = contexts[length].GetValueOrDefault(context);
                contexts[length][context] = (all + 1, count == 0 ? kinds + 1 : kinds);
            }
    }

    // Characters are numbers below 2^16, so that eight of them are one number.
    private static UInt128 Key(ReadOnlySpan<int> text, int begin, int end)
    {
        UInt128 key = 0;
        for (int i = begin; i < end; i++) key = key << 16 | (uint)text[i];
        return key;
    }
}
