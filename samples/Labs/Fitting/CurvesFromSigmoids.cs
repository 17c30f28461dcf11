using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Fitting;

internal sealed class CurvesFromSigmoids : Lab
{
    private const int Pieces = 8;

    public override string Name => "curves-from-sigmoids";

    public override string Title => "Sigmoids, added up, make any curve";

    public override string Claim => """
        A curve of n straight pieces is the sum of a constant and n hard sigmoids, one for each piece: flat, a ramp, flat. A hard sigmoid
        is the difference of two ReLUs, so 2n of those make the same curve. Soft sigmoids round the corners off and come as close as one
        likes: the error falls as there are more of them. So a network with one hidden layer can approximate any continuous curve.
        """;

    public override string Question => "How can a network with one hidden layer produce a curve of eight straight pieces?";

    public override Guess? Guess => new(
        [
            "It cannot: a sum of S-shaped functions is S-shaped again",
            "Only with more layers, one for each bend of the curve",
            "By adding one ramp for each piece: a hard sigmoid, or two ReLUs",
        ],
        Right: 2);

    public override string Explanation => """
        Let the curve pass through the corners $(x_i, y_i)$. The ramp $r_i(x) = \min(1, \max(0, t_i))$ with $t_i = \frac{x - x_{i-1}}{x_i
        - x_{i-1}}$ is 0 before piece $i$, 1 behind it, and rises evenly on it. The sum $y(x) = y_0 + \sum_{i=1}^{n} (y_i - y_{i-1})
        r_i(x)$ is the curve, because on each piece only one term changes.

        A ramp is a difference of two ReLUs, $r_i = \max(0, t_i) - \max(0, t_i - 1)$, and this is a hidden layer: $t_i$ is a weight times
        $x$ plus a bias. A soft sigmoid $c \sigma(wx + b)$ is a ramp with rounded corners; the weight $w$ sets how steep it is, the bias
        $b$ where it lies, and $c$ how high it goes.

        Every continuous curve on a bounded interval is as close as one likes to one of straight pieces, so one hidden layer suffices for
        it. This says that the weights exist. It does not say how many units are needed, nor that gradient descent finds them.
        """;

    public override string Falsified => """
        Eight hard sigmoids or sixteen ReLUs that miss the eight pieces, or trained soft sigmoids whose error does not fall when there are
        more of them.
        """;

    public override IReadOnlyList<string> Next => ["two-layers-by-hand", "depth", "polynomial-degree"];

    public override void Example(TextWriter output)
    {
        // A curve of three straight pieces between these corners.
        double[] at = [0, 0.3, 0.6, 1], height = [0.2, 0.9, -0.4, 0.5];
        var x = Tensor.Linspace(0, 1, 11, DType.Float64);
        Tensor ramps = height[0] + 0 * x, relus = ramps;
        for (int i = 1; i < at.Length; i++)
        {
            var t = (x - at[i - 1]) / (at[i] - at[i - 1]);
            double rise = height[i] - height[i - 1];
            ramps += rise * t.Clamp(0, 1);
            relus += rise * (t.Relu() - (t - 1).Relu());
        }

        // The same corners joined by straight lines.
        for (int k = 0; k <= 10; k += 2)
        {
            double place = k / 10.0;
            int i = Array.FindIndex(at, 1, a => a >= place);
            double line = height[i - 1] + (height[i] - height[i - 1]) * (place - at[i - 1]) / (at[i] - at[i - 1]);
            output.WriteLine(
                $"x = {place:0.0}: line {line:0.000}, ramps {ramps[k].Item<double>():0.000}, ReLUs {relus[k].Item<double>():0.000}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["no activation", "n ReLUs"];

    public override void Run(LabContext lab)
    {
        // The target: eight straight pieces between these heights.
        double[] heights = [0.2, 0.9, 0.5, 0.7, -0.3, -0.1, -0.8, 0.4, 0.1];
        var knots = Fit.Grid(0, 1, Pieces + 1);
        var x = Tensor.Linspace(0, 1, 401, DType.Float64).Reshape(-1, 1);
        var target = Interpolate(x, knots, heights, t => t.Clamp(0, 1));

        int[] counts = [1, 2, 4, 8];
        double[] hard = new double[4], relus = new double[4], soft = new double[4];
        Tensor softCurve = target;
        var seen = new List<(string, Figure)>();
        for (int i = 0; i < counts.Length; i++)
        {
            int n = counts[i];
            // The curve of n pieces through every (8/n)th knot.
            double[] at = [.. knots.Where((_, k) => k % (Pieces / n) == 0)], through = [.. heights.Where((_, k) => k % (Pieces / n) == 0)];
            Func<Tensor, Tensor> hardSigmoid = lab.Mutated("no activation") ? t => t : t => (6 * (t - 0.5)).HardSigmoid();
            Func<Tensor, Tensor> twoRelus = lab.Mutated("n ReLUs") ? t => t.Relu() : t => t.Relu() - (t - 1).Relu();
            hard[i] = Error(Interpolate(x, at, through, hardSigmoid), target);
            relus[i] = Error(Interpolate(x, at, through, twoRelus), target);
            softCurve = Train(lab, n, x, target, n == Pieces ? seen : null);
            soft[i] = Error(softCurve, target);
        }

        lab.Table(
            ["n", "n hard sigmoids", "2n ReLUs", "n soft sigmoids, trained"],
            counts.Select((n, i) => (string[])[$"{n}", $"{Say.Short(hard[i])}", $"{Say.Short(relus[i])}", $"{Say.Short(soft[i])}"]));
        lab.Print(
            $"Hard sigmoids through every (8/n)th corner do not get better with each n: from one piece to two the error goes from "
                + $"{Say.Short(hard[0])} to {Say.Short(hard[1])}, because the one corner that is added, at height {heights[4]}, pulls both "
                + "pieces away from the high corners beside it. These curves pass through corners; they are not the best ones of n pieces. "
                + "Trained ones are, and fall with each n.");
        var errors = new Plot("error against n")
        {
            XLabel = "n", YLabel = "mean squared error", YScale = AxisScale.Log, Width = 380, Height = 400, YMin = 1e-4, YMax = 1,
        }
            .Line([.. counts.Select(n => (double)n)], [.. hard.Select(e => Math.Max(e, 1e-4))], "hard sigmoids", markers: true)
            .Line([.. counts.Select(n => (double)n)], soft, "soft sigmoids", LineStyle.Dashed, markers: true);
        lab.Figure(
            new PlotGrid(null, 2, Draw(x, target, softCurve, heights), errors),
            "First: the target, the ramps that add up to it (one a piece), and what eight soft sigmoids learned. Second: hard sigmoids "
                + "through every (8/n)th corner are exact at n = 8 (0 is drawn at the bottom).");
        lab.Frames(seen, "The eight soft sigmoids while they are trained: the curve bends to the target from step to step.");
        lab.Check($"{Pieces} hard sigmoids make the {Pieces} pieces with an error of {Say.Short(hard[^1])}", hard[^1], atMost: 1e-12);
        lab.Check($"{2 * Pieces} ReLUs do too, {Say.Short(relus[^1])}", relus[^1], atMost: 1e-12);
        lab.Check(
            $"each doubling of n leaves {Enumerable.Range(1, 3).Max(i => soft[i] / soft[i - 1]):P0} of a trained error or less",
            Enumerable.Range(1, 3).Max(i => soft[i] / soft[i - 1]), atMost: 0.999);
        lab.Check($"from 1 to 8 soft sigmoids the error falls {soft[0] / soft[^1]:0}-fold", soft[0] / soft[^1], atLeast: 8);
    }

    /// <summary>The first height, and for each piece a ramp from 0 to 1 times its rise: b + Σ cᵢ ramp(x).</summary>
    private static Tensor Interpolate(Tensor x, double[] at, double[] through, Func<Tensor, Tensor> ramp)
    {
        var y = Tensor.Full(x.Shape, through[0], DType.Float64);
        for (int i = 1; i < at.Length; i++) y += (through[i] - through[i - 1]) * ramp((x - at[i - 1]) / (at[i] - at[i - 1]));
        return y;
    }

    private static Tensor Train(LabContext lab, int n, Tensor x, Tensor target, List<(string, Figure)>? seen)
    {
        var first = new Linear(1, n);
        var model = new Sequential(first, lab.Mutated("no activation") ? new Identity() : new Sigmoid(), new Linear(n, 1));
        model.To(DType.Float64);
        using (Autograd.NoGrad())
        {
            // Each starts as a ramp in its own place.
            first.Weight.Value.CopyFrom(Tensor.Full(first.Weight.Shape, 4.0 * n, DType.Float64));
            first.Bias!.Value.CopyFrom(-4.0 * n * (Tensor.Arange(0, n, 1, DType.Float64) + 0.5) / n);
        }
        var optimizer = new Adam(model.Parameters(), learningRate: 0.05);
        foreach (int number in lab.Steps(lab.Pick(full: 3000, reduced: 800)))
        {
            using var step = Memory.Scope();
            if (number is 0 or 5 or 10 or 20 or 40 or 70 or 100 or 200 or 300 or 500 or 799 or 1500 or 2999)
                seen?.Add(($"step {number}", Fitted(x, target, model.Forward(x).Detach())));
            optimizer.ZeroGrad();
            Loss.Mse(model.Forward(x), target).Backward();
            optimizer.Step();
        }
        return model.Forward(x).Detach();
    }

    private static double Error(Tensor curve, Tensor target) => (curve - target).Square().Mean().Item<double>();

    private static Plot Draw(Tensor x, Tensor target, Tensor soft, double[] heights)
    {
        double[] Of(Tensor t) => t.ToArray<double>();
        var plot = new Plot("A curve and what it is made of") { XLabel = "x", YLabel = "y", Width = 520, Height = 400 };
        for (int i = 1; i <= Pieces; i++)
            plot.Line(
                Of(x), Of((heights[i] - heights[i - 1]) * (x * Pieces - (i - 1)).Clamp(0, 1)), i == 1 ? "hard sigmoids" : null,
                LineStyle.Dotted, color: 7);
        return plot.Line(Of(x), Of(target), "target", color: 0).Line(Of(x), Of(soft), "8 soft sigmoids", LineStyle.Dashed, color: 1);
    }

    private static Plot Fitted(Tensor x, Tensor target, Tensor curve)
        => new Plot("Training") { XLabel = "x", YLabel = "y", Width = 560, Height = 360, YMin = -1, YMax = 1 }
            .Line(x.ToArray<double>(), target.ToArray<double>(), "target", color: 0)
            .Line(x.ToArray<double>(), curve.ToArray<double>(), "8 soft sigmoids", color: 1);
}
