using DeepNet.Nn;

namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddLayers()
    {
        foreach (string name in (string[])["Gelu", "GeluTanh", "LogSigmoid", "Mish", "Sigmoid", "Silu", "Softsign", "Tanh", "Identity"])
            AddLayer($"new {name}()", d => [d.Float()]);
        foreach (string name in (string[])["Relu", "Selu"]) AddLayer($"new {name}()", d => Away(d, d.Float(), Zero));
        foreach (string name in (string[])["HardSigmoid", "HardSwish"]) AddLayer($"new {name}()", d => Away(d, d.Float(), At(-3, 3)));
        AddLayer("new Elu(double)", d => d.Float() is var x && d.IsAway(x, Zero) ? [d.Real(0.5, 2), x] : null);
        AddLayer("new LeakyRelu(double)", d => d.Float() is var x && d.IsAway(x, Zero) ? [d.Real(0.01, 0.5), x] : null);
        AddLayer("new Softplus(double, double)", d => [d.Real(0.5, 2), 20.0, d.Float()]);
        AddLayer("new PRelu(int, double)", d => d.Float() is var x && d.IsAway(x, Zero) ? [1, 0.25, x] : null);
        AddLayer("new Softmax(int)", d => d.Float(rank: 1) is var x ? [d.Axis(x), x] : null);
        AddLayer("new LogSoftmax(int)", d => d.Float(rank: 1) is var x ? [d.Axis(x), x] : null);
        AddLayer("new Flatten(int, int)", d => [1, -1, d.Float(rank: 2)]);
        AddLayer("new Unflatten(int, int[])",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a ? [a, Factors(d, x.Shape[a]), x] : null);
        AddLayer("new Linear(int, int, bool, Generator, Activation)",
            d => d.Float(rank: 1, where: v => v.Rank < 4) is var x ? [x.Shape[^1], Small(d), d.Coin(), d.Seed(), Activation(d), x] : null);
        AddLayer("new Embedding(int, int, int?, Generator, bool)",
            d => [6, Small(d), d.Coin(0.3) ? 5 : null, d.Seed(), d.Coin(), d.Indices(d.Shape(0, 2), 5)]);
        AddLayer("new PositionalEncoding(int, double, Generator)",
            d => Sequence(d, 2) is var x ? [x.Shape[^1], d.Of(0.0, 0.25), d.Seed(), x] : null);
        AddLayer("new LearnedPositionalEncoding(int, int, Generator)",
            d => Sequence(d, 2) is var x ? [Math.Max(x.Shape[0], x.Shape[1]), x.Shape[^1], d.Seed(), x] : null);
        foreach (string name in (string[])["Dropout", "AlphaDropout"])
            AddLayer($"new {name}(double, Generator)", d => [d.Real(0.1, 0.6), d.Seed(), d.Float()]);
        AddLayer("new Dropout2d(double, Generator)", d => [d.Real(0.1, 0.6), d.Seed(), Channels(d, 2).X]);
        AddNorms();
        AddImageLayers();
        AddSequenceLayers();
        AddContainers();
    }

    private void AddNorms()
    {
        AddLayer("new LayerNorm(int, double, bool, bool)",
            d => d.Float(rank: 2, where: v => v.Shape[^1] > 2) is var x ? [x.Shape[^1], 1e-3, d.Coin(0.8), d.Coin(), x] : null);
        AddLayer("new LayerNorm(Shape, double, bool, bool)",
            d => d.Float(rank: 3, where: v => v.Shape[^1] > 2) is var x
                ? [new[] { x.Shape[^2], x.Shape[^1] }, 1e-3, d.Coin(0.8), d.Coin(), x] : null);
        AddLayer("new RmsNorm(int, double, bool)", d => d.Float(rank: 1) is var x ? [x.Shape[^1], 1e-3, d.Coin(0.8), x] : null);
        AddLayer("new GroupNorm(int, int, double, bool)",
            d => Channels(d, 2) is var (x, groups) ? [groups, x.Shape[1], 1e-3, d.Coin(), x] : null);
        AddLayer("new InstanceNorm(int, double, bool, bool, double?)",
            d => Channels(d, 2).X is var x ? [x.Shape[1], 1e-3, d.Coin(), d.Coin(), 0.1, x] : null);
        AddLayer("new BatchNorm1d(int, double, double?, bool, bool)",
            d => d.OfRank(2, where: s => s[0] > 2, shape: () => [5, Small(d)]) is var x
                ? [x.Shape[1], 1e-3, 0.1, d.Coin(), d.Coin(), x] : null);
        AddLayer("new BatchNorm2d(int, double, double?, bool, bool)",
            d => Channels(d, 2).X is var x ? [x.Shape[1], 1e-3, 0.1, d.Coin(), d.Coin(), x] : null);
    }

    private void AddImageLayers()
    {
        AddLayer("new Conv1d(int, int, int, int, Padding, int, int, bool, Generator, Activation)",
            d => Channels(d, 1) is var (x, groups)
                ? [x.Shape[1], 2 * groups, d.Int(1, 3), d.Int(1, 2), d.Int(0, 1), d.Int(1, 2), groups, d.Coin(), d.Seed(), Activation(d), x]
                : null);
        AddLayer("new Conv2d(int, int, Pair, Pair?, Padding, Pair?, int, bool, Generator, Activation)",
            d => Channels(d, 2) is var (x, groups)
                ? [x.Shape[1], 2 * groups, (d.Int(1, 3), 2), TwoOf(d, 1, 2), d.Int(0, 1), TwoOf(d, 1, 2), groups, d.Coin(), d.Seed(),
                    Activation(d), x]
                : null);
        AddLayer("new Conv2dNorm(int, int, Pair, Pair?, Padding, Pair?, int, Generator, Activation)",
            d => Channels(d, 2) is var (x, groups)
                ? [x.Shape[1], 2 * groups, d.Int(1, 3), null, d.Int(0, 1), null, groups, d.Seed(), Activation(d), x] : null);
        AddLayer("Conv2dNorm.Forward(Tensor, Tensor)", "new Conv2dNorm(int, int, Pair, Pair?, Padding, Pair?, int, Generator, Activation)",
            d => Channels(d, 2) is var (x, groups)
                ? [x.Shape[1], 2 * groups, 3, null, 1, null, groups, d.Seed(), Activation(d), x,
                    d.Like(new Shape([x.Shape[0], 2 * groups, .. x.Shape.Axes[2..]]))] : null);
        AddLayer("new ConvTranspose2d(int, int, Pair, Pair?, Pair?, Pair?, int, bool, Pair?, Generator)",
            d => Channels(d, 2) is var (x, groups)
                ? [x.Shape[1], 2 * groups, d.Int(1, 3), 2, d.Int(0, 1), d.Int(0, 1), groups, d.Coin(), null, d.Seed(), x] : null);
        AddLayer("new SeparableConv2d(int, int, Pair, Pair?, Padding, Pair?, bool, Generator, Activation)",
            d => Channels(d, 2).X is var x
                ? [x.Shape[1], 3, d.Int(1, 3), null, d.Int(0, 1), null, d.Coin(), d.Seed(), Activation(d), x] : null);
        AddLayer("new AvgPool1d(int, int?, int, bool, bool)",
            d => [2, d.Coin() ? null : 1, d.Int(0, 1), d.Coin(), d.Coin(), Channels(d, 1).X]);
        AddLayer("new AvgPool2d(Pair, Pair?, Pair?, bool, bool)", d => [2, TwoOf(d, 1, 3), null, d.Coin(), d.Coin(), Channels(d, 2).X]);
        AddLayer("new MaxPool1d(int, int?, int, int, bool)",
            d => Channels(d, 1).X is var x && d.IsDistinct(x.Tensor) ? [2, null, d.Int(0, 1), 1, d.Coin(), x] : null);
        AddLayer("new MaxPool2d(Pair, Pair?, Pair?, Pair?, bool)",
            d => Channels(d, 2).X is var x && d.IsDistinct(x.Tensor) ? [2, TwoOf(d, 1, 3), null, null, d.Coin(), x] : null);
        AddLayer("new AdaptiveAvgPool2d(Pair)", d => [(d.Int(1, 4), d.Int(1, 4)), Channels(d, 2).X]);
        AddLayer("new AdaptiveMaxPool2d(Pair)", d => Channels(d, 2).X is var x && d.IsDistinct(x.Tensor) ? [d.Int(1, 4), x] : null);
        AddLayer("new GlobalAvgPool()", d => [Channels(d, 2).X]);
        AddLayer("new GlobalMaxPool()", d => Channels(d, 2).X is var x && d.IsDistinct(x.Tensor) ? [x] : null);
    }

    private void AddSequenceLayers()
    {
        foreach (string name in (string[])["Gru", "Lstm"])
            AddLayer($"new {name}(int, int, int, bool, bool, double, bool, Generator)", d => Sequence(d, 1) is var x
                ? [x.Shape[^1], Small(d), d.Int(1, 2), d.Coin(), d.Coin(), 0.0, d.Coin(0.3), d.Seed(), x] : null);
        AddLayer("new Rnn(int, int, int, bool, bool, bool, double, bool, Generator)",
            d => Sequence(d, 1) is var x
                ? [x.Shape[^1], Small(d), d.Int(1, 2), false, d.Coin(), d.Coin(), 0.0, d.Coin(0.3), d.Seed(), x] : null);
        AddCells();
        const string attention
            = "new MultiHeadAttention(int, int, double, bool, bool, Generator, int?, int?, int?, RotaryEmbedding, bool?)";
        AddLayer(attention, d => Sequence(d, 2) is var x
            ? [x.Shape[^1], 2, d.Of(0.0, 0.25), d.Coin(), d.Coin(), d.Seed(), null, null, d.Coin() ? null : 1,
                d.Coin() ? null : Rotary(d, x.Shape[^1] / 2), d.Coin() ? null : d.Coin(), x] : null);
        const string forward = "(Tensor, Tensor, Tensor, AttentionMask, Tensor, bool, KeyValueCache";
        object?[] Attend(Choices d) => Sequence(d, 2) is var x && d.Like(x.Shape) is var memory
            ? [x.Shape[^1], 2, 0.0, d.Coin(), true, d.Seed(), null, null, null, null, null, x, memory, d.Coin() ? x : memory, null, null,
                d.Coin(), null]
            : [];
        AddLayer($"MultiHeadAttention.Forward{forward})", attention, Attend);
        AddLayer($"MultiHeadAttention.ForwardWithWeights{forward}, bool)", attention, d => [.. Attend(d), d.Coin()]);
        AddLayer("Bilinear.Forward(Tensor, Tensor)", "new Bilinear(int, int, int, bool, Generator)",
            d => d.OfRank(2) is var a && d.Int(1, 4) is var n
                ? [a.Shape[1], n, Small(d), d.Coin(), d.Seed(), a, d.Like(new Shape(a.Shape[0], n))] : null);
        AddLayer("Gru.Forward(Tensor, Tensor, IReadOnlyList<int>)", "new Gru(int, int, int, bool, bool, double, bool, Generator)",
            d => Sequence(d, 1) is var x
                ? [x.Shape[^1], 3, 1, d.Coin(), false, 0.0, false, d.Seed(), x, d.Leaf([1, x.Shape[1], 3]), null] : null);
        AddLayer("Rnn.Forward(Tensor, Tensor, IReadOnlyList<int>)", "new Rnn(int, int, int, bool, bool, bool, double, bool, Generator)",
            d => Sequence(d, 1) is var x
                ? [x.Shape[^1], 3, 1, false, d.Coin(), false, 0.0, false, d.Seed(), x, d.Leaf([1, x.Shape[1], 3]), null] : null);
        AddLayer("Lstm.Forward(Tensor, LstmState?, IReadOnlyList<int>)", "new Lstm(int, int, int, bool, bool, double, bool, Generator)",
            d => Sequence(d, 1) is var x ? [x.Shape[^1], 3, 1, d.Coin(), false, 0.0, false, d.Seed(), x, null, null] : null);
        AddLayer("TransformerEncoderLayer.Forward(Tensor, AttentionMask, Tensor, bool, KeyValueCache)",
            "new TransformerEncoderLayer(TransformerOptions)",
            d => Sequence(d, 2) is var x ? [Options(d, x), x, null, null, d.Coin(), null] : null);
        AddLayer("new TransformerEncoderLayer(TransformerOptions)", d => Sequence(d, 2) is var x ? [Options(d, x), x] : null);
        AddLayer("TransformerDecoderLayer.Forward(Tensor, Tensor, AttentionMask, AttentionMask, Tensor, Tensor, bool, KeyValueCache)",
            "new TransformerDecoderLayer(TransformerOptions)",
            d => Sequence(d, 2) is var x ? [Options(d, x), x, d.Like(x.Shape), null, null, null, null, d.Coin(), null] : null);
        AddLayer("TransformerEncoder.Forward(Tensor, AttentionMask, Tensor, bool, IReadOnlyList<KeyValueCache>)",
            "new TransformerEncoder(TransformerOptions, int, Module)",
            d => Sequence(d, 2) is var x ? [Options(d, x), d.Int(1, 2), null, x, null, null, d.Coin(), null] : null);
        AddLayer("new TransformerEncoder(TransformerOptions, int, Module)",
            d => Sequence(d, 2) is var x ? [Options(d, x), 1, d.Coin() ? null : Smooth(d), x] : null);
        AddLayer(
            "TransformerDecoder.Forward(Tensor, Tensor, AttentionMask, AttentionMask, Tensor, Tensor, bool, IReadOnlyList<KeyValueCache>)",
            "new TransformerDecoder(TransformerOptions, int, Module)",
            d => Sequence(d, 2) is var x ? [Options(d, x), 1, null, x, d.Like(x.Shape), null, null, null, null, d.Coin(), null] : null);
        AddLayer("Transformer.Forward(Tensor, Tensor, AttentionMask, AttentionMask, AttentionMask, Tensor, Tensor)",
            "new Transformer(TransformerOptions, int, int)",
            d => Sequence(d, 2) is var x ? [Options(d, x), 1, 1, x, d.Like(x.Shape), null, null, null, null, null] : null);
    }

    private void AddCells()
    {
        foreach (string name in (string[])["GruCell", "LstmCell"])
            AddLayer($"new {name}(int, int, bool, Generator)",
                d => d.OfRank(2) is var x ? [x.Shape[1], Small(d), d.Coin(), d.Seed(), x] : null);
        AddLayer("new RnnCell(int, int, bool, bool, Generator)",
            d => d.OfRank(2) is var x ? [x.Shape[1], Small(d), false, d.Coin(), d.Seed(), x] : null);
        AddLayer("GruCell.Forward(Tensor, Tensor)", "new GruCell(int, int, bool, Generator)",
            d => d.OfRank(2) is var x ? [x.Shape[1], 3, d.Coin(), d.Seed(), x, d.Leaf([x.Shape[0], 3])] : null);
        AddLayer("RnnCell.Forward(Tensor, Tensor)", "new RnnCell(int, int, bool, bool, Generator)",
            d => d.OfRank(2) is var x ? [x.Shape[1], 3, false, d.Coin(), d.Seed(), x, d.Leaf([x.Shape[0], 3])] : null);
        const string rotary = "new RotaryEmbedding(int, double, bool, RotaryScaling, int)";
        AddLayer(rotary, d => Sequence(d, 2) is var x ? [x.Shape[^1], 100.0, d.Coin(), null, d.Int(1, 9), x] : null);
        AddLayer("RotaryEmbedding.Forward(Tensor, int)", rotary,
            d => Sequence(d, 2) is var x ? [x.Shape[^1], 100.0, d.Coin(), null, d.Int(1, 9), x, d.Int(0, 5)] : null);
        AddLayer("new GatedFeedForward(int, int, bool, Activation, Generator)", d => d.Float(rank: 1, where: v => v.Rank < 4) is var x
            ? [x.Shape[^1], Small(d), d.Coin(), Activation(d), d.Seed(), x] : null);
    }

    private void AddContainers()
    {
        AddLayer("new Sequential(IEnumerable<Module>)", d =>
        {
            if (d.Coin())
            {
                var x = d.Float(rank: 1, where: v => v.Rank < 4);
                int width = Small(d);
                return [new NewLayers(Linear(d, x.Shape[^1], width), Smooth(d), Linear(d, width, 2)), x];
            }
            var (image, groups) = Channels(d, 2);
            var convolution = New("new Conv2d(int, int, Pair, Pair?, Padding, Pair?, int, bool, Generator, Activation)",
                image.Shape[1], 2 * groups, 3, null, 1, null, groups, d.Coin(), d.Seed(), null);
            var norm = New("new BatchNorm2d(int, double, double?, bool, bool)", 2 * groups, 1e-3, 0.1, true, true);
            return [d.Coin() ? new NewLayers(convolution, norm, Smooth(d)) : new NewLayers(convolution, Smooth(d)), image];
        });
        AddLayer("new Ensemble(IEnumerable<Module>, Func<Tensor, Tensor>)",
            d => d.Float(rank: 1, where: v => v.Rank < 4) is var x
                ? [new NewLayers(Linear(d, x.Shape[^1], 3), Linear(d, x.Shape[^1], 3)), null, x] : null);
        AddLayer("new Residual(Module, Module)",
            d => d.Float(rank: 1, where: v => v.Rank < 4) is var x ? [Linear(d, x.Shape[^1], x.Shape[^1]), null, x] : null);
    }

    private NewLayer New(string name, params object?[] arguments) => new(operations[name], arguments);

    private NewLayer Linear(Choices d, int from, int to)
        => New("new Linear(int, int, bool, Generator, Activation)", from, to, d.Coin(), d.Seed(), null);

    private NewLayer? Activation(Choices d) => d.Coin() ? null : Smooth(d);

    private NewLayer Smooth(Choices d) => New(d.Of("new Tanh()", "new Gelu()", "new Sigmoid()", "new Silu()"));

    private NewLayer Rotary(Choices d, int width)
        => New("new RotaryEmbedding(int, double, bool, RotaryScaling, int)", width, 100.0, d.Coin(), null, d.Int(1, 9));

    private static LayerOptions Options(Choices d, Value x) => new(x.Shape[^1], 2, d.Int(2, 6), d.Coin(), d.Of(0.0, 0.25), d.Seed().Value);

    /// <summary>Batch, steps and an even number of features.</summary>
    private static Value Sequence(Choices d, int heads)
        => d.Like(d.IsLarge
            ? new Shape(d.Int(8, 40), d.Int(8, 40), heads * 2 * d.Int(2, 12))
            : new Shape(d.Int(1, 3), d.Int(1, 4), heads * 2 * d.Int(1, 2)));
}

/// <summary>Options of a transformer's layer, whose random numbers begin anew at each call.</summary>
internal sealed record LayerOptions(int Dimension, int Heads, int FeedForward, bool NormFirst, double Dropout, int Seed)
{
    public TransformerOptions ToOptions() => new(Dimension, Heads, FeedForward)
    {
        NormFirst = NormFirst, Dropout = Dropout, Activation = new Gelu(), NormEpsilon = 1e-3, BatchFirst = true,
        Generator = new Generator((ulong)Seed),
    };

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"new TransformerOptions({Dimension}, {Heads}, {FeedForward}) {{ Dropout = {Dropout}, ")
        + $"NormFirst = {(NormFirst ? "true" : "false")}, Activation = new Gelu(), "
        + $"NormEpsilon = 1e-3, BatchFirst = true, Generator = new Generator({Seed}) }}";
}

/// <summary>A layer that is handed to the constructor of another one.</summary>
internal sealed record NewLayer(Operation Operation, object?[] Arguments)
{
    public Module Make()
    {
        var values = Arguments.Select((a, i) => Argument.ToValue(a, Operation.Types[i], NoVar, default));
        return (Module)Invoker.Call(Operation.Method, [.. values])!;
    }

    private static Tensor NoVar(Var v) => throw new InvalidOperationException("A layer in a container takes no tensors when it is made.");

    public string ToCode()
    {
        var texts = Arguments.Select((a, i) => Argument.ToCode(a, Operation.Types[i], _ => ""));
        return $"new {Operation.Method.DeclaringType!.Name}({string.Join(", ", texts)})";
    }
}

internal sealed record NewLayers(params NewLayer[] Items);
