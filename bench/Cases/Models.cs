using System.Diagnostics;
using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Bench.Cases;

/// <summary>Families of DeepNet.Models: training steps, and tokens that are generated one by one.</summary>
internal static class Models
{
    private const int Vocabulary = 96, Context = 128, Batches = 4, Nodes = 2708, Edges = 5278, Prompt = 16, Made = 64;

    private static Gpt2Config Gpt10M => new(Vocabulary, Context, 384, 6, 6) { Dropout = 0 };

    public static IEnumerable<Case> Cases =>
    [
        new("resnet18_cifar_sgd_b16", ResNet18) { Mark = (1.0, 1.0) },
        new("gpt_10m_ctx128_b4_adamw", Gpt) { Mark = (1.0, 1.0) },
        new("gcn_cora_adam", Gcn) { Mark = (3.0, 3.0) },
        Generate(1) with { Mark = (1.5, 1.5) },
        Generate(8) with { IsExtra = true },
    ];

    // With a larger rate, roundings alone move the loss of the third step by more than a thousandth.
    private static Action ResNet18()
    {
        var model = Inputs.Weigh(new ResNet(ResNetConfig.ResNet18 with { IsForSmallImages = true, Classes = 10 }));
        var data = Enumerable.Range(0, Batches)
            .Select(_ => (X: Inputs.Uniform(new Shape(16, 3, 32, 32)), Y: Inputs.Integers(10, new Shape(16)))).ToArray();
        return Steps(new Sgd(model.Parameters(), 1e-3, momentum: 0.9), i => Loss.CrossEntropy(model.Forward(data[i].X), data[i].Y));
    }

    private static Action Gpt()
    {
        var model = Inputs.Weigh(new Gpt2(Gpt10M));
        var data = Enumerable.Range(0, Batches).Select(_ => Inputs.Integers(Vocabulary, new Shape(4, Context + 1))).ToArray();
        return Steps(new AdamW(model.Parameters(), 3e-4), i => model.NextTokenLoss(data[i]));
    }

    // The size of Cora: 140 of 2,708 papers have labels.
    private static Action Gcn()
    {
        var graph = new Graph(Inputs.Integers(Nodes, new Shape(2, 2 * Edges)), Nodes);
        var model = Inputs.Weigh(new Gcn(GcnConfig.Cora with { Dropout = Outcome.IsWanted ? 0 : 0.5 }));
        Tensor x = Inputs.Uniform(new Shape(Nodes, 1433)), y = Inputs.Integers(7, new Shape(140));
        return Steps(new Adam(model.Parameters(), 0.01), _ => Loss.CrossEntropy(model.Forward(x, graph)[..140], y));
    }

    // A note says how many tokens that is a second.
    private static Case Generate(int batch)
    {
        double least = double.PositiveInfinity;
        return new Case($"generate_gpt_10m_{Made}_tokens_b{batch}", () =>
        {
            least = double.PositiveInfinity;
            var model = Inputs.Weigh(new Gpt2(Gpt10M));
            model.Eval();
            int[][] prompts = [.. Enumerable.Range(0, batch).Select(i => Enumerable.Range(i, Prompt).ToArray())];
            var options = new GenerationOptions { MaxTokens = Made };
            return () =>
            {
                long start = Stopwatch.GetTimestamp();
                int[][] made = model.Generate(prompts, options);
                if (Outcome.IsWanted) Outcome.Note(Tensor.From<int>([.. made.SelectMany(tokens => tokens)]).To(DType.Float32));
                least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
            };
        })
        {
            Note = () => ($"{batch * Made / least:F0} tokens/s", true),
        };
    }

    private static Action Steps(Optimizer optimizer, Func<int, Tensor> loss)
    {
        int step = 0;
        return () =>
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            Outcome.Note(loss(step++ % Batches)).Backward();
            optimizer.Step();
        };
    }
}
