using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// A mean of parameters along their way, which often does better than where they end. Call <see cref="Update"/> after each step
/// (or epoch), and <see cref="Swap"/> to evaluate with it.
/// </summary>
/// <remarks>Running statistics, as of batch normalisation, belong to the parameters as they are; gather them anew for the mean.</remarks>
public abstract class WeightAverage : IResumable
{
    private readonly Parameter[] parameters;
    private readonly Tensor[] means;
    private readonly UpdateBatch<ApproachRule> approach = new();
    private readonly UpdateBatch<SwapRule> exchange = new();

    private protected WeightAverage(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = [.. parameters];
        means = [.. this.parameters.Select(p => Memory.Keep(p.Value.CopyDense()))];
    }

    /// <summary>Gets the number of updates of the mean.</summary>
    public long Updates { get; private set; }

    /// <summary>True between <see cref="Swap"/> and <see cref="Restore"/>.</summary>
    public bool IsSwapped { get; private set; }

    private protected abstract string Kind { get; }

    /// <summary>Returns the part of the way that the mean moves towards the parameters at the given update, counted from 0.</summary>
    private protected abstract double Weight(long update);

    /// <summary>Takes the parameters as they are now into the mean.</summary>
    public void Update()
    {
        if (Listener.IsOn && Recording.TakesOver(Kind, Update)) return;
        Require(swapped: false, "update");
        double share = Weight(Updates++);
        for (int i = 0; i < parameters.Length; i++) approach.Add(new ApproachRule(share), Mean(i), parameters[i].Value);
        approach.Run();
    }

    /// <summary>Puts the mean into the parameters, and keeps what they were.</summary>
    public void Swap()
    {
        Require(swapped: false, "swap");
        Exchange();
    }

    /// <summary>Puts the parameters back as they were before <see cref="Swap"/>.</summary>
    public void Restore()
    {
        Require(swapped: true, "restore");
        Exchange();
    }

    private void Exchange()
    {
        for (int i = 0; i < parameters.Length; i++) exchange.Add(default, parameters[i].Value, parameters[i].Value, Mean(i));
        exchange.Run();
        IsSwapped = !IsSwapped;
    }

    /// <summary>A mean, which follows a parameter that moved to another device or element type.</summary>
    private Tensor Mean(int i)
    {
        var value = parameters[i].Value;
        if (means[i].DType != value.DType || !ReferenceEquals(means[i].Device, value.Device))
            means[i] = Memory.Keep(means[i].To(value.DType).To(value.Device));
        return means[i];
    }

    /// <summary>A copy of the mean and its count, for a checkpoint.</summary>
    public OptimizerState SaveState() => IResumable.Save(this);

    string IResumable.Kind => Kind;

    void IResumable.Capture(OptimizerState state)
    {
        Require(swapped: false, "save_state");
        state.Numbers.Add("updates", Updates);
        var names = Optimizer.Names(parameters);
        for (int i = 0; i < means.Length; i++) state.Put($"{names[i]}/mean", means[i]);
    }

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state is of another kind of mean, or of other parameters; nothing was changed.</exception>
    public void LoadState(OptimizerState state) => IResumable.Load(this, state);

    Action IResumable.Prepare(StateReader reader)
    {
        Require(swapped: false, "load_state");
        long updates = reader.Count("updates");
        var names = Optimizer.Names(parameters);
        var loaded = new Tensor?[means.Length];
        for (int i = 0; i < loaded.Length; i++) loaded[i] = reader.Tensor($"{names[i]}/mean", parameters[i].Value);
        return () =>
        {
            Updates = updates;
            for (int i = 0; i < loaded.Length; i++) means[i] = loaded[i]!;
        };
    }

    private void Require(bool swapped, string op)
    {
        if (IsSwapped == swapped) return;
        throw new InvalidOperationException(IsSwapped
            ? $"[{op}] the mean is in the parameters at the moment. Call Restore() first."
            : $"[{op}] the parameters are their own already: Restore() undoes a Swap().");
    }
}
