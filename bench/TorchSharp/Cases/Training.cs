using static TorchSharp.torch;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DeepNet.Bench.Anchor;

/// <summary>Whole training steps, and forward passes.</summary>
internal static class Training
{
    private const int Batches = 8;

    private static readonly long[] digits = [64, 1, 28, 28], images = [32, 3, 32, 32], sequences = [32, 64, 64], texts = [16, 128];

    public static IEnumerable<Case> Cases =>
    [
        .. new[] { "32", "64", "64_fields", "64_functions", "256" }.Select(
            batch => new Case("mlp_784-128-10_sgd_b" + batch, Steps(Networks.Mlp, "sgd", 0.05, [int.Parse(batch.Split('_')[0]), 784]))),
        new("mlp_784-512-256-10_bn_do_adam_b128", Steps(Networks.MlpWithNorms, "adam", 1e-3, [128, 784])),
        new("lenet_adam_b64", Steps(Networks.LeNet, "adam", 1e-3, digits)),
        new("lenet_fwd_b64", Passes(Networks.LeNet, digits)),
        new("resnet14_sgd_b32", Steps(Networks.ResNet14, "sgd", 0.05, images)),
        new("resnet14_fwd_b32", Passes(Networks.ResNet14, images)),
        new("lstm_64-128_t64_b32_adam", Steps(_ => new Networks.LastOfLstm(), "adam", 1e-3, sequences)),
        new("lstm_64-128_t64_b32_fwd", Passes(_ => new Networks.LastOfLstm(), sequences)),
        new("gru_64-128_t64_b32_adam", Steps(_ => new Networks.LastOfGru(), "adam", 1e-3, sequences)),
        new("chargpt_4l4h128d_ctx128_b16_adamw",
        [
            new("fused attention", () => TrainGpt(byHand: false, isFused: false)),
            new("fused attention, fused optimizer", () => TrainGpt(byHand: false, isFused: true)),
            new("attention by hand, fused optimizer", () => TrainGpt(byHand: true, isFused: true)),
        ]),
        new("chargpt_4l4h128d_ctx128_b16_fwd", Pass(() => new CharGpt(byHand: false), () => Inputs.Integers(96, texts))),
        new("tiny_4-32-3_adam_b16", Steps(Networks.Tiny, "adam", 1e-3, [16, 4], 3)),
        .. new[] { "", "_fields", "_functions" }.Select(
            kind => new Case("mlp_infer_b1" + kind, Pass(() => Networks.Mlp(false), () => Inputs.Uniform(1, 784)))),
    ];

    /// <summary>A training step: with channels first or last, activations in place or not, TorchSharp's optimizer or LibTorch's.</summary>
    private static Way[] Steps(Func<bool, Model> model, string optimizer, double rate, long[] input, int classes = 10) =>
    [
        .. from last in input.Length == 4 ? new[] { false, true } : [false]
           from inPlace in input.Length == 3 ? new[] { false } : [false, true]
           from isFused in new[] { false, true }
           select new Way(Label(last, inPlace, isFused), () =>
           {
               var net = Inputs.Weigh(model(inPlace));
               var data = Data(() => Inputs.Uniform(input), () => Inputs.Integers(classes, input[0]));
               if (last) (net, data) = (ChannelsLast.Of(net), [.. data.Select(d => (ChannelsLast.Of(d.X), d.Y))]);
               return Step(net, optimizer, rate, isFused, data, (y, target) => nn.functional.cross_entropy(y, target));
           }),
    ];

    private static string Label(bool last, bool inPlace, bool isFused)
        => string.Join(", ", ((string[])[last ? "channels last" : "", inPlace ? "in place" : "", isFused ? "fused optimizer" : ""])
            .Where(word => word.Length > 0));

    private static (Tensor X, Tensor Y)[] Data(Func<Tensor> inputs, Func<Tensor> targets)
        => [.. Enumerable.Range(0, Batches).Select(_ => (inputs(), targets()))];

    private static Action TrainGpt(bool byHand, bool isFused)
    {
        var net = Inputs.Weigh(new CharGpt(byHand));
        var data = Data(() => Inputs.Integers(96, texts), () => Inputs.Integers(96, texts));
        return Step(net, "adamw", 3e-4, isFused, data, (y, target) => nn.functional.cross_entropy(y.view(-1, 96), target.view(-1)));
    }

    public static Action Step(
        Model net, string kind, double rate, bool isFused, (Tensor X, Tensor Y)[] data, Func<Tensor, Tensor, Tensor> loss)
    {
        var (zeroGrad, update) = Optimizer(net, kind, rate, isFused);
        int step = 0;
        return () =>
        {
            using var scope = NewDisposeScope();
            var (x, y) = data[step++ % data.Length];
            zeroGrad();
            Outcome.Note(loss(net.call(x), y)).backward();
            update();
        };
    }

    private static (Action ZeroGrad, Action Update) Optimizer(Model net, string kind, double rate, bool isFused)
    {
        if (isFused)
        {
            var fused = new FusedOptimizer(kind, net.parameters(), rate);
            return (fused.ZeroGrad, fused.Step);
        }
        optim.Optimizer optimizer = kind switch
        {
            "sgd" => optim.SGD(net.parameters(), rate, momentum: 0.9),
            "adam" => optim.Adam(net.parameters(), rate),
            _ => optim.AdamW(net.parameters(), rate),
        };
        return (() => optimizer.zero_grad(), () => optimizer.step());
    }

    private static Way[] Passes(Func<bool, Model> model, long[] input)
    {
        var plain = Pass(() => model(false), () => Inputs.Uniform(input));
        if (input.Length < 4) return plain;
        return
        [
            .. plain, .. Pass(() => model(true), () => Inputs.Uniform(input), "in place, "),
            .. Pass(() => model(true), () => Inputs.Uniform(input), "channels last, in place, ", isLast: true),
        ];
    }

    /// <summary>A forward pass, whose intermediate results go with a scope or when the garbage collector finds them.</summary>
    private static Way[] Pass(Func<Model> model, Func<Tensor> input, string label = "", bool isLast = false)
    {
        (Model Net, Tensor X) Prepare()
        {
            var net = Inputs.Weigh(model());
            net.eval();
            var x = input();
            return isLast ? (ChannelsLast.Of(net), ChannelsLast.Of(x)) : (net, x);
        }
        return
        [
            new(label + "scope", () =>
            {
                var (net, x) = Prepare();
                return () =>
                {
                    using var off = inference_mode();
                    using var scope = NewDisposeScope();
                    Outcome.Note(net.call(x));
                };
            }),
            new(label + "no scope", () =>
            {
                var (net, x) = Prepare();
                return () =>
                {
                    using var off = inference_mode();
                    Outcome.Note(net.call(x)).Dispose();
                };
            }),
        ];
    }
}
