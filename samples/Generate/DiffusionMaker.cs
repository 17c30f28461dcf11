using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Samples.Generate;

/// <summary>Takes noise away, step by step, with a U-Net that is told which digit is to come out.</summary>
internal sealed class DiffusionMaker : Maker
{
    private const int SamplingSteps = 25, Patch = 2;

    // Four pixels become four channels of a picture of half the size: half the work, and twice the width for it.
    private static readonly DiffusionUNetConfig config = new(Patch * Patch, [32, 64])
    {
        BlocksPerLevel = 1, AttentionLevels = [1], Groups = 8, Classes = Pictures.Classes,
    };

    private readonly Diffusion diffusion = Diffusion.Cosine();
    private readonly DiffusionUNet net;
    private readonly Optimizer optimizer;
    private readonly Schedule schedule;
    private readonly ExponentialAverage average;
    private readonly Generator chance;

    public DiffusionMaker(int? steps, ulong seed) : base("diffusion", steps ?? 1500, ["noise left"])
    {
        chance = new Generator(seed);
        net = new DiffusionUNet(config, chance);
        optimizer = new Adam(net.Parameters(), 2e-3);
        schedule = new Schedule(optimizer, new OneCycle(Steps, rise: 0.1, lowMomentum: null));
        average = new ExponentialAverage(net.Parameters(), 0.99, warmUp: true);
    }

    public override string Summary => "Noise is added to pictures in a thousand small steps, and a U-Net learns to see it, knowing the "
        + $"step and the digit. Pictures are made of noise in {SamplingSteps} steps back, with an average of the weights.";

    public override IEnumerable<Module> Models => [net];

    public override double[] Learn(Pictures batch)
    {
        optimizer.ZeroGrad();
        var loss = diffusion.Loss((x, steps) => net.Forward(x, steps, batch.Y), (2 * batch.X - 1).PixelUnshuffle(Patch), chance);
        loss.Backward();
        optimizer.Step();
        schedule.Step();
        average.Update();
        return [loss.Item()];
    }

    public override Tensor Make(Tensor labels, Generator chance)
    {
        average.Swap();
        net.Eval();
        var shape = new Shape(labels.Shape[0], Patch * Patch, Pictures.Side / Patch, Pictures.Side / Patch);
        var made = diffusion.Sample((x, steps) => net.Forward(x, steps, labels), shape, SamplingSteps, eta: 0, generator: chance);
        net.Train();
        average.Restore();
        return (made.PixelShuffle(Patch) + 1) / 2;
    }
}
