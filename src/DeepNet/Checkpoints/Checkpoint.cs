using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.IO;

/// <summary>
/// A training run as a file: models, optimizers, schedules, averages, random generators, how far it has come, and numbers, texts
/// and tensors of one's own. A run that was killed and goes on from its file ends with the same bits as one that was not.
/// </summary>
/// <remarks>
/// <para><see cref="Generator.Default"/> is always part of it. What is code rather than state is not: build the same objects in the same
/// way, then load.</para>
/// <para>The file is a safetensors file, so any reader of that format can take the weights out: they are called <c>model/fc1.weight</c> and
/// so on.</para>
/// </remarks>
/// <example><code>
/// var checkpoint = new Checkpoint { Model = model, Optimizer = optimizer, Schedule = schedule, Generator = shuffling };
/// if (checkpoint.TryLoad("run.ckpt")) Console.WriteLine($"going on after step {checkpoint.Step}");
/// while (checkpoint.Step &lt; steps)
/// {
///     …
///     checkpoint.Step++;
///     if (checkpoint.Step % 1000 == 0) checkpoint.Save("run.ckpt");
/// }
/// </code></example>
public sealed partial class Checkpoint
{
    private const string ModelSection = "model", OptimizerSection = "optimizer", ScheduleSection = "schedule", AverageSection = "average",
        ScalerSection = "scaler",
        GeneratorSection = "generator", DefaultGenerator = "default", OwnTensors = "tensors";

    private readonly OrderedDictionary<string, Module> models = [];
    private readonly OrderedDictionary<string, IResumable> states = [];
    private readonly OrderedDictionary<string, Generator> generators = new() { [DefaultGenerator] = Generator.Default };

    /// <summary>The model; further ones are added by name.</summary>
    public Module? Model
    {
        get => models.GetValueOrDefault(ModelSection);
        set => Put(models, ModelSection, value);
    }

    /// <summary>The optimizer; further ones are added by name.</summary>
    public Optimizer? Optimizer
    {
        get => (Optimizer?)states.GetValueOrDefault(OptimizerSection);
        set => Put(states, OptimizerSection, value);
    }

    /// <summary>The schedule of the learning rate; further ones are added by name.</summary>
    public Schedule? Schedule
    {
        get => (Schedule?)states.GetValueOrDefault(ScheduleSection);
        set => Put(states, ScheduleSection, value);
    }

    /// <summary>An average of the weights; further ones are added by name.</summary>
    public WeightAverage? Average
    {
        get => (WeightAverage?)states.GetValueOrDefault(AverageSection);
        set => Put(states, AverageSection, value);
    }

    /// <summary>The scaler of the loss, of a run in float16; further ones are added by name.</summary>
    public LossScaler? Scaler
    {
        get => (LossScaler?)states.GetValueOrDefault(ScalerSection);
        set => Put(states, ScalerSection, value);
    }

    /// <summary>A generator besides <see cref="Generator.Default"/>, such as one for shuffling; further ones are added by name.</summary>
    public Generator? Generator
    {
        get => generators.GetValueOrDefault(GeneratorSection);
        set => Put(generators, GeneratorSection, value);
    }

    /// <summary>The epoch: counted by the program, kept here.</summary>
    public long Epoch { get; set; }

    /// <summary>The steps of training so far.</summary>
    public long Step { get; set; }

    /// <summary>Gets or sets the progress of the present epoch, in whatever unit the program goes through it.</summary>
    public long Position { get; set; }

    /// <summary>Numbers of the program's own, such as the best loss so far. Loading replaces them all.</summary>
    public IDictionary<string, double> Numbers { get; } = new OrderedDictionary<string, double>();

    /// <summary>Texts of the program's own, such as the settings of the run. Loading replaces them all.</summary>
    public IDictionary<string, string> Texts { get; } = new OrderedDictionary<string, string>();

    /// <summary>Tensors of the program's own, such as the order of the present epoch. Loading replaces them all.</summary>
    public IDictionary<string, Tensor> Tensors { get; } = new OrderedDictionary<string, Tensor>();

    /// <summary>Gets or sets the limits of what a file may hold that is loaded.</summary>
    public ReadLimits Limits { get; set; } = ReadLimits.Default;

    /// <summary>Adds a further model.</summary>
    /// <returns>This checkpoint.</returns>
    public Checkpoint Add(string name, Module model) => Add(models, ModelSection, name, model);

    /// <summary>Adds a further optimizer.</summary>
    /// <returns>This checkpoint.</returns>
    public Checkpoint Add(string name, Optimizer optimizer) => Add(states, OptimizerSection, name, optimizer);

    /// <summary>Adds a further schedule.</summary>
    /// <returns>This checkpoint.</returns>
    public Checkpoint Add(string name, Schedule schedule) => Add(states, ScheduleSection, name, schedule);

    /// <summary>Adds a further average of weights.</summary>
    /// <returns>This checkpoint.</returns>
    public Checkpoint Add(string name, WeightAverage average) => Add(states, AverageSection, name, average);

    /// <summary>Adds a further scaler of a loss.</summary>
    /// <returns>This checkpoint.</returns>
    public Checkpoint Add(string name, LossScaler scaler) => Add(states, ScalerSection, name, scaler);

    /// <summary>Adds a part under a name of its own.</summary>
    internal Checkpoint AddPart(string section, IResumable part)
    {
        states.Add(section, part);
        return this;
    }

    /// <summary>Adds a further generator.</summary>
    /// <returns>This checkpoint.</returns>
    public Checkpoint Add(string name, Generator generator) => Add(generators, GeneratorSection, name, generator);

    private static void Put<T>(OrderedDictionary<string, T> parts, string section, T? part) where T : class
    {
        if (part is null) parts.Remove(section);
        else parts[section] = part;
    }

    private Checkpoint Add<T>(OrderedDictionary<string, T> parts, string kind, string name, T part)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(part);
        if (name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException(
                $"[checkpoint] the name '{name}' has a slash, which separates names of parts from those inside them.");
        if (!parts.TryAdd($"{kind}:{name}", part)) throw new ArgumentException($"[checkpoint] there is a part {kind}:{name} already.");
        return this;
    }
}
