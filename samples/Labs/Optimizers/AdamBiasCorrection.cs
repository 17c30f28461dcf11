using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class AdamBiasCorrection : Lab
{
    public override string Name => "bias-correction";

    public override string Title => "Adam's running means begin at zero, and dividing by 1 − βᵗ mends it";

    public override string Claim => """
        Adam keeps running means m of the gradient and v of its square. They start at zero, so after t steps they are too small by the
        factors 1 − β₁ᵗ and 1 − β₂ᵗ. As the second is much the smaller with β₁ = 0.9 and β₂ = 0.999, the first step without correction is
        more than three times the learning rate instead of once. With it the first step has exactly the length of the learning rate.
        """;

    public override IReadOnlyList<string> Mutations => ["no correction", "β₂ equal to β₁"];

    public override void Run(LabContext lab)
    {
        const double rate = 0.01;
        double beta1 = 0.9, beta2 = lab.Mutated("β₂ equal to β₁") ? 0.9 : 0.999;
        const int steps = 200;
        double[] gradients = [.. Enumerable.Range(0, steps).Select(_ => 1 + 0.2 * lab.Random.NextDouble())];

        // The same gradients to the optimizer and to the rule written out, with and without the correction.
        var p = new Parameter(Tensor.From(0.0));
        var optimizer = new Adam([p], new AdamOptions { LearningRate = rate, Beta1 = beta1, Beta2 = beta2, Epsilon = 1e-12 });
        double[] real = new double[steps], corrected = new double[steps], plain = new double[steps], means = new double[steps];
        double m = 0, v = 0;
        for (int t = 1; t <= steps; t++)
        {
            double before = p.Value.Item<double>(), g = gradients[t - 1];
            optimizer.ZeroGrad();
            (g * p.Value).Backward();
            optimizer.Step();
            real[t - 1] = before - p.Value.Item<double>();
            (m, v) = (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g);
            double c1 = lab.Mutated("no correction") ? 1 : 1 - Math.Pow(beta1, t),
                c2 = lab.Mutated("no correction") ? 1 : 1 - Math.Pow(beta2, t);
            corrected[t - 1] = rate * (m / c1) / Math.Sqrt(v / c2);
            plain[t - 1] = rate * m / Math.Sqrt(v);
            means[t - 1] = m;
        }
        double off = real.Zip(corrected, (a, b) => Math.Abs(a - b) / b).Max();
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("the length of a step") { XLabel = "step", YLabel = "step / learning rate", Width = 460 }
                    .Line([.. corrected.Select(s => s / rate)], "corrected, as Adam does")
                        .Line([.. plain.Select(s => s / rate)], "not corrected"),
                new Plot("the running mean of gradients about 1.1") { XLabel = "step", YLabel = "m", Width = 460 }
                    .Line(means, "m").Line([.. means.Select((x, t) => x / (1 - Math.Pow(beta1, t + 1)))], "m / (1 − β₁ᵗ)")),
            "Gradients of one sign and nearly one size: a step should be as long as the learning rate from the first on.");
        double first = plain[0] / rate, highest = plain.Max() / rate;
        lab.Check($"the optimizer's steps are the rule's to within {Say.Short(off)}", off, atMost: 1e-9);
        lab.Check($"its first step is {real[0] / rate:0.000} learning rates", Math.Abs(real[0] / rate - 1), atMost: 1e-6);
        lab.Check($"without correction it would be {first:0.0}, and up to {highest:0.0} later", first, atLeast: 3);
    }
}
