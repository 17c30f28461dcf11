using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Tuning;

public class PruningTests
{
    private static Tensor X => Tensor.Randn(new Shape(6, 10), generator: new Generator(3));

    private static Sequential Net()
    {
        var generator = new Generator(1);
        return new Sequential(
            ("a", new Linear(10, 20, generator: generator)), ("act", new Tanh()), ("b", new Linear(20, 5, generator: generator)));
    }

    private static void Train(Module model, int steps)
    {
        var optimizer = new AdamW(model.Parameters(), new AdamWOptions { LearningRate = 0.05, WeightDecay = 0.1 });
        for (int i = 0; i < steps; i++)
        {
            optimizer.ZeroGrad();
            (model.Forward(X) - 1).Square().Mean().Backward();
            optimizer.Step();
        }
    }

    private static Tensor Weight(Module model, string name) => ((Linear)((Sequential)model)[name]).Weight.Value.Detach();

    [Fact]
    public void The_smallest_of_all_go_and_stay_0_through_training()
    {
        var model = Net();
        float[] before = [.. Weight(model, "a").ToArray<float>(), .. Weight(model, "b").ToArray<float>()];
        float threshold = before.Select(Math.Abs).Order().ElementAt(240);
        var report = Pruning.Magnitude(model, 0.8);
        Assert.Equal(0.8, report.Sparsity, 1e-12);
        Assert.Equal([200L, 100L], report.Layers.Select(l => l.Count));
        float[] after = [.. Weight(model, "a").ToArray<float>(), .. Weight(model, "b").ToArray<float>()];
        for (int i = 0; i < after.Length; i++) Assert.Equal(Math.Abs(before[i]) < threshold ? 0 : before[i], after[i]);
        Train(model, 20);
        float[] trained = [.. Weight(model, "a").ToArray<float>(), .. Weight(model, "b").ToArray<float>()];
        Assert.Equal(after.Select(v => v == 0), trained.Select(v => v == 0));
        Assert.NotEqual(after, trained);
        Assert.Equal(["a.weight", "a.weight.mask", "a.bias", "b.weight", "b.weight.mask", "b.bias"], model.State().Keys);
    }

    [Fact]
    public void By_layer_each_loses_its_share()
    {
        var report = Pruning.Magnitude(Net(), 0.5, byLayer: true);
        Assert.Equal([100L, 50L], report.Layers.Select(l => l.Kept));
        Assert.Equal("a.weight: 100 of 200 weights, 50.0 % pruned".Replace(" %", "%", StringComparison.Ordinal),
            report.ToString().Split('\n')[0].Replace(" %", "%", StringComparison.Ordinal));
        Assert.Equal([10L], Pruning.Magnitude(Net(), 0.9, "b").Layers.Select(l => l.Kept));
    }

    [Fact]
    public void Pruning_again_keeps_what_was_pruned()
    {
        var model = Net();
        Pruning.Magnitude(model, 0.4);
        var first = Weight(model, "a").ToArray<float>();
        Train(model, 5);
        Assert.Equal(0.7, Pruning.Magnitude(model, 0.7).Sparsity, 1e-12);
        foreach (var (was, now) in first.Zip(Weight(model, "a").ToArray<float>())) Assert.True(was != 0 || now == 0);
    }

    [Fact]
    public void Whole_channels_go_with_their_biases()
    {
        var model = Net();
        double[] norms = Weight(model, "a").Norm(2, 1).ToArray<double>();
        Pruning.Channels(model, 0.25, "a");
        var weight = Weight(model, "a");
        double[] left = weight.Norm(2, 1).ToArray<double>();
        int[] gone = [.. Enumerable.Range(0, 20).Where(i => left[i] == 0)];
        Assert.Equal(Enumerable.Range(0, 20).OrderBy(i => norms[i]).Take(5).Order(), gone);
        float[] bias = ((Linear)model["a"]).Bias!.Value.ToArray<float>();
        Assert.Equal(gone, Enumerable.Range(0, 20).Where(i => bias[i] == 0));
        float[] hidden = ((Linear)model["a"]).Forward(X).Detach().Abs().Max(0).ToArray<float>();
        Assert.Equal(gone, Enumerable.Range(0, 20).Where(i => hidden[i] == 0));
        var conv = new Sequential(new Conv2d(3, 8, 3));
        Assert.Equal(4 * 27L, Pruning.Channels(conv, 0.5, "0").Layers.Single().Kept);
    }

    [Fact]
    public void Rewinding_gives_the_start_to_what_is_left()
    {
        var model = Net();
        var start = Pruning.Snapshot(model);
        Train(model, 10);
        Pruning.Magnitude(model, 0.8);
        float[] mask = model.State()["a.weight.mask"].ToArray<float>();
        Train(model, 3);
        Pruning.Rewind(model, start);
        float[] wanted = [.. start["a.weight"].ToArray<float>().Zip(mask, (w, m) => w * m)];
        Assert.Equal(wanted, Weight(model, "a").ToArray<float>());
        Assert.Equal(start["a.bias"].ToArray<float>(), model.State()["a.bias"].ToArray<float>());
        Assert.Throws<ArgumentException>(() => Pruning.Rewind(model, Pruning.Snapshot(new Sequential(new Linear(2, 2)))));
    }

    [Fact]
    public void A_random_ticket_is_of_the_same_size_and_elsewhere()
    {
        var model = Net();
        Pruning.Magnitude(model, 0.8);
        float[] before = model.State()["a.weight.mask"].ToArray<float>();
        var report = Pruning.Report(model);
        Pruning.ShuffleMasks(model, new Generator(4));
        Assert.Equal(report.Layers, Pruning.Report(model).Layers);
        Assert.InRange(before.Zip(model.State()["a.weight.mask"].ToArray<float>()).Count(p => p.First != p.Second), 20, 120);
    }

    [Fact]
    public void Made_permanent_the_model_is_plain_and_a_copy_stays_pruned()
    {
        var model = Net();
        Pruning.Magnitude(model, 0.5);
        var twin = Module.Clone(model);
        var y = model.Forward(X).Detach();
        Pruning.MakePermanent(twin);
        Assert.Equal(Net().State().Keys, twin.State().Keys);
        Assert.Equal(y.ToArray<float>(), twin.Forward(X).Detach().ToArray<float>());
        Assert.All(twin.Parameters(), p => Assert.True(p.RequiresGrad));
        Assert.Equal(0.5, Pruning.Report(model).Sparsity, 1e-12);
    }

    [Fact]
    public void Adapters_and_masks_go_together()
    {
        var model = Net();
        Pruning.Magnitude(model, 0.5);
        Lora.Add(model, rank: 2, targets: "a");
        var y = model.Forward(X).Detach();
        Assert.Equal(0.5, Pruning.Report(model).Sparsity, 1e-12);
        Pruning.MakePermanent(model);
        Assert.True((y - model.Forward(X).Detach()).Abs().Max().Item<float>() < 1e-6);
    }
}
