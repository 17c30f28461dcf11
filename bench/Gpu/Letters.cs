using DeepNet.Nn;

namespace DeepNet.Bench.Gpu;

/// <summary>A transformer that predicts the next letter: what torch_gpu.py measures beside it.</summary>
internal sealed class Letters : Module
{
    private readonly Embedding letters;
    private readonly LearnedPositionalEncoding places;
    private readonly TransformerEncoderLayer[] layers;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public Letters(int vocabulary, int steps, int width, int heads, int layers)
    {
        letters = new Embedding(vocabulary, width);
        places = new LearnedPositionalEncoding(steps, width);
        var options = new TransformerOptions(width, heads, 4 * width)
        {
            Dropout = 0, BatchFirst = true, NormFirst = true, Activation = new Gelu(),
        };
        this.layers = [.. Enumerable.Range(0, layers).Select(_ => new TransformerEncoderLayer(options))];
        norm = new LayerNorm(width);
        head = new Linear(width, vocabulary);
    }

    public override Tensor Forward(Tensor x)
    {
        var y = places.Forward(letters.Forward(x));
        foreach (var layer in layers) y = layer.Forward(y, null, isCausal: true);
        return head.Forward(norm.Forward(y));
    }
}
