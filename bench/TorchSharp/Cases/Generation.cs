using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>One step of generation: a token of each sequence is put into the cache and attends to all 1,024 there.</summary>
internal static class Generation
{
    private const int Batch = 8, Steps = 1024, Width = 64;

    public static IEnumerable<Case> Cases =>
    [
        new("attention_cache1024_h12_b8", Step(12, 12)), new("attention_cache1024_h32-8_b8", Step(32, 8)),
        new("attention_cache1024_h16-8_b8", Step(16, 8)),
    ];

    private static Way[] Step(int heads, int shared) =>
    [
        new("fused attention", () => Step(heads, shared, byHand: false)), new("attention by hand", () => Step(heads, shared, byHand: true)),
    ];

    /// <summary>Heads that share keys are rows of one product.</summary>
    private static Action Step(int heads, int shared, bool byHand)
    {
        Tensor past = Inputs.Normal(Batch, shared, Steps - 1, Width);
        Tensor query = Inputs.Normal(Batch, heads, 1, Width).view(Batch, shared, heads / shared, Width);
        Tensor next = Inputs.Normal(Batch, shared, 1, Width), keys = cat([past, next], 2), values = cat([past, next], 2);
        Tensor lastKey = keys.narrow(2, Steps - 1, 1), lastValue = values.narrow(2, Steps - 1, 1), turned = keys.transpose(-1, -2);
        return () =>
        {
            using var off = inference_mode();
            using var scope = NewDisposeScope();
            lastKey.copy_(next);
            lastValue.copy_(next);
            var y = byHand ? (query * (1 / Math.Sqrt(Width))).matmul(turned).softmax(-1).matmul(values)
                : nn.functional.scaled_dot_product_attention(query, keys, values);
            Outcome.Note(y);
        };
    }
}
