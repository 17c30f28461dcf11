using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Running.Race;

/// <summary>Represents a loss over two parameters down which optimizers race.</summary>
/// <param name="Name">The name in scripts and on the command line.</param>
/// <param name="Title">The name for readers.</param>
/// <param name="Formula">The loss as a formula.</param>
/// <param name="Note">What to look at.</param>
/// <param name="Lab">The name of the lab about it.</param>
/// <param name="Loss">The loss of x and y, element by element.</param>
/// <param name="X">The least and the greatest x of the picture.</param>
/// <param name="Y">The least and the greatest y of the picture.</param>
/// <param name="Start">The place from which all start.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Rates">The learning rate of each of <see cref="Racer.All"/>.</param>
/// <param name="Scale">What AdaGrad divides by.</param>
internal sealed record Landscape(
    string Name, string Title, string Formula, string Note, string Lab, Func<Tensor, Tensor, Tensor> Loss, (double Low, double High) X,
    (double Low, double High) Y, (double X, double Y) Start, int Steps, double[] Rates, AdaGradScale Scale = AdaGradScale.RootSum)
{
    public static IReadOnlyList<Landscape> All { get; } =
    [
        new(
            "ravine", "Ravine", "½x² + 20y²",
            "Forty times steeper across than along: the slope across sets the rate, and the way along takes its time.", "momentum",
            (x, y) => 0.5 * x.Square() + 20 * y.Square(), (-3.4, 1.8), (-1, 1), (-3, 0.7), 150, [0.045, 0.01, 0.5, 0.04, 0.12]),
        new(
            "saddle", "Saddle", "½x² − ½y² + ⅛y⁴",
            "On the ridge the slope that leads away is as small as y. Drag the start towards the middle line.", "escape",
            (x, y) => 0.5 * x.Square() - 0.5 * y.Square() + 0.125 * y.Square().Square(), (-2.3, 1.3), (-2, 2), (-2, 0.001), 120,
            [0.1, 0.03, 0.3, 0.03, 0.06]),
        new(
            "minima", "Two minima", "½(x² − 1)² + 0.3x + ½y²",
            "Plain descent stays in the minimum of its side; momentum or noise may carry a point across to the deeper one.",
            "out-of-minima", (x, y) => 0.5 * (x.Square() - 1).Square() + 0.3 * x + 0.5 * y.Square(), (-2, 2.2), (-1.4, 1.4), (1.9, 1), 120,
            [0.05, 0.05, 0.4, 0.03, 0.1]),
        new(
            "valley", "Flat valley", "2y² + 0.05√(1 + x²)",
            "The floor falls by a twentieth: momentum adds up the small gradients, and adaptive steps do not mind their size.", "rmsprop",
            (x, y) => 2 * y.Square() + 0.05 * (x.Square() + 1).Sqrt(), (-8.6, 3), (-1, 1), (-8, 0.7), 200, [0.4, 0.15, 0.5, 0.04, 0.1]),
        new(
            "burst", "AdaGrad’s burst", "½y² + 0.02√(1 + x²)",
            "AdaGrad divides by the root mean square here. Across the valley it is long at rest, its mean shrinks, and all at once it "
                + "bursts.",
            "adagrad-bursts", (x, y) => 0.5 * y.Square() + 0.02 * (x.Square() + 1).Sqrt(), (-158, 30), (-2, 2), (-150, 1), 800,
            [1.5, 0.5, 0.3, 0.15, 0.3], AdaGradScale.RootMean),
    ];

    public static Landscape Of(string name) => All.First(l => l.Name == name);

    /// <summary>Returns the loss at places, one by one.</summary>
    public double[] LossAt(IReadOnlyList<(double X, double Y)> places)
    {
        using var scope = Memory.Scope();
        return Loss(Tensor.From<double>([.. places.Select(p => p.X)]), Tensor.From<double>([.. places.Select(p => p.Y)])).ToArray<double>();
    }

    /// <summary>Returns the loss on a grid, for pictures.</summary>
    public double[,] Surface(double[] x, double[] y)
    {
        using var scope = Memory.Scope();
        return Loss(Tensor.From<double>(x).Reshape(1, -1), Tensor.From<double>(y).Reshape(-1, 1)).ToMatrix<double>();
    }

    /// <summary>Draws the race of all optimizers from above.</summary>
    public Plot Draw()
    {
        double[] x = Fit.Grid(X.Low, X.High, 61), y = Fit.Grid(Y.Low, Y.High, 41);
        var plot = new Plot(Title)
        {
            XLabel = "x", YLabel = "y", Width = 520, Height = 400, XMin = X.Low, XMax = X.High, YMin = Y.Low, YMax = Y.High,
            Legend = LegendPlace.Below,
        }.Contour(x, y, Surface(x, y), levels: 14, filled: false);
        foreach (var (racer, i) in Racer.All.Select((r, i) => (r, i)))
        {
            var path = racer.Path(this, new());
            plot.Line([.. path.Select(p => p.X)], [.. path.Select(p => p.Y)], racer.Name, color: i);
        }
        return plot.Scatter([Start.X], [Start.Y], "start", color: 7);
    }
}
