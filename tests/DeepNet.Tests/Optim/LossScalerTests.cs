using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Tests.IO;

namespace DeepNet.Tests.Optim;

public class LossScalerTests
{
    private static (Parameter Weight, Sgd Optimizer) Setup()
    {
        var weight = new Parameter(Tensor.From<float>(1, 2));
        return (weight, new Sgd([weight], learningRate: 0.5));
    }

    [Fact]
    public void ScaledGradientsAreDividedAgain()
    {
        var (weight, optimizer) = Setup();
        var scaler = new LossScaler(factor: 1024);
        scaler.Scale((weight.Value * Tensor.From<float>(3, -1)).Sum()).Backward();
        Assert.Equal([3072f, -1024f], weight.Grad!.ToArray());
        Assert.True(scaler.Step(optimizer));
        Assert.Equal([3f, -1f], weight.Grad!.ToArray());
        Assert.Equal([-0.5f, 2.5f], weight.Value.ToArray());
        Assert.Equal((1024, 1, 0), (scaler.Factor, scaler.GoodSteps, scaler.SkippedSteps));
    }

    [Fact]
    public void AnOverflowLeavesTheStepOutAndHalvesTheFactor()
    {
        var (weight, optimizer) = Setup();
        var scaler = new LossScaler(factor: 1024, interval: 2);
        foreach (float bad in new[] { float.PositiveInfinity, float.NaN, float.NegativeInfinity })
        {
            weight.Value.Grad = Tensor.From<float>(1, bad);
            Assert.False(scaler.Step(optimizer));
        }
        Assert.Equal([1f, 2f], weight.Value.ToArray());
        Assert.Equal((128, 0, 3), (scaler.Factor, scaler.GoodSteps, scaler.SkippedSteps));
        // And grows again after good steps in a row.
        for (int i = 0; i < 5; i++)
        {
            weight.Value.Grad = Tensor.Zeros(2);
            Assert.True(scaler.Step(optimizer));
        }
        Assert.Equal((512, 1), (scaler.Factor, scaler.GoodSteps));
    }

    [Fact]
    public void AnOverflowInFloat16IsFoundAndTheFactorSettles()
    {
        var weight = new Parameter(Tensor.Full(new Shape(4, 4), 0.5f));
        var optimizer = new Sgd([weight], learningRate: 1e-3);
        var scaler = new LossScaler();
        var x = Tensor.Full(new Shape(2, 4), 3f);
        int skipped = 0;
        for (int i = 0; i < 12; i++)
        {
            optimizer.ZeroGrad();
            Tensor loss;
            using (Autocast.To(DType.Float16)) loss = (x.MatMul(weight.Value) * 2).Sum() * 8;
            scaler.Scale(loss).Backward();
            if (!scaler.Step(optimizer)) skipped++;
        }
        Assert.InRange(skipped, 1, 6);
        Assert.Equal(65536 / Math.Pow(2, skipped), scaler.Factor);
        Assert.All(weight.Value.ToArray(), w => Assert.True(w < 0.5f));
    }

    [Fact]
    public void ClippingSeesTheTrueGradients()
    {
        var (weight, optimizer) = Setup();
        var scaler = new LossScaler(factor: 256);
        scaler.Scale((weight.Value * Tensor.From<float>(3, 4)).Sum()).Backward();
        Assert.True(scaler.Unscale(optimizer));
        Assert.Contains(
            "divided by the factor already", Assert.Throws<InvalidOperationException>(() => scaler.Unscale(optimizer)).Message,
            StringComparison.Ordinal);
        optimizer.ClipNorm = 1;
        Assert.True(scaler.Step(optimizer));
        Assert.Equal(5, optimizer.LastGradientNorm, 6);
        Assert.Equal(1 - 0.3f, weight.Value[0].Item(), 1e-6);
    }

    [Fact]
    public void SeveralOptimizersStepTogetherOrNotAtAll()
    {
        var (first, one) = Setup();
        var (second, two) = Setup();
        var scaler = new LossScaler(factor: 2);
        first.Value.Grad = Tensor.Ones(2);
        second.Value.Grad = Tensor.From<float>(1, float.NaN);
        Assert.False(scaler.Step(one, two));
        Assert.Equal([1f, 2f], first.Value.ToArray());
    }

    [Fact]
    public void HopelessGradientsAreReported()
    {
        var (weight, optimizer) = Setup();
        var scaler = new LossScaler(factor: 1, backoff: 1e-4);
        weight.Value.Grad = Tensor.From<float>(float.NaN, 1);
        Assert.False(scaler.Step(optimizer));
        Assert.False(scaler.Step(optimizer));
        Assert.Contains(
            "not the cause", Assert.Throws<InvalidOperationException>(() => scaler.Step(optimizer)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LossScaler(factor: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LossScaler(growth: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LossScaler(backoff: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LossScaler(interval: 0));
        Assert.Throws<ArgumentException>(() => scaler.Step());
    }

    [Fact]
    public void ItsStateIsSaved()
    {
        using var folder = new TempFolder();
        var (weight, optimizer) = Setup();
        var scaler = new LossScaler(factor: 4096);
        weight.Value.Grad = Tensor.From<float>(float.NaN, 1);
        scaler.Step(optimizer);
        weight.Value.Grad = Tensor.Ones(2);
        scaler.Step(optimizer);
        new Checkpoint { Scaler = scaler }.Add("second", new LossScaler(8)).Save(folder["run"]);
        LossScaler again = new(), second = new();
        new Checkpoint { Scaler = again }.Add("second", second).Load(folder["run"]);
        Assert.Equal((2048, 1, 1, 8), (again.Factor, again.GoodSteps, again.SkippedSteps, second.Factor));
        var third = new LossScaler();
        third.LoadState(scaler.SaveState());
        Assert.Equal(2048, third.Factor);
        Assert.Contains(
            "state is of 'sgd'", Assert.Throws<ArgumentException>(() => third.LoadState(optimizer.SaveState())).Message,
            StringComparison.Ordinal);
    }
}
