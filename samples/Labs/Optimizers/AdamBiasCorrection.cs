using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class AdamBiasCorrection : Lab
{
    public override string Name => "bias-correction";

    public override string Title => "Adam's running means begin at zero, and dividing by 1 − βᵗ corrects it";

    public override string Claim => """
        Adam keeps running means m of the gradient and v of its square. They start at zero, so after t steps they are too small by the
        factors 1 − β₁ᵗ and 1 − β₂ᵗ. With β₁ = 0.9 and β₂ = 0.999 the second factor is much the smaller at first, and the first step
        without correction is more than three times the learning rate instead of once. With the correction the first step has exactly the
        length of the learning rate.
        """;

    public override string Question
        => "Both running means of Adam begin at zero: are its first steps too short or too long if this is not corrected?";

    public override Guess? Guess => new(
        [
            "Too short: the mean gradient m starts at zero",
            "Neither: both means are too small, which cancels",
            "Too long: the mean square in the divisor is the smaller by far",
        ],
        Right: 2);

    public override string Explanation => """
        The running mean $m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t$ from $m_0 = 0$ is $m_t = (1 - \beta_1) \sum_{s \le t} \beta_1^{t-s}
        g_s$. Its weights add up to $1 - \beta_1^t$ and not to 1, so that for gradients about $g$ it is about $(1 - \beta_1^t) g$. In the
        same way $v_t$ is about $(1 - \beta_2^t) g^2$. Dividing by these factors gives $\hat{m}_t$ and $\hat{v}_t$, means whose weights
        add up to one.

        The step is $\eta \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}$. Without the corrections the first one would be $\eta \frac{1 -
        \beta_1}{\sqrt{1 - \beta_2}} = \eta \frac{0.1}{0.0316} \approx 3.2 \eta$, and the next ones longer still, because $m$ catches up
        within some ten steps and $v$ takes a thousand. With them the first step is $\eta \frac{g}{|g|}$, whatever the size of the
        gradient.

        As $t$ grows both factors go to 1 and the correction disappears: it concerns the first steps only, in which weights are random and
        a step too long does most harm. It removes the bias of the means, not their noise: $\hat{v}$ of a few gradients is a poor
        estimate, and a warm-up of the learning rate is of use with Adam all the same.
        """;

    public override string Falsified => """
        An optimizer whose first step has another length than the learning rate, or uncorrected steps that are no longer than corrected
        ones.
        """;

    public override IReadOnlyList<string> Next => ["rmsprop", "schedules", "five-optimizers"];

    public override void Example(TextWriter output)
    {
        const double rate = 0.01, beta1 = 0.9, beta2 = 0.999;
        var p = new Parameter(Tensor.From(0.0));
        var optimizer = new Adam([p], new AdamOptions { LearningRate = rate, Beta1 = beta1, Beta2 = beta2 });
        double m = 0, v = 0;
        for (int t = 1; t <= 1000; t++)
        {
            const double g = 3;                     // the size of the gradient does not matter
            double before = p.Value.Item<double>();
            optimizer.ZeroGrad();
            (g * p.Value).Backward();
            optimizer.Step();
            (m, v) = (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g);
            if (t is 1 or 2 or 10 or 100 or 1000)
                output.WriteLine($"step {t,4}: {(before - p.Value.Item<double>()) / rate:0.00} learning rates, "
                    + $"without correction {m / Math.Sqrt(v):0.00}");
        }
    }

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
