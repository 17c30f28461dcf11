using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Families of models: training steps, and tokens that are generated one by one.</summary>
internal static class Models
{
    private const int Batches = 4, Nodes = 2708, Edges = 5278, Prompt = 16, Made = 64;

    public static IEnumerable<Case> Cases =>
    [
        new("resnet18_cifar_sgd_b16",
        [
            .. from isLast in new[] { false, true }
               from isFused in new[] { false, true }
               select new Way(Label(isLast ? "channels last" : "channels first", isFused), () => ResNet(isLast, isFused)),
        ]),
        new("gpt_10m_ctx128_b4_adamw",
        [
            .. from byHand in new[] { false, true }
               from isFused in new[] { false, true }
               select new Way(Label(byHand ? "attention by hand" : "fused attention", isFused), () => TrainGpt(byHand, isFused)),
        ]),
        new("gcn_cora_adam",
        [
            .. from way in Gcn.Ways
               from isFused in new[] { false, true }
               select new Way(Label(way.Label, isFused), () => TrainGcn(way.Of, isFused)),
        ]),
        Generate(1), Generate(8),
    ];

    private static string Label(string way, bool isFused) => way + (isFused ? ", fused optimizer" : "");

    private static Action ResNet(bool isLast, bool isFused)
    {
        var net = Inputs.Weigh(new ResNet18());
        var data = Draw(() => (X: Inputs.Uniform(16, 3, 32, 32), Y: Inputs.Integers(10, 16)));
        if (isLast) (net, data) = (ChannelsLast.Of(net), [.. data.Select(d => (ChannelsLast.Of(d.X), d.Y))]);
        return Training.Step(net, "sgd", 1e-3, isFused, data, (y, target) => nn.functional.cross_entropy(y, target));
    }

    private static Action TrainGpt(bool byHand, bool isFused)
    {
        var net = Inputs.Weigh(new Gpt(byHand));
        var data = Draw(() => Inputs.Integers(Gpt.Vocabulary, 4, Gpt.Context + 1));
        return Training.Step(net, "adamw", 3e-4, isFused, [.. data.Select(t => (t[.., ..Gpt.Context], t[.., 1..].contiguous()))],
            (y, target) => nn.functional.cross_entropy(y.view(-1, Gpt.Vocabulary), target.view(-1)));
    }

    private static Action TrainGcn(Func<long[], int, Func<Tensor, Tensor>> collector, bool isFused)
    {
        using var off = no_grad();      // the sparse matrices need no gradient
        long[] ends = Draws.Integers(4 * Edges, Nodes);
        var collect = collector(ends, Nodes);
        var net = Inputs.Weigh(new Gcn(collect));
        Tensor x = Inputs.Uniform(Nodes, 1433), y = Inputs.Integers(7, 140);
        using var on = enable_grad();
        return Training.Step(net, "adam", 0.01, isFused, [(x, y)], (logits, target) => nn.functional.cross_entropy(logits[..140], target));
    }

    private static Case Generate(int batch) => new($"generate_gpt_10m_{Made}_tokens_b{batch}",
    [
        new("fused attention", () => Generate(batch, byHand: false)), new("attention by hand", () => Generate(batch, byHand: true)),
    ]);

    /// <summary>The likeliest tokens, with keys and values kept in place; they are read when all are known.</summary>
    private static Action Generate(int batch, bool byHand)
    {
        var model = (Gpt)Inputs.Weigh(new Gpt(byHand));
        model.eval();
        long[] prompts = [.. Enumerable.Range(0, batch).SelectMany(i => Enumerable.Range(i, Prompt)).Select(i => (long)i)];
        return () =>
        {
            using var off = inference_mode();
            using var scope = NewDisposeScope();
            var cache = new Gpt.Cache(batch, Prompt + Made);
            var made = new Tensor[Made];
            var next = tensor(prompts, [batch, Prompt]);
            for (int i = 0; i < Made; i++)
            {
                using var step = NewDisposeScope();
                next = model.Next(next, cache).argmax(-1, keepdim: true).MoveToOuterDisposeScope();
                made[i] = next;
            }
            long[] tokens = cat(made, 1).data<long>().ToArray();
            if (Outcome.IsWanted) Outcome.Note(tensor(tokens).to(ScalarType.Float32));
        };
    }

    private static T[] Draw<T>(Func<T> draw) => [.. Enumerable.Range(0, Batches).Select(_ => draw())];
}
