using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DeepNet.Bench.Anchor;

/// <summary>GPT-2 with 6 layers of 6 heads, 384 wide: 10.7 million parameters, as DeepNet.Models' Gpt2 of that configuration.</summary>
internal sealed class Gpt : Model
{
    public const int Vocabulary = 96, Context = 128, Width = 384, Heads = 6, Layers = 6;

    private readonly Embedding tokens = Embedding(Vocabulary, Width), places = Embedding(Context, Width);
    private readonly ModuleList<Block> blocks;
    private readonly LayerNorm norm = LayerNorm(Width);
    private readonly Tensor all = arange(Context);

    /// <param name="byHand">True for attention of products and a softmax instead of LibTorch's fused one.</param>
    public Gpt(bool byHand) : base("Gpt")
    {
        blocks = ModuleList([.. Enumerable.Range(0, Layers).Select(_ => new Block(byHand))]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var h = Embed(x, 0);
        foreach (var block in blocks) h = block.call(h);
        return Head(h);
    }

    /// <summary>Computes the logits behind the last step, and keeps keys and values of all steps.</summary>
    public Tensor Next(Tensor x, Cache cache)
    {
        var h = Embed(x, cache.Length);
        for (int i = 0; i < Layers; i++) h = blocks[i].Next(h, cache, i);
        cache.Length += (int)x.shape[1];
        return Head(h.select(1, -1));
    }

    private Tensor Embed(Tensor x, int from) => tokens.call(x) + places.call(all.narrow(0, from, x.shape[1]));

    private Tensor Head(Tensor h) => functional.linear(norm.call(h), tokens.weight!);

    /// <summary>Keys and values of earlier steps, in place for all that will come.</summary>
    public sealed class Cache(int batch, int capacity)
    {
        private readonly Tensor[] keys = [.. Room(batch, capacity)], values = [.. Room(batch, capacity)];

        public int Length { get; set; }

        public (Tensor Keys, Tensor Values) Append(int layer, Tensor key, Tensor value)
        {
            long steps = key.shape[2];
            keys[layer].narrow(2, Length, steps).copy_(key);
            values[layer].narrow(2, Length, steps).copy_(value);
            return (keys[layer].narrow(2, 0, Length + steps), values[layer].narrow(2, 0, Length + steps));
        }

        private static IEnumerable<Tensor> Room(int batch, int capacity)
            => Enumerable.Range(0, Layers).Select(_ => empty(batch, Heads, capacity, Width / Heads));
    }

    public sealed class Block : Model
    {
        private readonly LayerNorm norm1 = LayerNorm(Width);
        private readonly Linear qkv = Linear(Width, 3 * Width), project = Linear(Width, Width);
        private readonly LayerNorm norm2 = LayerNorm(Width);
        private readonly Linear wide = Linear(Width, 4 * Width), narrow = Linear(4 * Width, Width);
        private readonly Tensor? mask;

        public Block(bool byHand) : base("Block")
        {
            RegisterComponents();
            if (!byHand) return;
            using var future = ones(Context, Context, dtype: ScalarType.Bool).triu(1);
            mask = zeros(Context, Context).masked_fill(future, double.NegativeInfinity);
        }

        public override Tensor forward(Tensor x)
        {
            var (q, k, v) = Parts(x);
            return Finish(x, Attend(q, k, v));
        }

        public Tensor Next(Tensor x, Cache cache, int layer)
        {
            var (q, k, v) = Parts(x);
            (k, v) = cache.Append(layer, k, v);
            return Finish(x, Attend(q, k, v));
        }

        private (Tensor Queries, Tensor Keys, Tensor Values) Parts(Tensor x)
        {
            var parts = qkv.call(norm1.call(x)).split(Width, 2);
            Tensor Head(Tensor t) => t.view(x.shape[0], x.shape[1], Heads, Width / Heads).transpose(1, 2);
            return (Head(parts[0]), Head(parts[1]), Head(parts[2]));
        }

        private Tensor Finish(Tensor x, Tensor attended)
        {
            x = x + project.call(attended.transpose(1, 2).reshape(x.shape));
            return x + narrow.call(functional.gelu(wide.call(norm2.call(x)), TorchSharp.Modules.GELU.Approximate.tanh));
        }

        // A single step sees all that is there; several begin at the first.
        private Tensor Attend(Tensor q, Tensor k, Tensor v)
        {
            long steps = q.shape[2];
            if (mask is null) return functional.scaled_dot_product_attention(q, k, v, is_casual: steps > 1);
            var scores = matmul(q, k.transpose(-2, -1)) * (1 / Math.Sqrt(Width / Heads));
            return (steps > 1 ? scores + mask[..(int)steps, ..(int)steps] : scores).softmax(-1).matmul(v);
        }
    }
}
