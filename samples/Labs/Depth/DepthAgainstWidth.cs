using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Depth;

/// <summary>The same number of parameters, stacked or side by side.</summary>
internal sealed class DepthAgainstWidth : Lab
{
    public override string Name => "depth";

    public override string Title => "Depth against width at equal parameters";

    public override string Claim => """
        A function made by applying a simple one to the results of a simple one, g(g(x₁, x₂), g(x₃, x₄)), is learned far better by three
        layers that can do the same than by one wide layer of as many parameters.
        """;

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
            new Plot("Error on new examples") { XLabel = "parameters", YLabel = "mean square error / variance of the target", YMin = 0 }
                .Line(parameters, deep, "three hidden layers", markers: true).Line(parameters, wide, "one hidden layer", markers: true),
            "1 is what the mean of all targets would get. Both networks of a pair have the same number of parameters, data, steps and "
                + "schedule, and the best of as many starts.");
        lab.Check(
            $"with {parameters[^1]} parameters three layers leave {deep[^1]:P0} of the variance and one layer {wide[^1]:P0}",
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
