using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.BitRecord.Cases;

/// <summary>Six small networks, trained for 50 steps: their losses, last gradients and parameters.</summary>
internal static class NetworkCases
{
    private const int Steps = 50, Classes = 10;

    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.Floats)
        {
            Train(recorder, $"MLP, {dtype}", Mlp, dtype, [64, 50], p => new Adam(p, 1e-3));
            Train(recorder, $"LeNet, {dtype}", () => new LeNet(), dtype, [8, 1, 28, 28], p => new Sgd(p, 0.05, 0.9));
            Train(recorder, $"ResNet, {dtype}", ResNet, dtype, [4, 3, 16, 16], p => new AdamW(p, 1e-3));
            Train(recorder, $"LSTM, {dtype}",
                () => new Sequence(new Lstm(7, 33, batchFirst: true)), dtype, [6, 11, 7], p => new Adam(p, 1e-2));
            Train(recorder, $"GRU, {dtype}",
                () => new Sequence(new Gru(7, 33, batchFirst: true)), dtype, [6, 11, 7], p => new RmsProp(p, 1e-3));
            Train(recorder, $"transformer, {dtype}", () => new Transformer(), dtype, [4, 13, 24], p => new AdamW(p, 1e-3));
        }
    }

    private static void Train(
        Recorder recorder, string name, Func<Module> make, DType dtype, int[] shape, Func<IEnumerable<Parameter>, Optimizer> optimize)
    {
        recorder.Try(name, () =>
        {
            var network = make();
            network.To(dtype);
            var optimizer = optimize(network.Parameters());
            var losses = new List<Tensor>();
            for (int step = 0; step < Steps; step++)
            {
                var x = Values.Of(new Shape(shape), dtype, seed: 100 + step % 5);
                optimizer.ZeroGrad();
                var y = network.Forward(x);
                var loss = Loss.CrossEntropy(y, Values.Indices(Classes, y.Shape[0]));
                loss.Backward();
                optimizer.Step();
                losses.Add(loss);
            }
            recorder.Add($"{name}, losses", losses);
            recorder.AddGradients(name, [.. network.Parameters().Select(p => p.Value)]);
            foreach (var (path, tensor) in network.State().OrderBy(e => e.Key, StringComparer.Ordinal))
                recorder.Add($"{name}, {path}", tensor);
            network.Eval();
            using var off = Autograd.NoGrad();
            recorder.Add($"{name}, evaluation", network.Forward(Values.Of(new Shape(shape), dtype, seed: 200)));
        });
    }

    private static Sequential Mlp() => new(
        new Linear(50, 64), new BatchNorm1d(64), new Relu(), new Dropout(0.3),
        new Linear(64, 33), new Tanh(), new Linear(33, 17), new Relu(), new Linear(17, Classes));

    private static Sequential ResNet() => new(
        new Conv2d(3, 16, 3, padding: 1, bias: false), new BatchNorm2d(16), new Relu(),
        new Residual(Block(16, 16, 1)), new Relu(),
        new Residual(Block(16, 32, 2), new Sequential(new Conv2d(16, 32, 1, 2, bias: false), new BatchNorm2d(32))), new Relu(),
        new GlobalAvgPool(), new Flatten(), new Linear(32, Classes));

    private static Sequential Block(int inputs, int outputs, int stride) => new(
        new Conv2d(inputs, outputs, 3, stride, 1, bias: false), new BatchNorm2d(outputs), new Relu(),
        new Conv2d(outputs, outputs, 3, 1, 1, bias: false), new BatchNorm2d(outputs));

    private sealed class LeNet : Module
    {
        private readonly Conv2d conv1 = new(1, 6, 5, padding: 2), conv2 = new(6, 16, 5);
        private readonly Linear fc1 = new(400, 120), fc2 = new(120, 84), fc3 = new(84, Classes);

        public override Tensor Forward(Tensor x)
        {
            x = conv1.Forward(x).Relu().MaxPool2d(2);
            x = conv2.Forward(x).Relu().MaxPool2d(2).Flatten(1);
            return fc3.Forward(fc2.Forward(fc1.Forward(x).Relu()).Relu());
        }
    }

    private sealed class Sequence(Recurrent recurrent) : Module
    {
        private readonly Recurrent recurrent = recurrent;
        private readonly Linear head = new(recurrent.HiddenSize, Classes);

        public override Tensor Forward(Tensor x) => head.Forward(recurrent.Forward(x).Select(1, -1));
    }

    private sealed class Transformer : Module
    {
        private readonly TransformerEncoderLayer first = new(new(24, 4, 48) { BatchFirst = true });
        private readonly TransformerEncoderLayer second =
            new(new(24, 4, 48) { BatchFirst = true, NormFirst = true, Activation = new Gelu() });
        private readonly LayerNorm norm = new(24);
        private readonly Linear head = new(24, Classes);

        public override Tensor Forward(Tensor x)
            => head.Forward(norm.Forward(second.Forward(first.Forward(x, null, isCausal: true)))).Reshape(-1, Classes);
    }
}
