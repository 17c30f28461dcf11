using DeepNet.Nn;

namespace DeepNet.Bench.Cases;

/// <summary>A transformer over characters: 4 layers of 4 heads, 128 wide, 128 characters long.</summary>
internal sealed class CharGpt : Module
{
    private const int Vocabulary = 96, Width = 128, Heads = 4, Layers = 4, Context = 128;

    private readonly Embedding token = new(Vocabulary, Width), place = new(Context, Width);
    private readonly Block[] blocks = [.. Enumerable.Range(0, Layers).Select(_ => new Block())];
    private readonly LayerNorm norm = new(Width);
    private readonly Linear head = new(Width, Vocabulary, bias: false);
    private readonly Tensor places = Tensor.Arange(Context);

    public override Tensor Forward(Tensor x)
    {
        var h = token.Forward(x) + place.Forward(places[..x.Shape[1]]);
        foreach (var block in blocks) h = block.Forward(h);
        return head.Forward(norm.Forward(h));
    }

    private sealed class Block : Module
    {
        private readonly LayerNorm norm1 = new(Width), norm2 = new(Width);
        private readonly Linear qkv = new(Width, 3 * Width), project = new(Width, Width);
        private readonly Linear wide = new(Width, 4 * Width, activation: new Gelu()), narrow = new(4 * Width, Width);

        public override Tensor Forward(Tensor x)
        {
            int batch = x.Shape[0], length = x.Shape[1];
            var parts = qkv.Forward(norm1.Forward(x)).Split(Width, 2);
            Tensor Head(Tensor t) => t.Reshape(batch, length, Heads, Width / Heads).Transpose(1, 2);
            var y = Attention.ScaledDotProduct(Head(parts[0]), Head(parts[1]), Head(parts[2]), isCausal: true);
            x = x + project.Forward(y.Transpose(1, 2).Reshape(batch, length, Width));
            return x + narrow.Forward(wide.Forward(norm2.Forward(x)));
        }
    }
}
