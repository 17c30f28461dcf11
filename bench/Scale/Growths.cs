using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Bench.Scale;

/// <summary>The programs that are tried in several sizes.</summary>
internal static class Growths
{
    private const int Batch = 256, Width = 128;

    public static IReadOnlyList<Growth> All =>
    [
        new("training step, perceptron 128-128-128-10", "batch", Doubling(128, 4096), batch => Perceptron(batch, Width, 2))
        {
            Time = 1, Memory = 1,
        },
        new("training step, perceptron of three layers, batch 256", "width", Doubling(64, 1024), width => Perceptron(Batch, width, 3))
        {
            Time = 2, Memory = 2,
        },
        new("training step, perceptron 128 wide, batch 256", "depth", Doubling(2, 64), depth => Perceptron(Batch, Width, depth))
        {
            Time = 1, Memory = 1,
        },
        new("training step, LSTM 64-64, batch 32", "length", Doubling(16, 512), Recurrent) { Time = 1, Memory = 1 },
        new("attention and its gradient, batch 2, 4 heads of 32", "length", Doubling(64, 2048), Attend) { Time = 2, Memory = 1 },
        new("matrix product n³", "n", Doubling(256, 2048), Product) { Time = 3, Memory = 2 },
        new("training step, perceptron of three layers 512 wide, batch 256", "threads", [.. Enumerable.Range(1, MostThreads)],
            _ => Perceptron(Batch, 512, 3)) { Time = -1, Memory = 0, IsOfThreads = true },
    ];

    private static int MostThreads => Environment.ProcessorCount;

    private static int[] Doubling(int from, int to)
    {
        var sizes = new List<int>();
        for (int size = from; size <= to; size *= 2) sizes.Add(size);
        return [.. sizes];
    }

    private static Action Perceptron(int batch, int width, int depth)
    {
        var model = new Sequential();
        for (int i = 0; i < depth; i++) model.Add(new Linear(width, width, activation: new Relu()));
        model.Add(new Linear(width, 10));
        return Steps(model, new Shape(batch, width));
    }

    private static Action Recurrent(int length) => Steps(new LastOfLstm(), new Shape(32, length, 64));

    private static Action Steps(Module model, Shape input)
    {
        var optimizer = new Adam(model.Parameters(), 1e-3);
        Tensor x = Inputs.Uniform(input), y = Inputs.Integers(10, new Shape(input[0]));
        return () =>
        {
            using var step = DeepNet.Memory.Scope();
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(x), y).Backward();
            optimizer.Step();
        };
    }

    private static Action Attend(int length)
    {
        var shape = new Shape(2, 4, length, 32);
        Tensor q = Inputs.Normal(shape).WithGrad(), k = Inputs.Normal(shape).WithGrad(), v = Inputs.Normal(shape).WithGrad();
        var g = Inputs.Normal(shape);
        return () =>
        {
            using var step = DeepNet.Memory.Scope();
            foreach (var leaf in (Tensor[])[q, k, v]) leaf.ZeroGrad();
            Attention.ScaledDotProduct(q, k, v).Backward(g);
        };
    }

    private static Action Product(int n)
    {
        Tensor a = Inputs.Normal(new Shape(n, n)), b = Inputs.Normal(new Shape(n, n));
        return () => a.MatMul(b).Dispose();
    }

    private sealed class LastOfLstm : Module
    {
        private readonly Lstm lstm = new(64, 64, batchFirst: true);
        private readonly Linear head = new(64, 10);

        public override Tensor Forward(Tensor x) => head.Forward(lstm.Forward(x)[.., ^1]);
    }
}
