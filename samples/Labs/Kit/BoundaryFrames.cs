using DeepNet.Training;

namespace DeepNet.Labs.Kit;

/// <summary>Keeps the boundary between two classes as it forms while a network of two inputs is trained.</summary>
internal sealed class BoundaryFrames((Tensor X, Tensor Y) points, (double Low, double High) x, (double Low, double High) y) : Callback
{
    private readonly List<(string, Figure)> frames = [];
    private readonly float[,] places = points.X.ToMatrix();
    private readonly long[] classes = points.Y.ToArray<long>();

    /// <summary>Gets the figures: of every epoch at first, later of fewer.</summary>
    public IEnumerable<(string Label, Figure Figure)> Frames => frames;

    protected override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        // Much happens early: each figure is an eighth later than the one before.
        if (epoch.Epoch < 9 || (int)(8 * Math.Log2(epoch.Epoch)) != (int)(8 * Math.Log2(epoch.Epoch - 1)) && epoch.Epoch % 2 == 0)
            frames.Add(($"epoch {epoch.Epoch}", Draw(trainer.Model)));
    }

    private Plot Draw(Module model)
    {
        using var scope = Memory.Scope();
        double[] across = Fit.Grid(x.Low, x.High, 41), up = Fit.Grid(y.Low, y.High, 31);
        var share = Evaluate.Output(model, Plane.Points(across, up)).Softmax(1)[.., 1];
        var plot = new Plot("Boundary")
        {
            XLabel = "x₁", YLabel = "x₂", ZLabel = "probability", Width = 560, Height = 400, ZMin = 0, ZMax = 1,
            ColorMap = ColorMap.Diverging,
        }
            .HeatMap(across, up, Plane.Fold(share, across, up));
        foreach (var (name, own, color) in new[] { ("first class", 0, 0), ("second class", 1, 4) })
        {
            int[] of = [.. Enumerable.Range(0, classes.Length).Where(i => classes[i] == own)];
            plot.Scatter([.. of.Select(i => (double)places[i, 0])], [.. of.Select(i => (double)places[i, 1])], name, color: color, size: 6);
        }
        return plot;
    }
}
