using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

internal sealed class OutOfLocalMinima : Lab
{
    public override string Name => "out-of-minima";

    public override string Title => "Mini-batches and momentum leave a minimum in which plain descent stays";

    public override string Claim => """
        A loss of one weight has a shallow minimum on the way to a deep one. Descent on all examples ends in the shallow one: the gradient
        is zero there. For a mini-batch it is not: where the mean over all examples is zero, single batches still pull to one side or the
        other, and in most runs their pulls carry the weight over the edge. Momentum passes it with the speed of its way down.
        """;

    public override string Question => "In a local minimum the gradient over all examples is zero: what moves the weight on?";

    public override Guess? Guess => new(
        [
            "Nothing; only a new start helps",
            "A larger model, because it has no local minima",
            "Gradients of single mini-batches, which are not zero there, and the speed that momentum keeps",
        ],
        Right: 2);

    public override string Explanation => """
        The whole gradient is the mean of the gradients of the examples, $\nabla L(w) = \frac{1}{N} \sum_i \nabla L_i(w)$. In a minimum
        this sum is zero, but its terms are not: some examples pull to the left and others to the right. A mini-batch sums only a few of
        them, and its gradient is $\nabla L(w)$ plus noise with a variance of about $\sigma^2 / B$ for batches of $B$ examples.

        So the weight wanders about the minimum, the further the larger the rate and the smaller the batch, and leaves it if the wall is
        low enough. Out of a deep minimum with high walls the same noise hardly ever leads: noise prefers wide and deep minima to narrow
        and shallow ones.

        Momentum keeps a velocity, $v \to \lambda v + \nabla L$ and $w \to w - \eta v$. In the minimum the gradient is zero and the
        velocity is not. It passes the next rise if it came from high enough; a start close to the minimum would stay in it. Both are
        chances and no guarantee, and neither helps if the pull is too weak.
        """;

    public override string Falsified => """
        Batches whose gradients in the minimum are all close to zero, or small batches and momentum that end in the shallow minimum as
        often as descent on all examples.
        """;

    public override IReadOnlyList<string> Next => ["small-against-large", "gradient-variance", "momentum"];

    public override void Example(TextWriter output)
    {
        // Minima near −1.1 (shallow) and 1.3 (deep); each of 64 examples adds a pull of its own, and their mean is zero.
        var generator = new Generator(1);
        var pulls = 3 * Tensor.Randn(new Shape(64), DType.Float64, generator: generator);
        pulls -= pulls.Mean();
        double EndOf(int batch, double momentum)
        {
            var w = new Parameter(Tensor.From(-3.2));
            var optimizer = new Sgd([w], 0.05, momentum);
            for (int step = 0; step < 1000; step++)
            {
                var pull = batch == 64 ? pulls : pulls.IndexSelect(0, Tensor.RandInt(0, 64, new Shape(batch), generator: generator));
                optimizer.ZeroGrad();
                (0.25 * (w.Value.Square() - 1.5).Square() - 0.25 * w.Value + pull.Mean() * w.Value).Backward();
                optimizer.Step();
            }
            return w.Value.Item<double>();
        }

        output.WriteLine($"all examples ends at {EndOf(64, 0):0.00}, with momentum at {EndOf(64, 0.9):0.00}");
        output.WriteLine($"batches of 2 end at {string.Join(", ", Enumerable.Range(0, 8).Select(_ => $"{EndOf(2, 0):0.0}"))}");
    }

    public override IReadOnlyList<string> Mutations => ["every batch is all examples", "no momentum"];

    private const int Examples = 64;
    private const double Start = -3.2, Edge = 0;

    public override void Run(LabContext lab)
    {
        int runs = lab.Pick(full: 40, reduced: 15), steps = lab.Pick(full: 1500, reduced: 800);
        var shifts = 3 * Tensor.Randn(new Shape(Examples), DType.Float64, generator: lab.Random);
        shifts -= shifts.Mean();
        int size = lab.Mutated("every batch is all examples") ? Examples : 2;
        double momentum = lab.Mutated("no momentum") ? 0 : 0.9;

        var whole = Descend(lab, shifts, Examples, 0, steps);
        var rolling = Descend(lab, shifts, Examples, momentum, steps);
        var noisy = Enumerable.Range(0, runs).Select(_ => Descend(lab, shifts, size, 0, steps)).ToArray();
        double left = noisy.Average(path => path[^1] > Edge ? 1.0 : 0);

        double stuck = whole[^1], atStuck = Math.Abs(Gradient(shifts, stuck, null));
        double[] single = [.. Enumerable.Range(0, Examples / 2).Select(b => Gradient(shifts, stuck, Tensor.From<long>(2 * b, 2 * b + 1)))];
        double[] axis = Fit.Grid(-4, 3, 141);
        var plot = new Plot("the loss over the weight, and the ends") { XLabel = "weight", YLabel = "loss", Width = 560, YMax = 6 }
            .Line(axis, [.. axis.Select(At)], "mean over all examples");
        foreach (var (name, path, color) in new[] { ("all examples", whole, 1), ($"batches of {size}", noisy[0], 2),
            ("momentum", rolling, 3) })
            plot.Scatter([path[^1]], [At(path[^1])], $"{name} ends here", color: color, size: 10);
        lab.Figure(
            new PlotGrid(
                null, 2, plot,
                new Plot("the weight over the steps") { XLabel = "step", YLabel = "weight", Width = 460 }
                    .Line(whole, "all examples", color: 1).Line(noisy[0], $"batches of {size}", color: 2)
                        .Line(rolling, "momentum", color: 3)),
            "First: the loss. Second: the weight on its way there; all start on the left.");
        lab.Figure(
            new Plot("Gradients of single batches in the shallow minimum") { XLabel = "gradient", YLabel = "batches" }.Histogram(single,
                16),
            "Their mean is zero, and hardly any of them is.");
        lab.Check($"descent on all examples ends at {stuck:0.00}, where the gradient is {Say.Short(atStuck)}", stuck, atMost: Edge);
        lab.Check($"the gradient there", atStuck, atMost: 1e-6);
        double pull = Math.Sqrt(single.Average(g => g * g));
        lab.Check($"of batches of 2 it is {pull:0.0} in size", pull, atLeast: 0.3);
        lab.Check($"{left:P0} of {runs} runs with batches of {size} leave it", left, atLeast: 0.6);
        lab.Check($"momentum ends at {rolling[^1]:0.00}", rolling[^1], atLeast: Edge);
    }

    /// <summary>A wide bowl with a bump in it: minima near −1.2 (shallow) and 1.2 (deep).</summary>
    private static Tensor LossOf(Tensor w) => 0.25 * (w * w - 1.5).Square() - 0.25 * w;

    private static double At(double w) => 0.25 * Math.Pow(w * w - 1.5, 2) - 0.25 * w;

    /// <summary>The gradient over a batch, each example of which pulls the weight its own way; over all examples if null.</summary>
    private static double Gradient(Tensor shifts, double at, Tensor? batch)
    {
        var w = new Parameter(Tensor.From(at));
        Step(shifts, w, batch).Backward();
        return w.Grad!.Item<double>();
    }

    private static Tensor Step(Tensor shifts, Parameter w, Tensor? batch)
        => LossOf(w.Value) + (batch is null ? shifts : shifts.IndexSelect(0, batch)).Mean() * w.Value;

    private static List<double> Descend(LabContext lab, Tensor shifts, int size, double momentum, int steps)
    {
        var w = new Parameter(Tensor.From(Start));
        var path = new List<double> { Start };
        Descent.Run(new Sgd([w], 0.05, momentum), lab.Steps(steps), _ =>
        {
            var batch = size == Examples ? null : Tensor.RandInt(0, Examples, new Shape(size), generator: lab.Random);
            return Step(shifts, w, batch);
        }, _ => path.Add(w.Value.Item<double>()));
        return path;
    }
}
