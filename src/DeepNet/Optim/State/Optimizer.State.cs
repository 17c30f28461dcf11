using System.Globalization;
using DeepNet.Nn;

namespace DeepNet.Optim;

public abstract partial class Optimizer
{
    /// <summary>Gets the names under which the state of each parameter is saved.</summary>
    internal virtual IReadOnlyList<string> StateNames => [];

    /// <summary>Returns the names of what is remembered of a parameter, where that depends on the parameter.</summary>
    internal virtual IReadOnlyList<string> StatesOf(ParameterProgress progress) => StateNames;

    /// <summary>Returns the shape of one of these.</summary>
    internal virtual Shape StateShape(ParameterProgress progress, int state) => progress.Parameter.Shape;

    /// <summary>Returns the part of the mean of gradients in <c>exp_avg</c> that is kept from step to step.</summary>
    internal virtual double MeanDecay(ParameterGroup group) => group.Momentum;

    /// <summary>A copy of all that is remembered, for a checkpoint.</summary>
    public OptimizerState SaveState() => IResumable.Save(this);

    string IResumable.Kind => Name;

    void IResumable.Capture(OptimizerState state)
    {
        for (int g = 0; g < groups.Count; g++)
        {
            var group = groups[g];
            string name = GroupName(g);
            state.Numbers.Add($"{name}/lr", group.LearningRate);
            state.Numbers.Add($"{name}/momentum", group.Momentum);
            state.Numbers.Add($"{name}/weight_decay", group.WeightDecay ?? WeightDecay);
            state.Numbers.Add($"{name}/l1", group.L1 ?? L1);
        }
        foreach (var (name, progress) in NamedProgress())
        {
            state.Numbers.Add($"{name}/step", progress.Step);
            state.Numbers.Add($"{name}/carry", progress.Carry);
            var states = StatesOf(progress);
            for (int i = 0; i < states.Count; i++)
            {
                if (progress[i] is { } tensor) state.Put($"{name}/{states[i]}", tensor);
            }
        }
        Save(state);
    }

    /// <summary>
    /// Goes on from a saved state, bit by bit as if there had been no break. Learning rates and decays are the saved ones.
    /// </summary>
    /// <exception cref="ArgumentException">The state is of another kind of optimizer, or of other parameters; nothing was
    /// changed.</exception>
    public void LoadState(OptimizerState state) => IResumable.Load(this, state);

    Action IResumable.Prepare(StateReader reader)
    {
        int known = reader.Groups(groups.Count);
        var options = new (double Rate, double Momentum, double Decay, double L1)[groups.Count];
        for (int g = 0; g < known; g++)
        {
            string name = GroupName(g);
            options[g] = (reader.NotNegative($"{name}/lr"), reader.Fraction($"{name}/momentum"), reader.NotNegative($"{name}/weight_decay"),
                reader.NotNegative($"{name}/l1"));
        }
        var named = NamedProgress();
        var loaded = new (long Step, double Carry, Tensor?[] States)[named.Count];
        for (int p = 0; p < named.Count; p++)
        {
            var (name, progress) = named[p];
            var states = StatesOf(progress);
            var tensors = new Tensor?[states.Count];
            // A parameter that never had a gradient has no states; one that has some must have all.
            if (states.Any(s => reader.Has($"{name}/{s}")))
            {
                for (int i = 0; i < tensors.Length; i++)
                    tensors[i] = reader.Tensor($"{name}/{states[i]}", progress.Parameter.Value, StateShape(progress, i));
            }
            loaded[p] = (reader.Count($"{name}/step"), reader.Number($"{name}/carry"), tensors);
        }
        var rest = Load(reader);
        return () =>
        {
            TakeOver(options, named, loaded);
            rest?.Invoke();
        };
    }

    private void TakeOver(
        (double Rate, double Momentum, double Decay, double L1)[] options, List<(string, ParameterProgress Progress)> named,
        (long Step, double Carry, Tensor?[] States)[] loaded)
    {
        for (int g = 0; g < groups.Count; g++)
        {
            groups[g].LearningRate = options[g].Rate;
            groups[g].Momentum = options[g].Momentum;
            groups[g].WeightDecay = options[g].Decay;
            groups[g].L1 = options[g].L1;
        }
        for (int p = 0; p < named.Count; p++)
        {
            var progress = named[p].Progress;
            progress.Step = loaded[p].Step;
            progress.Carry = loaded[p].Carry;
            for (int i = 0; i < 3; i++) progress[i] = i < loaded[p].States.Length ? loaded[p].States[i] : null;
        }
    }

    /// <summary>Adds what an optimizer remembers beyond the states of its parameters.</summary>
    internal virtual void Save(OptimizerState state) { }

    /// <summary>Reads that again; the result takes it over, once everything is known to fit.</summary>
    internal virtual Action? Load(StateReader reader) => null;

    /// <summary>Each parameter's progress under its name, or under its index where names are missing or not unique.</summary>
    private protected List<(string Name, ParameterProgress Progress)> NamedProgress()
    {
        var all = groups.SelectMany(g => g.Progress).ToList();
        var names = Names(all.Select(p => p.Parameter));
        return [.. names.Zip(all)];
    }

    internal static List<string> Names(IEnumerable<Parameter> parameters)
    {
        var list = parameters.ToList();
        var uses = list.CountBy(p => p.Name).ToDictionary();
        return [.. list.Select((p, i) => p.Name.Length > 0 && uses[p.Name] == 1 ? p.Name : i.ToString(CultureInfo.InvariantCulture))];
    }

    internal static string GroupName(int index) => string.Create(CultureInfo.InvariantCulture, $"group{index}");
}
