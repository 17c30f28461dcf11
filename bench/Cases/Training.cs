using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Bench.Cases;

/// <summary>Whole training steps through the public API: model, loss, backward, optimizer.</summary>
internal static class Training
{
    private const int Batches = 8;

    public static IEnumerable<Case> Cases =>
    [
        new("mlp_784-128-10_sgd_b32", () => Mlp(32), Mark: 2.5),
        new("mlp_784-128-10_sgd_b64", () => Mlp(64), Mark: 1.9),
        new("mlp_784-128-10_sgd_b256", () => Mlp(256), Mark: 1.35),
        new("mlp_784-512-256-10_bn_do_adam_b128", MlpWithNorms, Mark: 1.7),
        new("lenet_adam_b64", LeNet, Mark: 1.25),
        new("lstm_64-128_t64_b32_adam", LastOfLstm, Mark: 1.7),
        new("tiny_4-32-3_adam_b16", Tiny, Mark: 15),
        new("mlp_infer_b1", InferOne, Limit: 5e-6),
    ];

    private static Action Mlp(int batch)
    {
        var model = new Sequential(new Linear(784, 128), new Relu(), new Linear(128, 10));
        return Steps(model, new SGD(model.Parameters(), 0.05, momentum: 0.9), new Shape(batch, 784), 10);
    }

    private static Action MlpWithNorms()
    {
        var model = new Sequential(
            new Linear(784, 512), new BatchNorm1d(512), new Relu(), new Dropout(0.2),
            new Linear(512, 256), new BatchNorm1d(256), new Relu(), new Dropout(0.2), new Linear(256, 10));
        return Steps(model, new Adam(model.Parameters(), 1e-3), new Shape(128, 784), 10);
    }

    private static Action LeNet()
    {
        var model = new Sequential(
            new Conv2d(1, 32, 3), new Relu(), new Conv2d(32, 64, 3), new Relu(), new MaxPool2d(2), new Flatten(),
            new Linear(9216, 128), new Relu(), new Linear(128, 10));
        return Steps(model, new Adam(model.Parameters(), 1e-3), new Shape(64, 1, 28, 28), 10);
    }

    private static Action LastOfLstm()
    {
        var model = new LastStep();
        return Steps(model, new Adam(model.Parameters(), 1e-3), new Shape(32, 64, 64), 10);
    }

    private static Action Tiny()
    {
        var model = new Sequential(new Linear(4, 32), new Relu(), new Linear(32, 3));
        return Steps(model, new Adam(model.Parameters(), 1e-3), new Shape(16, 4), 3);
    }

    private static Action InferOne()
    {
        var model = new Sequential(new Linear(784, 128), new Relu(), new Linear(128, 10));
        var x = Tensor.Rand(new Shape(1, 784));
        return () =>
        {
            using var off = Autograd.NoGrad();
            using var scope = Memory.Scope();
            model.Forward(x);
        };
    }

    private static Action Steps(Module model, Optimizer optimizer, Shape input, int classes)
    {
        var data = Enumerable.Range(0, Batches).Select(_ => (X: Tensor.Rand(input), Y: Tensor.RandInt(0, classes, new Shape(input[0])))).ToArray();
        int step = 0;
        return () =>
        {
            using var scope = Memory.Scope();
            var (x, y) = data[step++ % Batches];
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(x), y).Backward();
            optimizer.Step();
        };
    }

    private sealed class LastStep : Module
    {
        private readonly Lstm lstm = new(64, 128, batchFirst: true);
        private readonly Linear head = new(128, 10);

        public override Tensor Forward(Tensor x) => head.Forward(lstm.Forward(x)[.., ^1]);
    }
}
