using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class KeyValueCacheTests
{
    private static readonly Generator Random = new(12);

    // In pieces of these lengths, one after the other.
    [Theory]
    [InlineData(false, 6, false, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(true, 2, true, 4, 1, 2)]
    [InlineData(true, 3, false, 1, 5, 1)]
    [InlineData(true, 1, true, 7)]
    public void Pieces_are_the_whole(bool batchFirst, int shared, bool interleaved, params int[] pieces)
    {
        var attention = new MultiHeadAttention(
            24, 6, batchFirst: batchFirst, keyValueHeads: shared, rotary: new(4, interleaved: interleaved), generator: new(3));
        int axis = batchFirst ? 1 : 0;
        var x = Tensor.Randn(batchFirst ? new Shape(3, 7, 24) : new Shape(7, 3, 24), generator: Random);
        using var off = Autograd.NoGrad();
        foreach (var mask in (AttentionMask?[])[null, AttentionMask.Alibi, AttentionMask.Window(3)])
        {
            var whole = attention.Forward(x, x, x, mask, isCausal: true);
            var cache = new KeyValueCache(8);
            var parts = new List<Tensor>();
            foreach (int steps in pieces)
            {
                var piece = x.Narrow(axis, cache.Length, steps);
                parts.Add(attention.Forward(piece, piece, piece, mask, isCausal: true, cache: cache));
            }
            Assert.Equal(7, cache.Length);
            Fused.AssertNear([whole.ToArray<double>()], [Tensor.Cat([.. parts], axis).ToArray<double>()], 1e-6);
        }
    }

    // Sequences of different lengths stand side by side, padded in front: each gives what it gives alone.
    [Fact]
    public void A_padded_batch_gives_what_each_sequence_gives_alone()
    {
        int[] lengths = [5, 3, 1];
        var model = new Decoder();
        using var off = Autograd.NoGrad();
        var sequences = lengths.Select(n => Tensor.RandInt(0, Decoder.Vocabulary, new Shape(1, n), generator: Random)).ToArray();
        var alone = sequences.Select(s => Generate(model, s, null, 6)).ToArray();
        var prompt = Tensor.Cat([.. sequences.Select(s => s.Pad([(0, 0), (5 - s.Shape[1], 0)]))]);
        var padding = Tensor.Arange(5) < Tensor.From<int>([.. lengths.Select(n => 5 - n)]).Unsqueeze(1);
        long[] together = Generate(model, prompt, padding, 6);
        for (int i = 0; i < lengths.Length; i++) Assert.Equal(alone[i], together[(6 * i)..(6 * (i + 1))]);
    }

    // A model in the manner of Llama, token by token with a cache and with the whole sequence each time.
    [Fact]
    public void Greedy_generation_is_the_same_with_a_cache_and_without()
    {
        var model = new Decoder();
        var prompt = Tensor.RandInt(0, Decoder.Vocabulary, new Shape(2, 4), generator: Random);
        using var off = Autograd.NoGrad();
        var tokens = prompt;
        for (int i = 0; i < 12; i++)
            tokens = Tensor.Cat([tokens, model.Forward(tokens)[.., ^1..].ArgMax(-1)], 1);
        Assert.Equal(tokens[.., 4..].Reshape(-1).ToArray<long>(), Generate(model, prompt, null, 12));
    }

    private static long[] Generate(Decoder model, Tensor prompt, Tensor? padding, int steps)
    {
        var caches = model.NewCaches(prompt.Shape[1] + steps);
        var (next, made) = (prompt, new List<Tensor>());
        for (int i = 0; i < steps; i++)
        {
            next = model.Forward(next, caches, padding)[.., ^1..].ArgMax(-1);
            made.Add(next);
            if (padding is not null) padding = padding.Pad([(0, 0), (0, 1)]);
        }
        return Tensor.Cat([.. made], 1).Reshape(-1).ToArray<long>();
    }

    [Fact]
    public void Nothing_is_copied_when_a_step_comes()
    {
        using var off = Autograd.NoGrad();
        var cache = new KeyValueCache(1000);
        var step = Tensor.Ones(2, 4, 1, 16);
        cache.Append(step, step);
        var first = cache.Keys!;
        Memory.Reclaim();
        long before = Memory.LiveBytes;
        Memory.ResetPeak();
        for (int i = 1; i < 1000; i++)
        {
            var (keys, values) = cache.Append(step * i, step);
            Assert.Same(first.Storage, keys.Storage);
            Assert.Equal(i + 1, values.Shape[2]);
        }
        Assert.True(Memory.PeakBytes - before <= 2 << 20);
        Assert.Equal(Enumerable.Range(1, 999).Select(i => (float)i), cache.Keys![0, 3, 1.., 5].ToArray());
    }

    [Fact]
    public void Steps_can_be_taken_back_and_all_dropped()
    {
        using var off = Autograd.NoGrad();
        var cache = new KeyValueCache(4);
        Tensor Steps(params float[] values) => Tensor.From<float>(values, new Shape(1, 1, values.Length, 1));
        cache.Append(Steps(1, 2, 3), Steps(4, 5, 6));
        cache.Trim(1);
        Assert.Equal([1, 7, 8], cache.Append(Steps(7, 8), Steps(7, 8)).Keys.ToArray());
        Assert.Equal([4, 7, 8], cache.Values!.ToArray());
        cache.Reset();
        Assert.Equal(0, cache.Length);
        var other = Tensor.Ones(new Shape(3, 2, 4, 5), DType.Float64);
        Assert.Equal(other.Shape, cache.Append(other, other).Keys.Shape);
    }

    [Fact]
    public void Errors_say_what_is_right()
    {
        var cache = new KeyValueCache(4);
        var steps = Tensor.Ones(1, 2, 3, 4);
        cache.Append(steps, steps);
        Assert.Equal("[key_value_cache] 3 of 4 steps are there, and 3 more do not fit. Make the cache larger, or Trim it.",
            Assert.Throws<InvalidOperationException>(() => cache.Append(steps, steps)).Message);
        Assert.Equal(3, cache.Length);
        Assert.Contains("those before were float32 1 × 2 × steps × 4 on cpu. For another batch: Reset.",
            Assert.Throws<ArgumentException>(() => cache.Append(Tensor.Ones(2, 2, 1, 4), Tensor.Ones(2, 2, 1, 4))).Message);
        Assert.Contains("must be (batch, heads, steps, features)",
            Assert.Throws<ArgumentException>(() => cache.Append(steps, Tensor.Ones(1, 2, 2, 4))).Message);
        Assert.Contains("using (Autograd.NoGrad())",
            Assert.Throws<InvalidOperationException>(() => cache.Append(steps.WithGrad(), steps)).Message);
        Assert.Contains("cannot be trimmed to 4 steps: there are 3.",
            Assert.Throws<ArgumentOutOfRangeException>(() => cache.Trim(4)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyValueCache(0));
        var encoder = new TransformerEncoder(new(4, 2, 8), 2);
        Assert.Contains("1 caches for 2 layers",
            Assert.Throws<LayerException>(() => encoder.Forward(Tensor.Ones(1, 1, 4), null, caches: [cache])).Message);
    }

    /// <summary>A decoder in the manner of Llama.</summary>
    private sealed class Decoder : Module
    {
        public const int Vocabulary = 11;
        private const int Width = 16, Layers = 2;

        private static readonly Generator Weights = new(21);
        private readonly Embedding embedding = new(Vocabulary, Width, generator: Weights);
        private readonly Block[] blocks = [.. Enumerable.Range(0, Layers).Select(_ => new Block())];
        private readonly RmsNorm norm = new(Width);
        private readonly Linear head = new(Width, Vocabulary, bias: false, generator: Weights);

        public KeyValueCache[] NewCaches(int steps) => [.. blocks.Select(_ => new KeyValueCache(steps))];

        public override Tensor Forward(Tensor x) => Forward(x, null, null);

        public Tensor Forward(Tensor tokens, KeyValueCache[]? caches, Tensor? padding)
        {
            var x = embedding.Forward(tokens);
            for (int i = 0; i < Layers; i++) x = blocks[i].Forward(x, caches?[i], padding);
            return head.Forward(norm.Forward(x));
        }

        private sealed class Block : Module
        {
            private readonly RmsNorm norm1 = new(Width), norm2 = new(Width);
            private readonly MultiHeadAttention attention = new(
                Width, 4, bias: false, batchFirst: true, keyValueHeads: 2, rotary: new RotaryEmbedding(Width / 4), generator: Weights);
            private readonly GatedFeedForward feed = new(Width, 32, generator: Weights);

            public override Tensor Forward(Tensor x) => Forward(x, null, null);

            public Tensor Forward(Tensor x, KeyValueCache? cache, Tensor? padding)
            {
                var y = norm1.Forward(x);
                x = x + attention.Forward(y, y, y, keyPaddingMask: padding, isCausal: true, cache: cache);
                return x + feed.Forward(norm2.Forward(x));
            }
        }
    }
}
