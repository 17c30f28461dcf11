using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Bench.Cases;

/// <summary>Whole training steps, and forward passes, through the public API: model, loss, backward, optimizer.</summary>
internal static class Training
{
    private const int Batches = 8, Classes = 10;

    private static readonly Shape digits = new(64, 1, 28, 28), images = new(32, 3, 32, 32), sequences = new(32, 64, 64);

    public static IEnumerable<Case> Cases =>
    [
        new("mlp_784-128-10_sgd_b32", () => Mlp(32)) { Mark = (2.6, 3.5), Work = StepWork.Mlp(32) },
        new("mlp_784-128-10_sgd_b64", () => Mlp(64)) { Mark = (2.2, 2.8), Work = StepWork.Mlp(64) },
        new("mlp_784-128-10_sgd_b256", () => Mlp(256)) { Mark = (1.6, 1.9), Work = StepWork.Mlp(256) },
        new("mlp_784-128-10_sgd_b64_fields", () => Mlp(64, new Networks.MlpOfFields())) { IsExtra = true },
        new("mlp_784-128-10_sgd_b64_functions", () => Mlp(64, new Networks.MlpOfFunctions())) { IsExtra = true },
        new("mlp_784-512-256-10_bn_do_adam_b128", MlpWithNorms) { Mark = (1.8, 1.9), Work = StepWork.MlpWithNorms },
        new("lenet_adam_b64", () => Steps(Networks.LeNet(), m => new Adam(m.Parameters(), 1e-3), digits))
        {
            Mark = (3.1, 3.1), Work = StepWork.LeNet,
        },
        new("lenet_fwd_b64", () => Passes(Networks.LeNet(), digits)) { IsExtra = true },
        new("resnet14_sgd_b32", () => Steps(Networks.ResNet14(), m => new Sgd(m.Parameters(), 0.05, momentum: 0.9), images))
        {
            Mark = (2.2, 2.1), Work = StepWork.ResNet14,
        },
        new("resnet14_fwd_b32", () => Passes(Networks.ResNet14(), images)) { IsExtra = true },
        new("lstm_64-128_t64_b32_adam", () => Steps(new Networks.LastOfLstm(), m => new Adam(m.Parameters(), 1e-3), sequences))
        {
            Mark = (1.8, 1.9), Work = StepWork.Lstm,
        },
        new("lstm_64-128_t64_b32_fwd", () => Passes(new Networks.LastOfLstm(), sequences)) { IsExtra = true },
        new("gru_64-128_t64_b32_adam", () => Steps(new Networks.LastOfGru(), m => new Adam(m.Parameters(), 1e-3), sequences))
        {
            IsExtra = true,
        },
        new("chargpt_4l4h128d_ctx128_b16_adamw", CharGpt) { Mark = (1.6, 1.65), Work = StepWork.CharGpt },
        new("chargpt_4l4h128d_ctx128_b16_fwd", CharGptForward) { IsExtra = true },
        new("tiny_4-32-3_adam_b16", Tiny) { Mark = (45, 45), IsSerial = true },
        new("mlp_infer_b1_fields", () => InferOne(new Networks.MlpOfFields())) { IsExtra = true, IsSerial = true },
        new("mlp_infer_b1_functions", () => InferOne(new Networks.MlpOfFunctions())) { IsExtra = true, IsSerial = true },
        new("mlp_infer_b1", () => InferOne()) { Mark = (6, 6), Limit = 5e-6, IsSerial = true },
    ];

    private static Action Mlp(int batch, Module? model = null)
        => Steps(model ?? Networks.Mlp(), m => new Sgd(m.Parameters(), 0.05, momentum: 0.9), new Shape(batch, 784));

    private static Action MlpWithNorms()
    {
        double dropout = Outcome.IsWanted ? 0 : 0.2;
        var model = new Sequential(
            new Linear(784, 512), new BatchNorm1d(512), new Relu(), new Dropout(dropout),
            new Linear(512, 256), new BatchNorm1d(256), new Relu(), new Dropout(dropout), new Linear(256, 10));
        return Steps(model, m => new Adam(m.Parameters(), 1e-3), new Shape(128, 784));
    }

    private static Action CharGpt()
    {
        var model = Inputs.Weigh(new CharGpt());
        var optimizer = new AdamW(model.Parameters(), 3e-4);
        var shape = new Shape(16, 128);
        var data = Enumerable.Range(0, Batches).Select(_ => (X: Inputs.Integers(96, shape), Y: Inputs.Integers(96, shape))).ToArray();
        int step = 0;
        return () =>
        {
            using var scope = Memory.Scope();
            var (x, y) = data[step++ % Batches];
            optimizer.ZeroGrad();
            Outcome.Note(Loss.CrossEntropy(model.Forward(x).Reshape(-1, 96), y.Reshape(-1))).Backward();
            optimizer.Step();
        };
    }

    private static Action CharGptForward() => Pass(Inputs.Weigh(new CharGpt()), Inputs.Integers(96, new Shape(16, 128)));

    private static Action Tiny()
    {
        var model = new Sequential(new Linear(4, 32, activation: new Relu()), new Linear(32, 3));
        return Steps(model, m => new Adam(m.Parameters(), 1e-3), new Shape(16, 4), 3);
    }

    private static Action InferOne(Module? model = null)
        => Pass(Inputs.Weigh(model ?? Networks.Mlp()), Inputs.Uniform(new Shape(1, 784)));

    private static Action Passes(Module model, Shape input)
    {
        Inputs.Weigh(model).Eval();
        return Pass(model, Inputs.Uniform(input));
    }

    private static Action Pass(Module model, Tensor x) => () =>
    {
        using var off = Autograd.NoGrad();
        using var scope = Memory.Scope();
        Outcome.Note(model.Forward(x));
    };

    private static Action Steps(Module model, Func<Module, Optimizer> optimizerOf, Shape input, int classes = Classes)
    {
        var optimizer = optimizerOf(Inputs.Weigh(model));
        var data = Enumerable.Range(0, Batches).Select(_ => (X: Inputs.Uniform(input), Y: Inputs.Integers(classes, new Shape(input[0]))))
            .ToArray();
        int step = 0;
        return () =>
        {
            using var scope = Memory.Scope();
            var (x, y) = data[step++ % Batches];
            optimizer.ZeroGrad();
            Outcome.Note(Loss.CrossEntropy(model.Forward(x), y)).Backward();
            optimizer.Step();
        };
    }
}
