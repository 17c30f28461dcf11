using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Fitting;

internal sealed class LearningRates : Lab
{
    public override string Name => "learning-rate";

    public override string Title => "Too small, right, too large: in a valley the steepest direction sets the limit";

    public override string Claim => """
        In a valley 25 times steeper across than along, gradient descent converges only if the learning rate is below 2/λ, where λ is the
        largest curvature. Far below it the steps along the valley are tiny; just above it the bounces across grow without end. The best
        rate, 2/(λ + μ) with the smallest curvature μ, gains the factor (λ − μ)/(λ + μ) a step, no more.
        """;

    public override string Question => "In a valley that is steep across and gentle along, which direction limits the learning rate?";

    public override Guess? Guess => new(
        [
            "The steep one across, and the gentle one along pays for it",
            "The gentle one along, because most of the way leads there",
            "The mean of both curvatures",
            "None: a larger rate is faster, only less exact",
        ],
        Right: 0);

    public override string Explanation => """
        On a quadratic with the curvatures $\mu < \lambda$ gradient descent treats each eigenvector of the Hessian by itself: a step
        multiplies the distance along it by $1 - \eta \mu$ or $1 - \eta \lambda$. It converges only if both are smaller than one in size,
        so $\eta < 2 / \lambda$: the largest curvature alone sets the limit. At $\eta = 2 / \lambda$ the point jumps from one wall to the
        same height on the other; above it, higher at each jump.

        The slower of the two factors decides. It is smallest where both are equal in size, at $\eta = \frac{2}{\lambda + \mu}$, and is
        then $\frac{\lambda - \mu}{\lambda + \mu} = \frac{\kappa - 1}{\kappa + 1}$ with the condition number $\kappa = \lambda / \mu$. For
        25 this is 0.92, so that 29 steps gain one decade of distance; for 1000 it takes more than a thousand.

        Near a minimum the loss of a network is such a quadratic, with a curvature for each eigenvector. That is why everything that makes
        the curvatures more alike (scaled inputs, normalisation) or gives each direction a rate of its own (adaptive steps, momentum)
        makes training faster. It holds as long as the quadratic does; far from a minimum curvatures change on the way.
        """;

    public override string Falsified => """
        Convergence at a rate above 2/λ, divergence below it, or a rate at which plain descent gains more per step than (λ − μ)/(λ + μ).
        """;

    public override IReadOnlyList<string> Next => ["momentum", "adagrad-arrives", "feature-scaling"];

    public override void Example(TextWriter output)
    {
        // ½(x² + 25y²): curvature 1 along the valley, 25 across.
        double LossAfter(double rate)
        {
            var place = new Parameter(Tensor.From(-4.0, 1.0));
            var optimizer = new Sgd([place], rate);
            Tensor LossOf() => 0.5 * (place.Value.Square() * Tensor.From(1.0, 25.0)).Sum();
            for (int step = 0; step < 60; step++)
            {
                optimizer.ZeroGrad();
                LossOf().Backward();
                optimizer.Step();
            }
            return LossOf().Item<double>();
        }

        foreach (double rate in new[] { 0.004, 0.04, 2.0 / 26, 0.0795, 0.0805, 0.09 })
            output.WriteLine($"rate {rate:0.0000} = {rate / (2.0 / 25):0.00} · 2/λ: loss after 60 steps {LossAfter(rate):0.0e+0}");
    }

    public override IReadOnlyList<string> Mutations => ["with momentum", "a rounder valley"];

    public override void Run(LabContext lab)
    {
        const double along = 1, across = 25;
        double momentum = lab.Mutated("with momentum") ? 0.9 : 0;
        double curvature = lab.Mutated("a rounder valley") ? 5 : across;

        // ½(μx² + λy²), from a point on the slope.
        List<double[]> Descend(double rate, int steps)
        {
            var place = new Parameter(Tensor.From(-4.0, 1.0));
            var optimizer = new Sgd([place], rate, momentum);
            var path = new List<double[]> { place.Value.ToArray<double>() };
            for (int step = 0; step < steps; step++)
            {
                optimizer.ZeroGrad();
                (0.5 * (place.Value.Square() * Tensor.From(along, curvature)).Sum()).Backward();
                optimizer.Step();
                path.Add(place.Value.ToArray<double>());
            }
            return path;
        }
        double LossAt(double[] p) => 0.5 * (along * p[0] * p[0] + across * p[1] * p[1]);

        // Where does it begin to diverge? Halve the interval again and again.
        double low = 0.01, high = 0.9;
        for (int i = 0; i < 20; i++)
        {
            double middle = (low + high) / 2;
            if (LossAt(Descend(middle, 400)[^1]) < 1) low = middle;
            else high = middle;
        }
        double limit = (low + high) / 2, theory = 2 / across;

        (string Name, double Rate)[] rates = [("too small", 0.004), ("right", 2 / (across + along)), ("too large", 0.0805)];
        var paths = rates.Select(r => Descend(r.Rate, 60)).ToArray();
        lab.Table(
            ["", "learning rate", "loss after 60 steps"],
            rates.Zip(paths, (r, p) => (string[])[r.Name, $"{r.Rate:0.0000}", $"{Say.Short(LossAt(p[^1]))}"]));
        double gain = Math.Sqrt(LossAt(paths[1][60]) / LossAt(paths[1][20]));
        double perStep = Math.Pow(gain, 1.0 / 40), best = (across - along) / (across + along);

        lab.Figure(Draw(rates, paths, LossAt), "The same sixty steps at three rates, and the loss at each on a logarithmic axis.");
        lab.Check(
            $"descent begins to diverge at a rate of {limit:0.00000} = {limit / theory:0.000} · 2/λ", limit / theory, atLeast: 0.995,
            atMost: 1.005);
        lab.Check(
            $"the best rate gains a factor {perStep:0.0000} a step, theory says {best:0.0000}", Math.Abs(perStep / best - 1), atMost: 1e-3);
    }

    private static PlotGrid Draw((string Name, double Rate)[] rates, List<double[]>[] paths, Func<double[], double> lossAt)
    {
        double[] x = Fit.Grid(-5, 2, 61), y = Fit.Grid(-2, 2, 61);
        var grid = new PlotGrid(null, 2);
        var loss = new Plot("loss")
        {
            XLabel = "step", YLabel = "loss", YScale = AxisScale.Log, Width = 440, Height = 320, YMin = 1e-4, YMax = 1e3,
        };
        for (int i = 0; i < rates.Length; i++)
        {
            var seen = paths[i].Where(p => Math.Abs(p[1]) < 2).ToArray();
            grid.Add(
                new Plot($"{rates[i].Name}: {rates[i].Rate:0.0000}")
                {
                    XLabel = "along the valley", YLabel = "across", Width = 440, Height = 320, Legend = LegendPlace.None, XMin = -5,
                    XMax = 2,
                }
                .Contour(x, y, Fit.Surface(x, y, (a, b) => lossAt([a, b])), levels: 10, filled: false)
                .Line([.. seen.Select(p => p[0])], [.. seen.Select(p => p[1])], color: i, markers: true));
            loss.Line([.. paths[i].Select(lossAt)], rates[i].Name, color: i);
        }
        grid.Add(loss);
        return grid;
    }
}
