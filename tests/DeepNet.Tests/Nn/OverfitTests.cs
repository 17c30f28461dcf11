using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

/// <summary>A model of each kind learns 64 samples by heart in a fixed number of steps, and the same on each run.</summary>
public class OverfitTests
{
    [Fact]
    public void Mlp()
    {
        var (x, y) = (Problems.Inputs(10), Problems.Labels);
        Check(
            random => new Sequential(
                new Linear(10, 48, generator: random), new BatchNorm1d(48), new Tanh(), new Linear(48, 4, generator: random)),
            model => Loss.CrossEntropy(model.Forward(x), y), 150, 0.02);
    }

    [Fact]
    public void Cnn()
    {
        var (x, y) = (Problems.Inputs(2, 7, 6), Problems.Labels);
        Check(random => new Sequential(
                new Conv2d(2, 12, 3, padding: 1, generator: random), new Relu(), new MaxPool2d(2),
                new Conv2d(12, 16, 3, padding: 1, generator: random), new Relu(), new Flatten(), new Linear(16 * 9, 4, generator: random)),
            model => Loss.CrossEntropy(model.Forward(x), y), 80, 0.01);
    }

    [Fact]
    public void Lstm()
    {
        var (x, y) = (Problems.Inputs(6, 3), Problems.Labels);
        Check(random => new Reader(new Lstm(3, 24, batchFirst: true, generator: random), new Linear(24, 4, generator: random)),
            model => Loss.CrossEntropy(model.Forward(x), y), 120, 0.03);
    }

    [Fact]
    public void Gru()
    {
        var (x, y) = (Problems.Inputs(6, 3), Problems.Labels);
        Check(random => new Reader(new Gru(3, 24, batchFirst: true, generator: random), new Linear(24, 4, generator: random)),
            model => Loss.CrossEntropy(model.Forward(x), y), 120, 0.03);
    }

    [Fact]
    public void Encoder()
    {
        var (x, y) = (Problems.Words(6, 9), Problems.Labels);
        Check(random => new Classifier(random), model => Loss.CrossEntropy(model.Forward(x), y), 100, 0.01);
    }

    [Fact]
    public void Decoder()
    {
        // The target is the source, each step told by the one before: to be seen only through the memory.
        var words = Problems.Words(5, 6);
        Check(random => new Copier(random), model =>
        {
            var logits = ((Copier)model).Forward(words, words.Roll(1, 1));
            return Loss.CrossEntropy(logits.Reshape(-1, 6), words.Reshape(-1));
        }, 110, 0.01);
    }

    private static void Check(Func<Generator, Module> make, Func<Module, Tensor> loss, int steps, double lr)
    {
        float Run()
        {
            var model = make(new Generator(7));
            return Problems.Fit(model, () => loss(model), steps, lr);
        }
        float first = Run();
        Assert.InRange(first, 0, 0.01);
        Assert.Equal(BitConverter.SingleToInt32Bits(first), BitConverter.SingleToInt32Bits(Run()));
    }

    private sealed class Reader(Recurrent recurrent, Linear head) : Module
    {
        private readonly Recurrent recurrent = recurrent;
        private readonly Linear head = head;

        public override Tensor Forward(Tensor x) => head.Forward(recurrent.Forward(x).Select(1, -1));
    }

    private sealed class Classifier : Module
    {
        private readonly Embedding embedding;
        private readonly LearnedPositionalEncoding places;
        private readonly TransformerEncoderLayer[] layers;
        private readonly Linear head;

        public Classifier(Generator random)
        {
            embedding = new Embedding(9, 16, generator: random);
            places = new LearnedPositionalEncoding(6, 16, random);
            var options = new TransformerOptions(16, 2, 32) { Dropout = 0, BatchFirst = true, NormFirst = true, Generator = random };
            layers = [new(options), new(options)];
            head = new Linear(16, 4, generator: random);
        }

        public override Tensor Forward(Tensor x)
        {
            x = places.Forward(embedding.Forward(x));
            foreach (var layer in layers) x = layer.Forward(x);
            return head.Forward(x.Mean(1));
        }
    }

    private sealed class Copier : Module
    {
        private readonly Embedding embedding;
        private readonly PositionalEncoding places = new(16);
        private readonly TransformerEncoderLayer encoder;
        private readonly TransformerDecoderLayer decoder;
        private readonly Linear head;

        public Copier(Generator random)
        {
            embedding = new Embedding(6, 16, generator: random);
            var options = new TransformerOptions(16, 2, 32) { Dropout = 0, BatchFirst = true, Generator = random };
            (encoder, decoder) = (new(options), new(options));
            head = new Linear(16, 6, generator: random);
        }

        public override Tensor Forward(Tensor x) => Forward(x, x);

        public Tensor Forward(Tensor source, Tensor before)
            => head.Forward(
                decoder.Forward(
                    places.Forward(embedding.Forward(before)), encoder.Forward(places.Forward(embedding.Forward(source))), isCausal: true));
    }
}
