using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="Lbfgs"/>.</summary>
public sealed record LbfgsOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public LbfgsOptions() : base(1) { }

    /// <summary>Gets the most iterations a step.</summary>
    public int MaxIterations { get; init; } = 20;

    /// <summary>Gets the most calls of the closure a step; 1.25 times the iterations if null.</summary>
    public int? MaxEvaluations { get; init; }

    /// <summary>Gets the largest element of a gradient at which a step ends.</summary>
    public double GradientTolerance { get; init; } = 1e-7;

    /// <summary>Gets the change of the loss and of all parameters below which a step ends.</summary>
    public double ChangeTolerance { get; init; } = 1e-9;

    /// <summary>
    /// Gets the number of pairs of changes that the curvature is estimated from; each costs twice the parameters in memory.
    /// </summary>
    public int History { get; init; } = 100;

    /// <summary>Gets a value that is true if a step length is searched for that satisfies the strong Wolfe conditions.</summary>
    public bool LineSearch { get; init; } = true;
}

/// <summary>
/// L-BFGS: a quasi-Newton method for losses without noise (full batches, fits, small problems). Each step runs up to
/// <see cref="LbfgsOptions.MaxIterations"/> iterations and calls the closure several times for each.
/// </summary>
/// <remarks>
/// One group of parameters on one device. <see cref="Optimizer.WeightDecay"/> (coupled), <see cref="Optimizer.L1"/> (subgradient) and
/// <see cref="Optimizer.Maximize"/> change the function that is minimised; decoupled decay, the proximal step and clipping have
/// no meaning in a line search and are errors.
/// </remarks>
public sealed partial class Lbfgs : Optimizer
{
    private readonly int maxIterations, maxEvaluations, history;
    private readonly double gradientTolerance, changeTolerance;
    private readonly bool lineSearch;

    // What goes over from iteration to iteration.
    private readonly List<(TensorList Change, TensorList GradientChange, double Inverse)> pairs = [];
    private TensorList? direction, previousGradient;
    private double length, scale = 1;
    private long iterations, evaluations;

    /// <summary>Initializes an optimizer of parameters that are all updated alike.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">The step length, or the first one that the line search tries.</param>
    public Lbfgs(IEnumerable<Parameter> parameters, double learningRate = 1)
        : this(parameters, new LbfgsOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public Lbfgs(IEnumerable<Parameter> parameters, LbfgsOptions options) : this(One(parameters), options) { }

    /// <summary>Initializes an optimizer of one group of parameters.</summary>
    /// <param name="groups">The group.</param>
    /// <param name="options">The settings.</param>
    public Lbfgs(IEnumerable<ParameterGroup> groups, LbfgsOptions options) : base(groups, options)
    {
        if (Groups.Count != 1)
            throw new ArgumentException($"[lbfgs] all parameters are one vector here, so there can be one group only, not {Groups.Count}.");
        maxIterations = (int)Check.Steps(nameof(options.MaxIterations), options.MaxIterations);
        maxEvaluations = (int)Check.Steps(
            nameof(options.MaxEvaluations), options.MaxEvaluations ?? Math.Max(1, maxIterations * 5 / 4));
        history = (int)Check.Steps(nameof(options.History), options.History);
        gradientTolerance = Check.NotNegative(nameof(options.GradientTolerance), options.GradientTolerance);
        changeTolerance = Check.NotNegative(nameof(options.ChangeTolerance), options.ChangeTolerance);
        lineSearch = options.LineSearch;
    }

    /// <inheritdoc/>
    public override string Name => "lbfgs";

    internal override bool IsSearch => true;

    /// <summary>Gets the number of iterations of all steps together.</summary>
    public long Iterations => iterations;

    /// <summary>Gets the number of calls of the closure.</summary>
    public long Evaluations => evaluations;

    /// <summary>Not possible: the method evaluates the loss at several points.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void Step()
        => throw new InvalidOperationException(
            "[lbfgs] a step evaluates the loss several times. Call Step(() => { optimizer.ZeroGrad(); var loss = …; loss.Backward(); "
                + "return loss; }).");

    /// <summary>Runs the iterations of a step.</summary>
    /// <param name="closure">Zeroes the gradients, computes the loss, runs its backward pass and returns it.</param>
    /// <returns>The loss before the step, as the closure gave it.</returns>
    public override Tensor Step(Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        RequireSuitableOptions();
        var first = Evaluate(closure, out double loss, out var gradient);
        int calls = 1;
        if (gradient.Largest() <= gradientTolerance) return first;

        for (int i = 1; ; i++)
        {
            iterations++;
            Direct(gradient);
            previousGradient = gradient.Clone();
            double before = loss, slope = gradient.Dot(direction!);
            length = iterations == 1 ? Math.Min(1, 1 / gradient.SumOfMagnitudes()) * LearningRate : LearningRate;
            if (slope > -changeTolerance) break; // no longer downhill, as far as can be told

            if (lineSearch)
            {
                var search = new LineSearch(this, closure, loss, gradient, slope);
                (length, loss, gradient) = search.Run(length);
                calls += search.Calls;
                Move(length);
            }
            else
            {
                Move(length);
                if (i == maxIterations) break; // what the gradient is there, the next step finds out
                Evaluate(closure, out loss, out gradient);
                calls++;
            }
            if (i == maxIterations || calls >= maxEvaluations) break;
            if (gradient.Largest() <= gradientTolerance) break;
            if (Math.Abs(length) * direction!.Largest() <= changeTolerance || Math.Abs(loss - before) < changeTolerance) break;
        }
        return first;
    }

    /// <summary>
    /// The direction −H·g, where H is the inverse curvature that the remembered changes tell of (the two-loop recursion).
    /// </summary>
    private void Direct(TensorList gradient)
    {
        if (iterations == 1)
        {
            direction = gradient.Clone().Scale(-1);
            return;
        }
        Remember(gradient);
        var d = gradient.Clone().Scale(-1);
        Span<double> along = pairs.Count <= 256 ? stackalloc double[pairs.Count] : new double[pairs.Count];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            along[i] = pairs[i].Change.Dot(d) * pairs[i].Inverse;
            d.Add(-along[i], pairs[i].GradientChange);
        }
        d.Scale(scale);
        for (int i = 0; i < pairs.Count; i++)
        {
            double back = pairs[i].GradientChange.Dot(d) * pairs[i].Inverse;
            d.Add(along[i] - back, pairs[i].Change);
        }
        direction = d;
    }

    /// <summary>Notes how the gradient changed along the last step, if the curvature there is positive.</summary>
    private void Remember(TensorList gradient)
    {
        var y = gradient.Clone().Add(-1, previousGradient!);
        var s = direction!.Clone().Scale(length);
        double curvature = y.Dot(s);
        if (curvature <= 1e-10) return;
        if (pairs.Count == history) pairs.RemoveAt(0);
        pairs.Add((s, y, 1 / curvature));
        scale = curvature / y.Dot(y);
    }

    /// <summary>The loss and a copy of its gradient, penalties included, where the parameters are.</summary>
    private Tensor Evaluate(Func<Tensor> closure, out double loss, out TensorList gradient)
    {
        Tensor result;
        using (GradSwitch.On()) result = closure();
        evaluations++;
        var parameters = Groups[0].Parameters;
        foreach (var parameter in parameters)
            if (parameter.PeekRows() is not null) throw NoRows(parameter, "the parameters are one vector here");
        gradient = TensorList.CopyOf(parameters.Select(p => p.PeekGrad() ?? Tensor.Zeros(p.Shape, p.Value.DType, p.Value.Device)));
        loss = (double)result;

        var options = Groups[0].Regularization(1);
        if (options.IsNone) return result;
        loss *= options.Scale;
        var batch = new UpdateBatch<Regularized<GradientRule>>();
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].PeekGrad() is null) continue; // frozen, or not used: it stays where it is
            var p = TensorList.CopyOf([parameters[i].Value]);
            loss += options.L2 / 2 * p.Dot(p) + options.L1 * p.SumOfMagnitudes();
            batch.Add(new(default, options), p.Tensors[0], gradient.Tensors[i], gradient.Tensors[i]);
        }
        batch.Run();
        return result;
    }

    private void Move(double by)
    {
        var values = new Tensor[Groups[0].Parameters.Count];
        for (int i = 0; i < values.Length; i++) values[i] = Groups[0].Parameters[i].Value;
        TensorList.Add(values, by, direction!);
    }

    private void RequireSuitableOptions()
    {
        var options = Groups[0].Regularization(1);
        if (options.Keep != 1 || options.Threshold != 0 || ClipNorm is not null || ClipValue is not null)
            throw new InvalidOperationException(
                "[lbfgs] decoupled decay, the proximal step and clipping have no meaning in a line search. Use the coupled WeightDecay and "
                    + "L1, which are part of the loss.");
        var device = Groups[0].Parameters[0].Value.Device;
        foreach (var parameter in Groups[0].Parameters)
        {
            if (!ReferenceEquals(parameter.Value.Device, device))
                throw new InvalidOperationException(
                    $"[lbfgs] the parameters are one vector and must be on one device; {parameter} is on {parameter.Value.Device}, the "
                        + $"first one on {device}.");
        }
    }

    internal override void Save(OptimizerState state)
    {
        state.Numbers.Add("iterations", iterations);
        state.Numbers.Add("evaluations", evaluations);
        state.Numbers.Add("length", length);
        state.Numbers.Add("scale", scale);
        state.Numbers.Add("pairs", pairs.Count);
        Put("direction", direction);
        Put("previous_gradient", previousGradient);
        for (int i = 0; i < pairs.Count; i++)
        {
            state.Numbers.Add($"inverse{i}", pairs[i].Inverse);
            Put($"change{i}", pairs[i].Change);
            Put($"gradient_change{i}", pairs[i].GradientChange);
        }

        void Put(string name, TensorList? list)
        {
            if (list is null) return;
            var named = NamedProgress();
            for (int i = 0; i < named.Count; i++) state.Put($"{named[i].Name}/{name}", list.Tensors[i]);
        }
    }

    internal override Action Load(StateReader reader)
    {
        long newIterations = reader.Count("iterations"), newEvaluations = reader.Count("evaluations"), count = reader.Count("pairs");
        double newLength = reader.Number("length"), newScale = reader.Number("scale");
        var newDirection = newIterations > 0 ? Read("direction") : null;
        var newGradient = newIterations > 0 ? Read("previous_gradient") : null;
        var newPairs = new List<(TensorList, TensorList, double)>();
        for (int i = 0; i < Math.Min(count, history); i++)
            newPairs.Add((Read($"change{i}"), Read($"gradient_change{i}"), reader.Number($"inverse{i}")));
        return () =>
        {
            (iterations, evaluations, length, scale, direction, previousGradient) = (newIterations, newEvaluations, newLength, newScale,
                newDirection, newGradient);
            pairs.Clear();
            pairs.AddRange(newPairs);
        };

        // What is missing is noted by the reader, which then throws before anything is used.
        TensorList Read(string name)
            => new([.. NamedProgress().Select(p => reader.Tensor($"{p.Name}/{name}", p.Progress.Parameter.Value)!)]);
    }
}
