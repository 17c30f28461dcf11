using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DeepNet.Bench.Anchor;

/// <summary>A transformer over characters: 4 layers of 4 heads, 128 wide, 128 characters long.</summary>
internal sealed class CharGpt : Model
{
    private const int Vocabulary = 96, Width = 128, Heads = 4, Layers = 4, Context = 128;

    private readonly Embedding token = Embedding(Vocabulary, Width), place = Embedding(Context, Width);
    private readonly Model blocks;
    private readonly LayerNorm norm = LayerNorm(Width);
    private readonly Linear head = Linear(Width, Vocabulary, hasBias: false);
    private readonly Tensor places = arange(Context);

    /// <param name="byHand">True for attention of products and a softmax instead of LibTorch's fused one.</param>
    public CharGpt(bool byHand) : base("CharGpt")
    {
        blocks = Sequential([.. Enumerable.Range(0, Layers).Select(_ => (Model)new Block(byHand))]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
        => head.call(norm.call(blocks.call(token.call(x) + place.call(places[..(int)x.shape[1]]))));

    private sealed class Block : Model
    {
        private readonly LayerNorm norm1 = LayerNorm(Width), norm2 = LayerNorm(Width);
        private readonly Linear qkv = Linear(Width, 3 * Width), project = Linear(Width, Width);
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
            long batch = x.shape[0], length = x.shape[1];
            var parts = qkv.call(norm1.call(x)).split(Width, 2);
            Tensor Head(Tensor t) => t.view(batch, length, Heads, Width / Heads).transpose(1, 2);
            var y = Attend(Head(parts[0]), Head(parts[1]), Head(parts[2]));
            x = x + project.call(y.transpose(1, 2).reshape(batch, length, Width));
            return x + narrow.call(functional.gelu(wide.call(norm2.call(x))));
        }

        private Tensor Attend(Tensor q, Tensor k, Tensor v) => mask is null
            ? functional.scaled_dot_product_attention(q, k, v, is_casual: true)
            : (matmul(q, k.transpose(-2, -1)) * (1 / Math.Sqrt(Width / Heads)) + mask).softmax(-1).matmul(v);
    }
}
