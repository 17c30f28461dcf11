using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// Changes parameters so that a loss falls: <see cref="ZeroGrad"/>, a backward pass, <see cref="Step()"/>. Parameters without a
/// gradient, frozen ones among them, are left alone.
/// </summary>
public abstract partial class Optimizer : IResumable
{
    private readonly Settings settings;     // an optimizer around another one has the other's
    private readonly List<ParameterGroup> groups;
    private readonly NormPass norms = new();

    /// <summary>Takes over the parameters.</summary>
    /// <param name="groups">The groups; there must be a parameter, and none may be there twice.</param>
    /// <param name="learningRate">The learning rate of groups that have none of their own.</param>
    /// <param name="momentum">The momentum of groups that have none of their own.</param>
    protected Optimizer(IEnumerable<ParameterGroup> groups, double learningRate, double momentum = 0)
    {
        ArgumentNullException.ThrowIfNull(groups);
        settings = new(Check.NotNegative("learning rate", learningRate), Check.Fraction(nameof(momentum), momentum));
        this.groups = settings.Groups;
        bool isEmpty = true;
        foreach (var group in groups)
        {
            AddGroup(group);
            isEmpty &= group.Parameters.Count == 0;
        }
        if (isEmpty)
            throw new ArgumentException(
                $"[{Name}] there is no parameter to optimize. Does the model keep its parameters and layers in fields?");
    }

    /// <summary>Takes over the parameters, with an optimizer's settings.</summary>
    private protected Optimizer(IEnumerable<ParameterGroup> groups, OptimizerOptions options)
        : this(groups, (options ?? throw new ArgumentNullException(nameof(options))).LearningRate, options.GroupMomentum)
        => WeightDecay = options.WeightDecay;

    /// <summary>Goes around another optimizer: groups and settings are the same ones, seen from both.</summary>
    private protected Optimizer(Optimizer inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        settings = inner.settings;
        groups = settings.Groups;
    }

    private protected static IEnumerable<ParameterGroup> One(IEnumerable<Parameter> parameters) => [new ParameterGroup(parameters)];

    /// <summary>The optimizer's name in messages and saved states.</summary>
    public abstract string Name { get; }

    /// <summary>The groups, in order.</summary>
    public IReadOnlyList<ParameterGroup> Groups => groups;

    /// <summary>The learning rate of the first group; setting it sets it for all.</summary>
    public double LearningRate
    {
        get => groups[0].LearningRate;
        set
        {
            foreach (var group in groups) group.LearningRate = value;
        }
    }

    /// <summary>λ of the penalty ½λ‖p‖², for groups that do not say otherwise.</summary>
    public double WeightDecay
    {
        get => settings.WeightDecay;
        set => settings.WeightDecay = Check.NotNegative("weight decay", value);
    }

    /// <summary>True to shrink the parameters by lr·λ apart from the gradient (as AdamW does), false to add λp to the gradient.</summary>
    public bool DecoupledDecay
    {
        get => settings.DecoupledDecay;
        set => settings.DecoupledDecay = value;
    }

    /// <summary>The weight of the penalty ‖p‖₁, for groups that do not say otherwise.</summary>
    public double L1
    {
        get => settings.L1;
        set => settings.L1 = Check.NotNegative("l1", value);
    }

    /// <summary>
    /// True for the proximal step of the L1 penalty (after the update, by lr·λ₁ towards zero), which makes exact zeros; false to add its
    /// subgradient λ₁·sign(p) to the gradient.
    /// </summary>
    public bool ProximalL1
    {
        get => settings.ProximalL1;
        set => settings.ProximalL1 = value;
    }

    /// <summary>True to climb instead of descending.</summary>
    public bool Maximize
    {
        get => settings.Maximize;
        set => settings.Maximize = value;
    }

    /// <summary>
    /// Clips in the same pass: before each step, all gradients together are scaled down to this 2-norm where theirs is larger.
    /// The gradients themselves stay as they are. A norm that is not finite is an error, and no parameter is changed.
    /// </summary>
    public double? ClipNorm
    {
        get => settings.ClipNorm;
        set => settings.ClipNorm = value is { } most ? Check.Positive("clip norm", most) : null;
    }

    /// <summary>
    /// Clips in the same pass: no element of a gradient counts for more than this. The gradients themselves stay as they are.
    /// </summary>
    public double? ClipValue
    {
        get => settings.ClipValue;
        set => settings.ClipValue = value is { } most ? Check.Positive("clip value", most) : null;
    }

    /// <summary>The 2-norm of all gradients in the last step, before clipping; NaN unless <see cref="ClipNorm"/> is set.</summary>
    /// <remarks>On a GPU the step does not wait for it; reading it does.</remarks>
    public double LastGradientNorm
    {
        get
        {
            if (settings.NormToCome is not { } norm) return settings.LastNorm;
            settings.NormToCome = null;
            return settings.LastNorm = norm.Item<double>();
        }
    }

    /// <summary>Adds a group, as when layers thaw in mid-training.</summary>
    public void AddGroup(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (group.Owner is not null)
            throw new ArgumentException(
                $"[{Name}] the group belongs to {(ReferenceEquals(group.Owner, this) ? "this optimizer already" : "another optimizer")}. "
                    + "Make a new ParameterGroup of its parameters.");
        var known = new HashSet<Tensor>(groups.SelectMany(g => g.Parameters).Select(p => p.Value), ReferenceEqualityComparer.Instance);
        foreach (var parameter in group.Parameters)
        {
            if (!known.Add(parameter.Value))
                throw new ArgumentException(
                    $"[{Name}] {parameter} is there twice: it would be updated twice a step. List each parameter in one group, once.");
        }
        group.Join(this, settings.Rate, settings.Momentum);
        groups.Add(group);
    }

    /// <summary>Forgets all gradients, keeping their buffers.</summary>
    public void ZeroGrad()
    {
        foreach (var group in groups)
        {
            foreach (var progress in group.Progress) progress.Parameter.ZeroGrad();
        }
    }

    /// <summary>Returns the factor that <see cref="ClipNorm"/> leaves of the gradients; 1 without it.</summary>
    /// <param name="toCome">The factor where it stays on the device and nobody waits for it.</param>
    /// <param name="mayStay">False if the factor is needed now.</param>
    private protected double ClipScale(out Tensor? toCome, bool mayStay)
    {
        toCome = null;
        if (ClipNorm is not { } most) return 1;
        foreach (var group in groups)
        {
            foreach (var progress in group.Progress) norms.Add(progress.Parameter);
        }
        try
        {
            // Elements are clipped before they are scaled, which a factor that the device keeps cannot do.
            if (mayStay && ClipValue is null && norms.TryClipLater(most, out var norm, out toCome))
            {
                settings.NormToCome = norm;
                return 1;
            }
            (settings.LastNorm, settings.NormToCome) = (norms.Norm(), null);
            return double.IsFinite(settings.LastNorm) ? NormPass.Scale(settings.LastNorm, most) : throw norms.NotFinite(settings.LastNorm);
        }
        finally
        {
            norms.Clear();
        }
    }

    /// <summary>
    /// Gets a value that is true if a step may compare losses at several points: then one of them need not be finite.
    /// </summary>
    internal virtual bool IsSearch => false;

    /// <summary>
    /// Puts the weights that are meant to be used into the parameters; returns true if these are others than the trained ones.
    /// </summary>
    internal virtual bool BeginEvaluation() => false;

    /// <summary>Undoes <see cref="BeginEvaluation"/>, bit for bit.</summary>
    internal virtual void EndEvaluation() { }

    /// <summary>The error for a sparse gradient that the optimizer cannot take.</summary>
    private protected InvalidOperationException NoRows(Parameter parameter, string why) => new(
        $"[{Name}] {parameter} has a sparse gradient, and {why}. "
        + "SGD without momentum (a ParameterGroup may have its own), AdaGrad and SparseAdam take it; "
        + "or make the embedding without sparse: true.");

    /// <summary>Changes the parameters by their gradients.</summary>
    public abstract void Step();

    /// <summary>Computes the loss and the gradients by the given function, then takes a step; returns the loss.</summary>
    public virtual Tensor Step(Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        Tensor loss;
        using (GradSwitch.On()) loss = closure();
        Step();
        return loss;
    }

    private sealed class Settings(double rate, double momentum)
    {
        public readonly List<ParameterGroup> Groups = [];
        public readonly double Rate = rate, Momentum = momentum;
        public double WeightDecay, L1, LastNorm = double.NaN;
        public double? ClipNorm, ClipValue;
        public bool DecoupledDecay, ProximalL1, Maximize;
        public Tensor? NormToCome;
    }
}
