using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

/// <summary>Numbers that optimizers keep beside the weights.</summary>
internal sealed class OptimizerMemory : Lab
{
    public override string Name => "optimizer-memory";

    public override string Title => "Numbers that an optimizer keeps for each weight";

    public override string Claim => """
        Plain gradient descent remembers nothing. Momentum keeps one number for each weight, AdaGrad and RMSProp as well, Adam two, AMSGrad
        three. For large models this is memory that counts: Adam's state is twice as large as the weights. Adafactor keeps only the sums
        of the rows and columns of a matrix: 2/n numbers for each weight of an n × n matrix, which is next to nothing.
        """;

    public override string Question => "A model has a billion weights of four bytes: how much memory does Adam's state take?";

    public override Guess? Guess => new(
        [
            "Next to none: an optimizer keeps a few settings",
            "4 GB, as much as the weights",
            "8 GB, twice as much as the weights",
        ],
        Right: 2);

    public override string Explanation => """
        Descent, $w \leftarrow w - \eta g$, needs only the gradient. Momentum, $v \leftarrow \beta v + g$, has to keep $v$ from step to
        step, and $v$ has the shape of the weights. AdaGrad and RMSProp keep a sum or a mean of $g^2$ in the same way. Adam keeps both $m$
        and $v$, and AMSGrad the largest $v$ so far as well.

        Weights, gradient and state lie in memory together: $1 + 1 + k$ numbers for each weight. Plain descent needs two, Adam four. In
        mixed precision the share is even larger, because the state stays in float32.

        Adafactor approximates the mean squares of an $n \times m$ matrix by a product of the means of its rows and of its columns,
        $V_{ij} \approx r_i c_j / \bar{r}$. It keeps $n + m$ numbers in place of $nm$: for a square matrix $2/n$ for each weight. The
        price is that structure within a matrix is lost; for vectors, such as biases, there is nothing to gain. Muon and Lion keep a
        momentum only.
        """;

    public override string Falsified => """
        A count of the saved state that differs by a single number from the one that the rule of the optimizer says.
        """;

    public override IReadOnlyList<string> Next => ["five-optimizers", "momentum", "bias-correction"];

    public override void Example(TextWriter output)
    {
        // Three steps on a matrix of 64 × 64 weights; then the numbers in the saved state are counted.
        foreach (var (name, make) in new (string, Func<Parameter, Optimizer>)[]
        {
            ("SGD", w => new Sgd([w], 0.01)), ("momentum", w => new Sgd([w], 0.01, momentum: 0.9)), ("Adam", w => new Adam([w])),
            ("Adafactor", w => new Adafactor([w])),
        })
        {
            var weight = new Parameter(Tensor.Randn(64, 64));
            var optimizer = make(weight);
            for (int step = 0; step < 3; step++)
            {
                optimizer.ZeroGrad();
                weight.Value.Square().Mean().Backward();
                optimizer.Step();
            }
            double kept = optimizer.SaveState().Tensors.Values.Sum(t => (double)t.Count);
            output.WriteLine($"{name}: {kept / weight.Value.Count:0.###} numbers for each weight");
        }
    }

    public override IReadOnlyList<string> Mutations => ["momentum of zero", "vectors in place of matrices"];

    public override void Run(LabContext lab)
    {
        bool isFlat = lab.Mutated("vectors in place of matrices");
        double momentum = lab.Mutated("momentum of zero") ? 0 : 0.9;
        int[] widths = lab.Pick<int[]>([16, 32, 64, 128, 256, 512], [16, 32, 64, 128]);
        int widest = widths[^1];
        (string Name, Func<Parameter, Optimizer> Make, double Expected)[] methods =
        [
            ("SGD", w => new Sgd([w], 0.01), 0),
            ("momentum", w => new Sgd([w], 0.01, momentum), 1),
            ("AdaGrad", w => new AdaGrad([w]), 1),
            ("RMSProp", w => new RmsProp([w]), 1),
            ("Adam", w => new Adam([w]), 2),
            ("AMSGrad", w => new Adam([w], new AdamOptions { Amsgrad = true }), 3),
            ("Lion", w => new Lion([w]), 1),
            ("Muon", w => new Muon([w]), 1),
            ("Adafactor", w => new Adafactor([w]), 2.0 / widest),
        ];
        double[] kept = [.. methods.Select(m => PerWeight(m.Make, widest, isFlat))];
        double[] adafactor = [.. widths.Select(w => PerWeight(methods[^1].Make, w, isFlat))];
        lab.Table(
            ["optimizer", "numbers for each weight", "weights, gradient and state of a billion weights"],
            methods.Zip(kept, (m, k) => (string[])[m.Name, $"{k:0.####}", $"{4 * (2 + k):0.0} GB"]));
        double[] axis = [.. widths.Select(w => (double)w)];
        lab.Figure(
            new PlotGrid(null, 2,
                new Plot("State of each optimizer") { YLabel = "numbers for each weight", Width = 560 }
                    .Bar([.. methods.Select(m => m.Name)], kept),
                new Plot("Adafactor")
                {
                    XLabel = "width of the matrix", YLabel = "numbers for each weight", XScale = AxisScale.Log, YScale = AxisScale.Log,
                }
                    .Line(axis, adafactor, "counted", markers: true).Line(axis, [.. axis.Select(n => 2 / n)], "2/n", LineStyle.Dashed)),
            $"The saved state of each optimizer after three steps, for a matrix of {widest} × {widest} weights, and Adafactor's for other "
                + "matrices.");
        double off = methods.Zip(kept, (m, k) => Math.Abs(m.Expected - k)).Max();
        lab.Check($"all {methods.Length} counts are those of the rules: SGD {kept[0]:0}, momentum {kept[1]:0}, Adam {kept[4]:0}", off,
            atMost: 1e-12);
        double power = Fit.Power(axis, adafactor);
        lab.Check($"Adafactor's falls with the power {power:0.00} of the width", power, atLeast: -1.01, atMost: -0.99);
    }

    /// <summary>Counts the numbers in the saved state after three steps.</summary>
    private static double PerWeight(Func<Parameter, Optimizer> make, int width, bool isFlat)
    {
        using var scope = Memory.Scope();
        var weight = new Parameter(Tensor.Randn(isFlat ? new Shape(width * width) : new Shape(width, width)));
        var optimizer = make(weight);
        Descent.Run(optimizer, [0, 1, 2], () => weight.Value.Square().Mean());
        return optimizer.SaveState().Tensors.Values.Sum(t => (double)t.Count) / weight.Value.Count;
    }
}
