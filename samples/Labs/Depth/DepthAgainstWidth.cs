using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>The same number of parameters, stacked or side by side.</summary>
internal sealed class DepthAgainstWidth : Lab
{
    public override string Name => "depth";

    public override string Title => "Depth against width at equal parameters";

    public override string Claim => """
        A composed function such as g(g(x₁, x₂), g(x₃, x₄)) is learned far better by three hidden layers, which can be composed in the same
        way, than by one wide hidden layer of as many parameters. Depth pays where the target has such a structure; for a plain sum of
        functions of single inputs it does not.
        """;

    public override string Question => "With the same number of parameters, is one wide hidden layer as good as three narrow ones?";

    public override Guess Guess => new(
        [
            "Yes: one hidden layer can approximate every function, so the shape does not matter",
            "No: the wide layer is better, since each parameter is nearer to the output",
            "No: the deep one is better where the target is a composition of functions",
        ],
        Right: 2);

    public override string Explanation => """
        One hidden layer approximates every continuous function, but the theorem says nothing about how many units it takes. A layer of $n$
        units writes the target as a sum $\sum_{i=1}^{n} v_i \max(0, \mathbf{w}_i \cdot \mathbf{x} + b_i)$, a sum of ridges that bend along
        single planes. A function of four inputs that waves in many directions needs ridges in all of them.

        A deep network reuses what it has computed. Its second layer sees $g(x_1, x_2)$ and $g(x_3, x_4)$ as two numbers and has only to
        apply $g$ to them, a problem in two dimensions and not in four. With ReLUs this can be counted: each layer folds the input space,
        and the number of linear pieces multiplies from layer to layer, where widening a layer only adds to it.

        So it is in images: edges make parts, parts make objects. The advantage depends on the target. For $\sum_{i} g(x_i)$ nothing is
        composed, and one wide layer does as well; and depth has its price, since deep networks are harder to train.
        """;

    public override string Falsified => """
        A wide network that, with as many parameters, data and steps, leaves less than 1.75 times the error of the deep one on this target.
        """;

    public override IReadOnlyList<string> Next => ["degradation", "filters-see", "lottery-ticket"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        static Tensor G(Tensor a, Tensor b) => (2.2 * (a + b)).Sin();
        var x = Tensor.Uniform(new Shape(3000, 4), -1, 1);
        var y = G(G(x[.., ..1], x[.., 1..2]), G(x[.., 2..3], x[.., 3..]));
        var deep = new Sequential(
            new Linear(4, 16), new Relu(), new Linear(16, 16), new Relu(), new Linear(16, 16), new Relu(), new Linear(16, 1));
        var wide = new Sequential(new Linear(4, 106), new Relu(), new Linear(106, 1));
        foreach (var (name, network) in new[] { ("three layers", deep), ("one layer", wide) })
        {
            foreach (var layer in network.OfType<Linear>()) Init.HeNormal(layer.Weight);
            var optimizer = new Adam(network.Parameters(), learningRate: 0.01);
            for (int step = 0; step < 500; step++)
            {
                using var scope = Memory.Scope();
                optimizer.LearningRate = 0.01 * (1 - step / 500.0);
                optimizer.ZeroGrad();
                var rows = Tensor.RandInt(0, 2000, new Shape(128));
                Loss.Mse(network.Forward(x.IndexSelect(0, rows)), y.IndexSelect(0, rows)).Backward();
                optimizer.Step();
            }
            double left = (Loss.Mse(network.Forward(x[2000..]), y[2000..]) / y[2000..].Var()).Item();
            output.WriteLine($"{name}, {network.ParameterCount} parameters: {left:P0} of the variance is left on new points");
        }
    }

    public override IReadOnlyList<string> Mutations => ["target without composition", "wide in place of deep"];

    private const int Inputs = 4;

    public override void Run(LabContext lab)
    {
        int[] widths = lab.Pick<int[]>(full: [8, 16, 24], reduced: [16]);
        int steps = lab.Pick(full: 1200, reduced: 600), starts = lab.Pick(full: 3, reduced: 2);
        Func<float[], double> target = lab.Mutated("target without composition") ? Sum : Composed;
        var train = Examples(target, 2000, new Generator(1));
        var test = Examples(target, 2000, new Generator(2));

        var (parameters, deep, wide) = (new List<double>(), new List<double>(), new List<double>());
        foreach (int width in widths)
        {
            int[] stacked = [Inputs, width, width, width, 1];
            parameters.Add(Network(stacked).ParameterCount);
            // One hidden layer of n units has n·(inputs + 2) + 1 parameters; as many as fit.
            int[] sideBySide = [Inputs, (int)(parameters[^1] - 1) / (Inputs + 2), 1];
            deep.Add(BestOf(lab.Mutated("wide in place of deep") ? sideBySide : stacked));
            wide.Add(BestOf(sideBySide));
        }
        double BestOf(int[] layers) => Enumerable.Range(0, starts).Min(start =>
        {
            Generator.SetSeed(lab.Seed + (ulong)start);
            return Fitted(lab, Network(layers), steps, train, test);
        });

        lab.Table(
            ["parameters", "three layers", "one layer"],
            widths.Select((_, i) => (string[])[$"{parameters[i]}", $"{deep[i]:0.000}", $"{wide[i]:0.000}"]));
        lab.Figure(
            new Plot("Error on new examples") { XLabel = "parameters", YLabel = "mean squared error / variance of the target", YMin = 0 }
                .Line(parameters, deep, "three hidden layers", markers: true).Line(parameters, wide, "one hidden layer", markers: true),
            "1 is the error of always answering the mean. Both networks of a pair have the same number of parameters, data, steps and "
                + "learning rate schedule, and each is the best of as many starts.");
        lab.Check(
            $"with {parameters[^1]} parameters three layers leave {deep[^1]:P0} of the variance unexplained, one layer {wide[^1]:P0}",
            wide[^1] / deep[^1], atLeast: 1.75);
    }

    private static double Composed(float[] x)
    {
        static double Simple(double a, double b) => Math.Sin(2.2 * (a + b));
        return Simple(Simple(x[0], x[1]), Simple(x[2], x[3]));
    }

    private static double Sum(float[] x) => x.Sum(v => Math.Sin(2.2 * v));

    private static (Tensor X, Tensor Y) Examples(Func<float[], double> target, int count, Generator generator)
    {
        var x = Tensor.Uniform(new Shape(count, Inputs), -1, 1, generator: generator);
        return (x, Tensor.From<float>([.. x.Unbind().Select(row => (float)target(row.ToArray()))], new Shape(count, 1)));
    }

    private static Sequential Network(params int[] widths)
    {
        var network = Networks.Mlp(widths, () => new Relu());
        foreach (var layer in network.OfType<Linear>()) Init.HeNormal(layer.Weight);
        return network;
    }

    /// <summary>The share of the variance of new examples that is left after training.</summary>
    private static double Fitted(LabContext lab, Sequential network, int steps, (Tensor X, Tensor Y) train, (Tensor X, Tensor Y) test)
    {
        var generator = new Generator(lab.Seed);
        var optimizer = new Adam(network.Parameters(), learningRate: 0.01);
        Descent.Run(optimizer, lab.Steps(steps), step =>
        {
            optimizer.LearningRate = 0.01 * (1 - (double)step / steps);
            var (x, y) = Descent.Batch(train.X, train.Y, 128, generator);
            return Loss.Mse(network.Forward(x), y);
        });
        return Evaluate.Loss(network, test.X, test.Y, Loss.Mse) / test.Y.Var().Item<float>();
    }
}
