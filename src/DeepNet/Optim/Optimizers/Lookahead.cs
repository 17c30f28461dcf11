using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// Lookahead (Zhang et al. 2019): another optimizer takes a number of steps, then slow weights go a part of the way to where it is, and it
/// goes on from them.
/// </summary>
/// <example><code>
/// var optimizer = new Lookahead(new Adam(model.Parameters(), 1e-3));
/// </code></example>
public sealed class Lookahead : WrappedOptimizer
{
    private readonly long every;
    private readonly double share;
    private readonly Dictionary<Parameter, Tensor> slow = [];
    private readonly UpdateBatch<ApproachRule> approach = new();
    private readonly UpdateBatch<CombineRule> copy = new();
    private long steps;

    /// <summary>Goes around an optimizer.</summary>
    /// <param name="inner">The optimizer that takes the steps.</param>
    /// <param name="steps">The number of its steps between two of the slow weights.</param>
    /// <param name="share">The part of the way that these go.</param>
    public Lookahead(Optimizer inner, int steps = 5, double share = 0.5) : base(inner)
    {
        every = Check.Steps(nameof(steps), steps);
        this.share = Check.Positive(nameof(share), share);
    }

    /// <inheritdoc/>
    public override string Name => $"lookahead {Inner.Name}";

    /// <inheritdoc/>
    public override void Step()
    {
        if (Listener.IsOn && Recording.TakesOver(Name, Step)) return;
        Remember();
        Inner.Step();
        LookBack();
    }

    /// <inheritdoc/>
    public override Tensor Step(Func<Tensor> closure)
    {
        Remember();
        var loss = Inner.Step(closure);
        LookBack();
        return loss;
    }

    /// <summary>Starts the slow weights of parameters that have none; they follow a parameter that moved elsewhere.</summary>
    private void Remember()
    {
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters)
            {
                var value = parameter.Value;
                if (!slow.TryGetValue(parameter, out var own)) slow[parameter] = Memory.Keep(value.CopyDense());
                else if (own.DType != value.DType || !ReferenceEquals(own.Device, value.Device))
                    slow[parameter] = Memory.Keep(own.To(value.DType).To(value.Device));
            }
        }
    }

    private void LookBack()
    {
        if (++steps % every != 0) return;
        foreach (var (parameter, own) in slow) approach.Add(new ApproachRule(share), own, parameter.Value);
        approach.Run();
        foreach (var (parameter, own) in slow) copy.Add(new CombineRule(0, 1), parameter.Value, own);
        copy.Run();
    }

    internal override void Save(OptimizerState state)
    {
        base.Save(state);
        state.Numbers.Add("lookahead_steps", steps);
        foreach (var (name, progress) in NamedProgress())
            if (slow.TryGetValue(progress.Parameter, out var own)) state.Put($"{name}/slow", own);
    }

    internal override Action Load(StateReader reader)
    {
        var inner = base.Load(reader);
        long newSteps = reader.Count("lookahead_steps");
        var loaded = new List<(Parameter Parameter, Tensor? Slow)>();
        foreach (var (name, progress) in NamedProgress())
            if (reader.Has($"{name}/slow")) loaded.Add((progress.Parameter, reader.Tensor($"{name}/slow", progress.Parameter.Value)));
        return () =>
        {
            inner?.Invoke();
            steps = newSteps;
            slow.Clear();
            foreach (var (parameter, own) in loaded) slow[parameter] = own!;
        };
    }
}
