using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>The variance of first weights for each activation.</summary>
internal sealed class XavierOrHe : Lab
{
    public override string Name => "xavier-or-he";

    public override string Title => "Xavier for tanh, He for ReLU, and neither for sigmoid";

    public override string Claim => """
        Which variance of the first weights keeps gradients alive depends on the activation. ReLUs need He's 2/n: with Xavier's 1/n the mean
        square of the gradient halves at every layer. Tanh goes with Xavier, where it shrinks slowly, while He's makes it grow. With
        sigmoids it falls to an eighteenth or a tenth per layer under either. The shape of the distribution does not matter: uniform weights
        of the same variance do the same as normal ones.
        """;

    public override string Question => "Deep layers of sigmoids: does Xavier's or He's initialisation let the gradient through?";

    public override Guess? Guess => new(
        [
            "Xavier's: it was made for sigmoid and tanh",
            "He's: its weights are larger",
            "Neither: the derivative of the sigmoid is at most a quarter",
        ],
        Right: 2);

    public override string Explanation => """
        On the way back through a layer of $n$ units the mean square of the gradient is multiplied by $\chi = n \, \mathrm{Var}(w) \,
        E[f'(z)^2]$. For ReLU $f'$ is 1 for one half and 0 for the other, so $E[f'^2] = \frac{1}{2}$, and $\mathrm{Var}(w) = \frac{2}{n}$
        gives 1.

        For tanh $f'(0) = 1$, so Xavier's $\mathrm{Var}(w) = \frac{2}{n_{\text{in}} + n_{\text{out}}} = \frac{1}{n}$ begins near $\chi =
        1$. As $f' < 1$ away from zero, signals shrink at first; the smaller they are, the closer $\chi$ comes to 1, so they fall like a
        power of the depth and not exponentially. With $\frac{2}{n}$ signals keep a size at which $\chi$ is a little above 1: gradients
        grow by some per cent at every layer. A gain of $\frac{5}{3}$ does more of the same.

        The derivative of the sigmoid is at most $\frac{1}{4}$, so $\chi \le \frac{1}{16}$ with Xavier's variance and $\frac{1}{8}$ with
        He's. Some books multiply the deviation by 4 to make up for it; but then units saturate and $E[f'^2]$ falls, so less than half
        is passed on. This is why deep networks do without sigmoids inside, or normalise before them.

        A uniform distribution on $[-a, a]$ has variance $\frac{a^2}{3}$; its bound is $\sqrt{3}$ times the deviation. A sum of many terms
        is nearly normal whatever they are drawn from, so only the variance counts.
        """;

    public override string Falsified => """
        A factor per layer outside the stated ranges, or one that differs between normal and uniform weights by more than a tenth.
        """;

    public override IReadOnlyList<string> Next => ["initial-variance", "vanishing", "sigmoid-and-squares"];

    public override void Example(TextWriter output)
    {
        // The gradient before and after fifteen layers of 128 units.
        Generator.SetSeed(1);
        foreach (var (name, activation) in new (string, Func<Tensor, Tensor>)[]
            { ("sigmoid", z => z.Sigmoid()), ("tanh", z => z.Tanh()), ("ReLU", z => z.Relu()) })
        {
            foreach (var (scheme, draw) in new (string, Action<Tensor>)[]
                { ("Xavier", w => Init.XavierNormal(w)), ("He", w => Init.HeNormal(w)) })
            {
                Tensor x = Tensor.Randn(64, 128).WithGrad(), h = x;
                for (int layer = 0; layer < 15; layer++)
                {
                    var weight = Tensor.Zeros(new Shape(128, 128));
                    draw(weight);
                    h = activation(h.MatMul(weight));
                }
                h.Sum().Backward();
                output.WriteLine($"{name}, {scheme}: mean square of the gradient {x.Grad!.Square().Mean().Item():0.0e+0}");
            }
        }
    }

    public override IReadOnlyList<string> Mutations => ["no activation", "uniform with the deviation as its bound"];

    private static readonly string[] Schemes = ["Xavier, normal", "Xavier, uniform", "He, normal", "He, uniform"];

    public override void Run(LabContext lab)
    {
        int layers = lab.Pick(full: 20, reduced: 12);
        bool isNarrow = lab.Mutated("uniform with the deviation as its bound");
        Action<Tensor>[] draws =
        [
            w => Init.XavierNormal(w), w => Init.XavierUniform(w, isNarrow ? 1 / Math.Sqrt(3) : 1),
            w => Init.HeNormal(w), w => Init.HeUniform(w, isNarrow ? Math.Sqrt(2.0 / 3) : Math.Sqrt(2)),
        ];
        (string Name, Func<Tensor, Tensor> Function)[] activations =
            [("sigmoid", z => z.Sigmoid()), ("tanh", z => z.Tanh()), ("ReLU", z => z.Relu())];
        double[] depth = [.. Enumerable.Range(1, layers).Select(l => (double)l)];
        var seeds = lab.Seeds(full: 4, reduced: 3);
        var factor = new Spread[activations.Length, Schemes.Length];
        var plots = new List<Plot>();
        for (int a = 0; a < activations.Length; a++)
        {
            var plot = new Plot(activations[a].Name)
            {
                XLabel = "layer", YLabel = "mean square of gradients", YScale = AxisScale.Log, Width = 360, Height = 360,
                Legend = LegendPlace.Below,
            };
            for (int s = 0; s < Schemes.Length; s++)
            {
                double[][] passes = [.. seeds.Select(
                    seed => Gradients(lab, seed, layers, lab.Mutated("no activation") ? z => z : activations[a].Function, draws[s]))];
                factor[a, s] = new(passes.Select(g => Math.Pow(g[0], 1.0 / (layers - 1))));
                plot.Line(
                    depth, [.. depth.Select((_, l) => Math.Exp(passes.Average(g => Math.Log(g[l]))))], Schemes[s],
                    s % 2 == 0 ? LineStyle.Solid : LineStyle.Dashed, s / 2);
            }
            plots.Add(plot);
        }
        lab.Table(
            ["gradient, factor per layer on the way back", .. Schemes],
            activations.Select(
                (f, a) => (string[])[f.Name, .. Enumerable.Range(0, Schemes.Length).Select(s => factor[a, s].Number("0.000"))]));
        lab.Figure(
            new PlotGrid(null, 3, [.. plots]),
            $"{layers} layers, mean of {seeds.Count} starts, as multiples of the last layer's. Only a level line lets the front layers "
                + "learn.");
        double reluHe = factor[2, 2].Mean, reluXavier = factor[2, 0].Mean, tanhXavier = factor[1, 0].Mean, tanhHe = factor[1, 2].Mean;
        lab.Check($"per layer, ReLU multiplies the gradient's mean square by {reluHe:0.00} under He", reluHe, atLeast: 0.9, atMost: 1.1);
        lab.Check($"by {reluXavier:0.00} under Xavier", reluXavier, atLeast: 0.45, atMost: 0.55);
        lab.Check($"tanh by {tanhXavier:0.00} under Xavier", tanhXavier, atLeast: 0.75, atMost: 1);
        lab.Check($"by {tanhHe:0.00} under He", tanhHe, atLeast: 1.02);
        lab.Check($"sigmoid by {factor[0, 0].Mean:0.000} under Xavier", factor[0, 0].Mean, atMost: 1.0 / 16);
        lab.Check($"by {factor[0, 2].Mean:0.000} under He", factor[0, 2].Mean, atMost: 1.0 / 8);
        double apart = Enumerable.Range(0, activations.Length).SelectMany(
            a => new[] { 0, 2 }.Select(s => Math.Abs(factor[a, s + 1].Mean / factor[a, s].Mean - 1))).Max();
        lab.Check($"uniform weights differ from normal ones by at most {apart:P0}", apart, atMost: 0.1);
    }

    /// <summary>Returns the mean square of the gradient at each layer, as a multiple of the last one's.</summary>
    private static double[] Gradients(LabContext lab, ulong seed, int layers, Func<Tensor, Tensor> activation, Action<Tensor> draw)
    {
        using var scope = Memory.Scope();
        Generator.SetSeed(seed);
        int width = lab.Pick(full: 256, reduced: 128);
        var outputs = new List<Tensor>();
        var h = Tensor.Randn(64, width).WithGrad();
        for (int l = 0; l < layers; l++)
        {
            var weight = Tensor.Zeros(new Shape(width, width));
            draw(weight);
            outputs.Add(h = activation(h.MatMul(weight)));
        }
        // A gradient of random numbers at the end, as a loss would send.
        double[] squares = [.. Autograd.Grad([h], [.. outputs], [Tensor.RandnLike(h)]).Select(
            g => g.To(DType.Float64).Square().Mean().Item<double>())];
        return [.. squares.Select(g => g / squares[^1])];
    }
}
