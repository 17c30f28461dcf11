using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// An optimizer whose step for a tensor depends on the tensor as a whole, and not on each element by itself: it makes a direction of each
/// gradient and goes along it. Clipping, penalties and decay are those of every optimizer.
/// </summary>
public abstract class DirectedOptimizer : Optimizer
{
    private readonly UpdateBatch<Regularized<GradientRule>> gradients = new();
    private readonly UpdateBatch<Regularized<SgdRule>> moves = new();
    private readonly List<Direction> directions = [];

    /// <inheritdoc cref="Optimizer(IEnumerable{ParameterGroup}, OptimizerOptions)"/>
    private protected DirectedOptimizer(IEnumerable<ParameterGroup> groups, OptimizerOptions options) : base(groups, options) { }

    /// <summary>Finds the directions of a step, and how far to go along each.</summary>
    private protected abstract void Direct(IReadOnlyList<Direction> directions);

    /// <summary>Gets a value that is true if decoupled decay is part of the direction.</summary>
    private protected virtual bool DecaysInDirection => false;

    /// <inheritdoc/>
    public override void Step()
    {
        if (Listener.IsOn && Recording.TakesOver(Name, Step)) return;
        foreach (var group in Groups)
        {
            foreach (var progress in group.Progress)
                if (progress.Parameter.PeekRows() is not null) throw NoRows(progress.Parameter, "the step depends on the whole tensor");
        }
        double scale = ClipScale(out _, mayStay: false);
        using var noGrad = GradSwitch.Off();
        using var scope = Memory.Scope();
        try
        {
            Gather(scale);
            if (directions.Count == 0) return;
            Direct(directions);
            foreach (var d in directions)
            {
                var after = d.Group.Regularization(1).After;
                if (DecaysInDirection) after = after with { Keep = 1 };
                moves.Add(new(new SgdRule(d.Length), after), d.Progress.Parameter.Value, d.Along!);
            }
            moves.Run();
        }
        finally
        {
            directions.Clear();
            gradients.Clear();
            moves.Clear();
        }
    }

    /// <summary>Takes the gradients of all parameters that have one, scaled, clipped and with their penalties.</summary>
    private void Gather(double scale)
    {
        foreach (var group in Groups)
        {
            var before = group.Regularization(scale).Before;
            foreach (var progress in group.Progress)
            {
                if (progress.Parameter.PeekGrad() is not { } given) continue;
                progress.Step++;
                var value = progress.Parameter.Value;
                if (value.Count == 0) continue;
                var gradient = given.Detach().To(value.DType);
                if (!before.IsNone)
                {
                    var made = Tensor.Allocate(value.Shape, value.DType, value.Device);
                    gradients.Add(new(default, before), value, gradient, made);
                    gradient = made;
                }
                directions.Add(new Direction(group, progress, gradient));
            }
        }
        if (!gradients.IsEmpty) gradients.Run();
    }
}

/// <summary>One parameter in one step.</summary>
/// <param name="group">The options.</param>
/// <param name="progress">The parameter, with the number of the step.</param>
/// <param name="gradient">Its gradient, of its element type.</param>
internal sealed class Direction(ParameterGroup group, ParameterProgress progress, Tensor gradient)
{
    public ParameterGroup Group { get; } = group;
    public ParameterProgress Progress { get; } = progress;
    public Tensor Gradient { get; } = gradient;

    /// <summary>Gets or sets what the parameter is moved against, and how far.</summary>
    public Tensor? Along { get; set; }
    public double Length { get; set; }

    public static double Norm(Tensor x)
    {
        if (!x.IsContiguous) x = x.CopyDense();
        return Math.Sqrt(x.Kernels.Measure<DotProduct>([x], [x]));
    }
}
