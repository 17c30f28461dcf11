using DeepNet.Nn;

namespace DeepNet.Bench.Cases;

/// <summary>One step of generation: a token of each sequence is put into the cache and attends to all 1,024 there.</summary>
internal static class Generation
{
    private const int Batch = 8, Steps = 1024, Width = 64;

    public static IEnumerable<Case> Cases =>
    [
        new("attention_cache1024_h12_b8", () => Step(12, 12)) { Mark = (0.67, 0.67) },
        new("attention_cache1024_h32-8_b8", () => Step(32, 8)) { Mark = (0.67, 0.67) },
        new("attention_cache1024_h16-8_b8", () => Step(16, 8)) { IsExtra = true },
    ];

    private static Action Step(int heads, int shared)
    {
        var cache = new KeyValueCache(Steps);
        Tensor past = Inputs.Normal(new Shape(Batch, shared, Steps - 1, Width));
        Tensor query = Inputs.Normal(new Shape(Batch, heads, 1, Width)), next = Inputs.Normal(new Shape(Batch, shared, 1, Width));
        cache.Append(past, past);
        return () =>
        {
            using var off = Autograd.NoGrad();
            using var step = Memory.Scope();
            var (keys, values) = cache.Append(next, next);
            Outcome.Note(Attention.ScaledDotProduct(query, keys, values, isCausal: true, offset: Steps - 1));
            cache.Trim(Steps - 1);
        };
    }
}
