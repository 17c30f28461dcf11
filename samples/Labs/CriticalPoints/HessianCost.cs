using DeepNet.Labs.Kit;

namespace DeepNet.Labs.CriticalPoints;

/// <summary>The work of second derivatives.</summary>
internal sealed class HessianCost : Lab
{
    public override string Name => "hessian-cost";

    public override string Title => "A product with the Hessian costs two gradients, the Hessian as many as there are weights";

    public override string Claim => """
        A gradient takes about twice the multiplications of the loss, whatever the number n of weights. A product of the Hessian with a
        vector takes about twice those of a gradient, and the matrix is never formed. The whole Hessian takes about n gradients, and n²
        numbers. Hence large networks are analysed by products, and nobody inverts their Hessian.
        """;

    public override string Question => "How much more work than a gradient is the product of the Hessian with a vector?";

    public override Guess? Guess => new(
        [
            "About twice as much, for any number of weights",
            "As many times as there are weights",
            "As many times as there are weights, squared",
        ],
        Right: 0);

    public override string Explanation => """
        Back-propagation walks through the operations of the loss once more and does for each a constant number of products: of a matrix
        product $Y = XW$ it needs $\frac{\partial L}{\partial W} = X^T \frac{\partial L}{\partial Y}$ and $\frac{\partial L}{\partial X} =
        \frac{\partial L}{\partial Y} W^T$, two of the same size. So the gradient costs a small constant times the loss.

        The product needs no Hessian, because $H\mathbf{v} = \nabla (\mathbf{v}^T \nabla L)$ is the gradient of a number: record the
        gradient, multiply it by $\mathbf{v}$, go back once more. By the same argument that costs a small constant times the gradient.

        The matrix has $n$ columns $H \mathbf{e}_i$, and each costs one such product. For a million weights this is a million backward
        passes, and $10^{12}$ numbers to keep. Eigenvalues at the ends of the spectrum, Newton steps by conjugate gradients and sharpness
        are therefore computed from some tens of products. The counts are those of multiplications in matrix products, not of seconds: they
        are the same on every machine.
        """;

    public override string Falsified => """
        A product whose work, in gradients, grows with the number of weights, or a matrix whose work does not grow in proportion to it.
        """;

    public override IReadOnlyList<string> Next => ["second-order", "taylor", "minimum-ratio"];

    public override void Example(TextWriter output)
    {
        // Multiplications and additions of matrix products, counted by the profiler.
        static double Work(Action run)
        {
            using var profiler = Profiler.Record();
            run();
            return profiler.Modules.Sum(m => m.Flops);
        }
        foreach (int width in new[] { 4, 8, 16 })
        {
            Tensor x = Tensor.Randn(64, width), first = Tensor.Randn(width, width).WithGrad(), second = Tensor.Randn(width, 1).WithGrad();
            var objective = new Objective(() => x.MatMul(first).Tanh().MatMul(second).Square().Mean(), first, second);
            double[] v = [.. Enumerable.Range(0, objective.Size).Select(i => Math.Sin(i))];
            double gradient = Work(() => objective.Gradient());
            double product = Work(() => objective.Hessian().Multiply(v)), matrix = Work(() => objective.Hessian().ToMatrix());
            output.WriteLine(
                $"{objective.Size} weights: a product costs {product / gradient:0.0} gradients, the Hessian {matrix / gradient:0}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["product by forming the matrix", "only the first column computed"];

    public override void Run(LabContext lab)
    {
        int[] widths = lab.Pick<int[]>([4, 8, 16, 32, 48], [4, 8, 16]);
        var rows = new List<(double Size, double Gradient, double Product, double Matrix)>();
        double off = 0;
        foreach (int width in widths)
        {
            using var scope = Memory.Scope();
            var x = Tensor.Randn(new Shape(64, width), DType.Float64);
            var y = x.Sin().Sum(1, keepDim: true);
            Tensor first = Tensor.Randn(new Shape(width, width), DType.Float64).WithGrad(),
                second = Tensor.Randn(new Shape(width, 1), DType.Float64).WithGrad();
            var objective = new Objective(() => (x.MatMul(first).Tanh().MatMul(second) - y).Square().Mean(), first, second);
            double[] v = [.. Enumerable.Range(0, objective.Size).Select(i => Math.Sin(i + 1))], product = [], whole = [];
            double loss = Work(() => objective.Value()), gradient = Work(() => objective.Gradient());
            double ofMatrix = Work(() => objective.Hessian().ToMatrix().Multiply(v, whole = new double[v.Length]));
            double ofProduct = Work(() => product = objective.Hessian().Multiply(v));
            if (lab.Mutated("product by forming the matrix")) ofProduct = ofMatrix;
            if (lab.Mutated("only the first column computed")) ofMatrix = ofProduct;
            rows.Add((objective.Size, gradient / loss, ofProduct / gradient, ofMatrix / gradient));
            off = Math.Max(off, product.Zip(whole, (a, b) => Math.Abs(a - b)).Max() / whole.Max(Math.Abs));
        }
        lab.Table(
            ["weights", "gradient, in losses", "product with the Hessian, in gradients", "the Hessian, in gradients"],
            rows.Select(r => (string[])[$"{r.Size}", $"{r.Gradient:0.00}", $"{r.Product:0.00}", $"{r.Matrix:0}"]));
        double[] sizes = [.. rows.Select(r => r.Size)];
        lab.Figure(
            new Plot("Work, in gradients")
            {
                XLabel = "weights", YLabel = "multiplications / those of a gradient", XScale = AxisScale.Log, YScale = AxisScale.Log,
                Width = 640, Legend = LegendPlace.TopLeft,
            }
                .Line(sizes, [.. rows.Select(r => r.Matrix)], "the whole Hessian", markers: true)
                .Line(sizes, [.. rows.Select(r => r.Product)], "a product with a vector", markers: true)
                .Line(sizes, [.. rows.Select(_ => 1.0)], "a gradient", markers: true)
                .Line(sizes, [.. rows.Select(r => 1 / r.Gradient)], "the loss", markers: true),
            "Counted multiplications and additions of all matrix products. Three lines are level; that of the matrix rises like n.");
        lab.Check($"a gradient costs at most {rows.Max(r => r.Gradient):0.0} losses", rows.Max(r => r.Gradient), atMost: 3);
        lab.Check($"a product with the Hessian at most {rows.Max(r => r.Product):0.0} gradients", rows.Max(r => r.Product), atMost: 3);
        double power = Fit.Power(sizes, [.. rows.Select(r => r.Matrix)]);
        lab.Check($"the Hessian costs gradients like n to the power of {power:0.00}", power, atLeast: 0.9, atMost: 1.1);
        lab.Check($"product and matrix agree to {Say.Short(off)}", off, atMost: 1e-10);
    }

    /// <summary>Counts multiplications and additions of matrix products.</summary>
    private static double Work(Action run)
    {
        using var profiler = Profiler.Record();
        run();
        return profiler.Modules.Sum(m => m.Flops);
    }
}
