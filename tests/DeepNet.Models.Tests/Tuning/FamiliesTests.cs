using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Tuning;

/// <summary>Tuning of the families of models.</summary>
public class FamiliesTests
{
    [Fact]
    public void A_language_model_is_tuned_by_adapters_and_saved_beside_them()
    {
        var model = new Gpt2(new(13, 48, 16, 2, 2), new(1));
        var tokens = Tensor.From(new long[,] { { 3, 1, 4, 1, 5 } });
        model.Eval();
        var before = model.Forward(tokens).Detach();
        model.Train();
        int count = Lora.Add(model, rank: 2, targets: "*.attn", generator: new(2));
        Assert.Equal(4, count);
        Assert.True(model.TrainedShare() < 0.1);
        var optimizer = new AdamW(model.Parameters(), 1e-2);
        double first = 0, last = 0;
        for (int i = 0; i < 20; i++)
        {
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(model.Forward(tokens).Squeeze(0).Narrow(0, 0, 4), tokens.Squeeze(0).Narrow(0, 1, 4));
            loss.Backward();
            optimizer.Step();
            last = loss.Item<double>();
            if (i == 0) first = last;
        }
        Assert.True(last < first - 0.05, $"{first} {last}");
        model.Eval();
        var tuned = model.Forward(tokens).Detach();
        Lora.Merge(model);
        Assert.True((tuned - model.Forward(tokens).Detach()).Abs().Max().Item<double>() < 1e-5);
        Lora.Unmerge(model);
        Lora.Use(model);
        Assert.True((before - model.Forward(tokens).Detach()).Abs().Max().Item<double>() < 1e-5);
    }

    [Fact]
    public void A_residual_network_gets_a_head_and_is_pruned_and_compressed()
    {
        var model = new ResNet(ResNetConfig.Cifar20);
        var x = Tensor.Rand(2, 3, 32, 32);
        model.Freeze();
        model.Replace("fc", new Linear(64, 3));
        Assert.True(model.TrainedShare() < 0.01);
        model.Eval();
        Assert.Equal(new Shape(2, 3), model.Forward(x).Shape);
        Assert.Equal(0.8, Pruning.Magnitude(model, 0.8, "*.conv*").Sparsity, 1e-3);
        Pruning.MakePermanent(model);
        var report = LowRank.ToEnergy(model, 0.7, "layer*.*.conv?.weight");
        Assert.True(report.Share < 0.95, $"{report}");
        Assert.Equal(new Shape(2, 3), model.Forward(x).Shape);
    }
}
