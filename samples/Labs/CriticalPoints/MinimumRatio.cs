using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class MinimumRatio : Lab
{
    public override string Name => "minimum-ratio";

    public override string Title => "Where training stops, the Hessian hardly ever has positive eigenvalues alone";

    public override string Claim => """
        Networks of three sizes are trained many times, and on the way and at the end the eigenvalues of the Hessian are counted. The
        minimum ratio is the share of positive ones: 1 at a minimum. Where the loss is high, many directions lead down; as it falls, fewer
        do. But nearly no training ends with a ratio of 1, even where the loss no longer falls: the more weights, the fewer do.
        """;

    public override string Question
        => "Training has stopped and the loss no longer falls: how often are all eigenvalues of the Hessian positive there?";

    public override Guess? Guess => new(
        [
            "Always: otherwise the loss would go on falling",
            "About half of the time: a point is a minimum or a saddle",
            "Hardly ever, and the more weights, the less often",
        ],
        Right: 2);

    public override string Explanation => """
        The minimum ratio of a point is $\frac{\text{positive eigenvalues}}{\text{all eigenvalues}}$ of the Hessian. Only at a minimum
        that is curved in every direction is it 1. One negative eigenvalue among many makes the point a saddle, and one of zero makes it
        flat in that direction.

        Where the loss is high, the signs of the curvatures are nearly left to chance. As the loss falls, the directions that lead down
        are used up, so that loss and ratio go opposite ways. At the end, most of what is missing to 1 are directions of nearly no
        curvature: units that are saturated or that do the same as others can be changed without changing the output.

        With $n$ weights a minimum needs $n$ positive eigenvalues, which becomes less likely with each weight. That is why a stop of
        training should first be read as a flat region, a saddle or too large a rate, and only last as a local minimum. The shares depend
        on the networks, the data and what counts as zero (here eigenvalues below 0.00001).
        """;

    public override string Falsified => """
        Trainings of the largest network that mostly end with positive eigenvalues only, or a minimum ratio that does not rise as the loss
        falls.
        """;

    public override IReadOnlyList<string> Next => ["saddles-outnumber", "no-longer-falls", "escape"];

    public override void Example(TextWriter output)
    {
        var generator = new Generator(3);
        var x = Tensor.Linspace(-2, 2, 20, DType.Float64).Reshape(20, 1);
        var y = (1.5 * x).Sin() + 0.3 * x.Square();
        var model = new Sequential(new Linear(1, 4, generator: generator), new Tanh(), new Linear(4, 1, generator: generator));
        model.To(DType.Float64);
        var objective = new Objective(() => Loss.Mse(model.Forward(x), y), model);
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.02, momentum: 0.9);
        for (int step = 0; step <= 1000; step++)
        {
            if (step is 0 or 10 or 100 or 1000)
            {
                var point = CriticalPoint.Here(objective, zeroTolerance: 1e-5);
                output.WriteLine($"step {step,4}: loss {point.Loss:0.0000}, {point.Signs.Positive} positive and {point.Signs.Negative} "
                    + $"negative of {objective.Size} eigenvalues");
            }
            optimizer.ZeroGrad();
            Loss.Mse(model.Forward(x), y).Backward();
            optimizer.Step();
        }
    }

    public override IReadOnlyList<string> Mutations => ["negative eigenvalues counted", "networks of one weight"];

    private sealed record Place(int Weights, int Step, double Loss, double Ratio);

    public override void Run(LabContext lab)
    {
        bool isNegative = lab.Mutated("negative eigenvalues counted");
        int[] widths = lab.Mutated("networks of one weight") ? [0] : [2, 4, 8];
        int starts = lab.Pick(full: 80, reduced: 12);
        int[] looks = [0, 10, 30, 100, 300, 1000, 3000];
        var x = Tensor.Linspace(-2, 2, 20, DType.Float64).Reshape(20, 1);
        var y = (1.5 * x).Sin() + 0.3 * x.Square();

        var places = new List<Place>();
        foreach (int width in widths)
            for (int start = 0; start < starts; start++)
                places.AddRange(Train(lab, width, x, y, looks, isNegative));

        Place[] ends = [.. places.Where(p => p.Step == looks[^1])];
        int[] sizes = [.. places.Select(p => p.Weights).Distinct()];
        lab.Print($"{places.Count} places of {ends.Length} trainings.");
        lab.Table(
            ["weights", "trainings", "minimum ratio at the start", "after 100 steps", "at the end", "ended at a ratio of 1"],
            sizes.Select(n => (string[])[
                $"{n}", $"{ends.Count(e => e.Weights == n)}", Mean(n, 0), Mean(n, 100), Mean(n, looks[^1]), $"{ShareOfMinima(n):P0}"]));
        string Mean(int n, int step) => $"{places.Where(p => p.Weights == n && p.Step == step).Average(p => p.Ratio):0.00}";
        double ShareOfMinima(int n) => ends.Where(e => e.Weights == n).Average(e => e.Ratio >= 1 ? 1.0 : 0);

        var plot = new Plot("Places of trainings")
        {
            XLabel = "minimum ratio (share of positive eigenvalues)", YLabel = "loss", YScale = AxisScale.Log, Width = 720, XMin = 0,
            XMax = 1.02,
        };
        for (int i = 0; i < sizes.Length; i++)
        {
            var own = places.Where(p => p.Weights == sizes[i]).ToArray();
            plot.Scatter([.. own.Select(p => p.Ratio)], [.. own.Select(p => p.Loss)], $"{sizes[i]} weights", color: i, size: 4);
        }
        lab.Figure(plot, $"A dot for each of {looks.Length} steps of each training. A minimum would lie at the right edge.");

        double correlation = RankCorrelation([.. places.Select(p => p.Loss)], [.. places.Select(p => p.Ratio)]);
        lab.Check($"rank correlation of loss and minimum ratio over {places.Count} places: {correlation:0.00}", correlation, atMost: -0.3);
        lab.Check($"of the trainings of {sizes[^1]} weights {ShareOfMinima(sizes[^1]):P0} end at a ratio of 1", ShareOfMinima(sizes[^1]),
            atMost: 0.05);
        double slow = ends.Average(e => e.Ratio);
        lab.Check($"the mean ratio at the end is {slow:0.00}", slow, atLeast: 0.4, atMost: 0.95);
    }

    private static List<Place> Train(LabContext lab, int width, Tensor x, Tensor y, int[] looks, bool isNegative)
    {
        // Without a hidden layer the loss has one weight and is a parabola.
        Module model = width == 0 ? new Linear(1, 1, bias: false, generator: lab.Random)
            : Networks.Mlp([1, width, 1], () => new Tanh(), lab.Random);
        model.To(DType.Float64);
        if (width > 0) foreach (var p in model.Parameters()) Init.Normal(p.Value, 0, 1, lab.Random);
        Tensor LossOf() => Loss.Mse(model.Forward(x), y);
        var objective = new Objective(LossOf, model);
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.02, momentum: 0.9);
        var found = new List<Place>();
        foreach (int step in lab.Steps(looks[^1] + 1))
        {
            if (looks.Contains(step))
            {
                var point = CriticalPoint.Here(objective, zeroTolerance: 1e-5, cancellation: lab.Cancellation);
                double ratio = point.Signs.Positive / (double)objective.Size, below = point.Signs.Negative / (double)objective.Size;
                found.Add(new(objective.Size, step, point.Loss, isNegative ? below : ratio));
            }
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            LossOf().Backward();
            optimizer.Step();
        }
        return found;
    }

    /// <summary>The correlation of places in order (Spearman's); equal values share their places.</summary>
    private static double RankCorrelation(double[] a, double[] b)
    {
        static double[] Ranks(double[] v)
        {
            double[] sorted = [.. v.Order()];
            return Array.ConvertAll(v, x =>
            {
                int low = Array.BinarySearch(sorted, x), high = low;
                while (low > 0 && sorted[low - 1] == x) low--;
                while (high + 1 < sorted.Length && sorted[high + 1] == x) high++;
                return (low + high) / 2.0;
            });
        }
        double[] x = Ranks(a), y = Ranks(b);
        double meanX = x.Average(), meanY = y.Average();
        return Fit.Slope(x, y) * Math.Sqrt(x.Sum(v => Math.Pow(v - meanX, 2)) / y.Sum(v => Math.Pow(v - meanY, 2)));
    }
}
