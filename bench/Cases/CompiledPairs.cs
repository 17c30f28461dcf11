using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Bench.Cases;

/// <summary>Steps, forward passes and formulas of users, as they are and compiled.</summary>
internal static class CompiledPairs
{
    private const int Batches = 8;

    public static IEnumerable<CompiledPair> All =>
    [
        new("tiny_4-32-3_adam_b16", Tiny) { Mark = 1.6, Repeat = 200 },
        new("mlp_784-128-10_sgd_b32", () => Step(Networks.Mlp(), m => new Sgd(m.Parameters(), 0.05, momentum: 0.9), new Shape(32, 784)))
        {
            Repeat = 10,
        },
        new("mlp_784-512-256-10_bn_do_adam_b128", MlpWithNorms),
        new("lenet_adam_b64", () => Step(Networks.LeNet(), m => new Adam(m.Parameters(), 1e-3), new Shape(64, 1, 28, 28))),
        new("resnet14_sgd_b32",
            () => Step(Networks.ResNet14(), m => new Sgd(m.Parameters(), 0.05, momentum: 0.9), new Shape(32, 3, 32, 32)))
        {
            Mark = 1.25, MostMiB = 40,
        },
        new("resnet14_fwd_b32", () => Pass(Networks.ResNet14(), Tensor.Rand(new Shape(32, 3, 32, 32)))) { Mark = 1.4, MostMiB = 10 },
        new("lstm_64-128_t64_b32_adam", () => Step(new Networks.LastOfLstm(), m => new Adam(m.Parameters(), 1e-3), new Shape(32, 64, 64))),
        new("chargpt_4l4h128d_ctx128_b16_adamw", CharGpt),
        new("chargpt_4l4h128d_ctx128_b16_fwd", () => Pass(new CharGpt(), Tensor.RandInt(0, 96, new Shape(16, 128)))),
        new("mlp_infer_b1", () => Pass(Networks.Mlp(), Tensor.Rand(new Shape(1, 784)))) { Repeat = 200 },
        new("loss_of_30_operators_256Ki", UsersLoss) { Mark = 1.3 },
        new("formula_of_5_operators_1Mi", UsersFormula) { Mark = 2 },
    ];

    private static (Action, Action, Compiled) Tiny()
        => Step(
            new Sequential(new Linear(4, 32, activation: new Relu()), new Linear(32, 3)), m => new Adam(m.Parameters(), 1e-3),
            new Shape(16, 4), 3);

    private static (Action, Action, Compiled) MlpWithNorms()
    {
        var model = new Sequential(
            new Linear(784, 512), new BatchNorm1d(512), new Relu(), new Dropout(0.2),
            new Linear(512, 256), new BatchNorm1d(256), new Relu(), new Dropout(0.2), new Linear(256, 10));
        return Step(model, m => new Adam(m.Parameters(), 1e-3), new Shape(128, 784));
    }

    private static (Action, Action, Compiled) CharGpt()
    {
        var model = new CharGpt();
        var optimizer = new AdamW(model.Parameters(), 3e-4);
        var shape = new Shape(16, 128);
        var data = Enumerable.Range(0, Batches).Select(_ => (X: Tensor.RandInt(0, 96, shape), Y: Tensor.RandInt(0, 96, shape))).ToArray();
        return Both(data, (x, y) =>
        {
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(model.Forward(x).Reshape(-1, 96), y.Reshape(-1));
            loss.Backward();
            optimizer.Step();
            return loss;
        });
    }

    private static (Action, Action, Compiled) Step(Module model, Func<Module, Optimizer> optimizerOf, Shape input, int classes = 10)
    {
        var optimizer = optimizerOf(model);
        var data = Enumerable.Range(0, Batches).Select(_ => (X: Tensor.Rand(input), Y: Tensor.RandInt(0, classes, new Shape(input[0]))))
            .ToArray();
        return Both(data, (x, y) =>
        {
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(model.Forward(x), y);
            loss.Backward();
            optimizer.Step();
            return loss;
        });
    }

    private static (Action, Action, Compiled) Pass(Module model, Tensor x)
    {
        model.Eval();
        var compiled = Compiled.Forward(model);
        return (() =>
        {
            using var off = Autograd.NoGrad();
            using var scope = Memory.Scope();
            model.Forward(x);
        }, () =>
        {
            using var scope = Memory.Scope();
            compiled.Run(x);
        }, compiled);
    }

    // A robust regression with penalties, as somebody writes it who looks up nothing.
    private static (Action, Action, Compiled) UsersLoss()
        => Both([.. Pairs(1 << 18)], (x, y) =>
        {
            x = x.Detach().WithGrad();
            var error = (x * 1.5 - y) / 0.7;
            var smooth = (error.Square() + 1).Sqrt() - 1;
            var gate = (error * 2).Sigmoid();
            var loss = (smooth * gate + error.Abs() * (1 - gate)).Mean() + x.Square().Mean() * 0.01 + (x - 0.5).Abs().Mean() * 0.001;
            return Autograd.Grad(loss, x);
        });

    private static (Action, Action, Compiled) UsersFormula()
        => Both([.. Pairs(1 << 20)], (x, y) =>
        {
            using var off = Autograd.NoGrad();
            return ((x * y + y) * x - y).Square();
        });

    private static IEnumerable<(Tensor X, Tensor Y)> Pairs(int count)
        => Enumerable.Range(0, 2).Select(_ => (Tensor.Rand(count), Tensor.Rand(count)));

    private static (Action, Action, Compiled) Both((Tensor X, Tensor Y)[] data, Func<Tensor, Tensor, Tensor> function)
    {
        var compiled = Compiled.Step(function);
        int step = 0, other = 0;
        return (() =>
        {
            using var scope = Memory.Scope();
            var (x, y) = data[step++ % data.Length];
            function(x, y);
        }, () =>
        {
            using var scope = Memory.Scope();
            var (x, y) = data[other++ % data.Length];
            compiled.Run(x, y);
        }, compiled);
    }
}
