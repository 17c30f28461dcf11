using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Running;

namespace DeepNet.Training;

/// <summary>
/// Trains a model: epochs over batches with validation, metrics, schedules, clipping, accumulation, checkpoints and progress, and an end at
/// any time from which the run can go on as if it had never stopped.
/// </summary>
/// <example><code>
/// var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-3), Loss.CrossEntropy)
/// {
///     Metrics = [new Accuracy()],
///     Callbacks = [new EarlyStopping(patience: 3), new Checkpoints("runs/mnist")],
/// };
/// var history = trainer.Fit(train, validation, epochs: 20);
/// Console.WriteLine(trainer.Evaluate(test));
/// </code></example>
/// <remarks>
/// A step that is more than <c>loss(model(x), y)</c> – several inputs, several models, a penalty – is a function of a batch, given to the
/// constructor, or an override of <see cref="Compute"/>. Batches that are not a pair of tensors are for a <see cref="Trainer{TBatch}"/>.
/// </remarks>
public partial class Trainer
{
    private readonly Func<Tensor, Tensor, Tensor>? loss;
    private readonly Func<Batch, StepOutput>? compute;
    private FitRun? run;
    private IReadOnlyList<Callback>? others;

    /// <summary>A trainer for models of one input.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">The optimizer of its parameters.</param>
    /// <param name="loss">The loss of an output and a target, such as <c>Loss.CrossEntropy</c>: a single number, the mean over the
    /// batch.</param>
    public Trainer(Module model, Optimizer optimizer, Func<Tensor, Tensor, Tensor> loss) : this(model, optimizer)
    {
        ArgumentNullException.ThrowIfNull(loss);
        this.loss = loss;
    }

    /// <summary>A trainer for anything else.</summary>
    /// <param name="model">The model whose parameters are saved; several models can be fields of one.</param>
    /// <param name="optimizer">The optimizer of its parameters.</param>
    /// <param name="compute">The whole way from a batch to its loss.</param>
    /// <example><code>
    /// var trainer = new Trainer(model, optimizer, batch =>
    /// {
    ///     var (mean, logVariance, image) = model.Forward(batch.X, noise: true);
    ///     return new StepOutput(Loss.Mse(image, batch.X) + 0.1 * Penalty(mean, logVariance), image, batch.X);
    /// });
    /// </code></example>
    public Trainer(Module model, Optimizer optimizer, Func<Batch, StepOutput> compute) : this(model, optimizer)
    {
        ArgumentNullException.ThrowIfNull(compute);
        this.compute = compute;
    }

    /// <summary>For a trainer that overrides <see cref="Compute"/>.</summary>
    protected Trainer(Module model, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        (Model, Optimizer) = (model, optimizer);
        Parameters = [.. optimizer.Groups.SelectMany(g => g.Parameters)];
        var own = new HashSet<Parameter>(model.Parameters(), ReferenceEqualityComparer.Instance);
        if (!Parameters.Any(own.Contains))
            throw new ArgumentException(
                "[trainer] the optimizer has none of the model's parameters. Make it from model.Parameters(), of this very model.");
    }

    /// <summary>The model.</summary>
    public Module Model { get; }

    /// <summary>Gets the optimizer of its parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Gets the metrics that are computed besides the loss, in training and in evaluation.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>False to measure metrics on the validation part only, which saves their time in training.</summary>
    public bool MeasureTraining { get; init; } = true;

    /// <summary>Gets the callbacks that observe the run.</summary>
    public IReadOnlyList<Callback> Callbacks
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twins)
                throw new ArgumentException(
                    $"[trainer] two callbacks are called '{twins.Key}', under which their state is saved. Override Name in one of them.");
            field = [.. value.OrderBy(c => c.Order)];
        }
    } = [];

    /// <summary>
    /// The seed that <see cref="Generator.Default"/> starts from in a new run, for dropout and the like; null leaves it as it is.
    /// </summary>
    /// <remarks>Weights are drawn when a model is made, and batches by their loader: those have seeds of their own.</remarks>
    public ulong? Seed { get; init; }

    /// <summary>
    /// Generators besides <see cref="Generator.Default"/> that must go on where they were when the run is resumed, by name.
    /// </summary>
    public IReadOnlyDictionary<string, Generator> Generators { get; init; } = new Dictionary<string, Generator>();

    /// <summary>Gets the number of batches that make a step: their gradients are averaged as if they were one large batch.</summary>
    public int Accumulate
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 1;

    /// <summary>
    /// Moves the learning rate. One of a measure (<see cref="ReduceOnPlateau"/>) goes by <see cref="ScheduleMonitor"/>, once an epoch.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Gets the unit that the schedule counts.</summary>
    public ScheduleUnit ScheduleUnit { get; init; }

    /// <summary>
    /// The figure that a schedule of a measure goes by; the validation loss, or the loss where there is no validation, if null.
    /// </summary>
    public string? ScheduleMonitor { get; init; }

    /// <summary>
    /// The element types of the run: float32 throughout, or products in a 16-bit type, in training and in evaluation; see
    /// <see cref="Autocast"/>. The weights stay float32. A run is resumed in the precision that it was saved in.
    /// </summary>
    public TrainingPrecision Precision
    {
        get;
        init
        {
            if (!Enum.IsDefined(value)) throw new ArgumentOutOfRangeException(nameof(value), $"[trainer] {value} is no precision.");
            if (value == TrainingPrecision.MixedFloat16 && Optimizer.IsSearch)
                throw new ArgumentException(
                    "[trainer] L-BFGS compares losses within a step, and float16 leaves out steps whose gradients overflow: the two do not "
                        + "go together. Use TrainingPrecision.MixedBFloat16.");
            field = value;
            if (value == TrainingPrecision.MixedFloat16) Scaler ??= new LossScaler();
        }
    }

    /// <summary>
    /// Gets the scaler of the loss of a run in <see cref="TrainingPrecision.MixedFloat16"/>; null in the others. Give one to begin with
    /// another factor.
    /// </summary>
    public LossScaler? Scaler { get; init; }

    /// <summary>
    /// A mean of the weights, taken after every step; evaluation within <see cref="Fit"/> uses it. See <see cref="WeightAverage.Swap"/> for
    /// afterwards.
    /// </summary>
    public WeightAverage? Average { get; init; }

    /// <summary>After how many epochs the validation part is looked at; the last one always is.</summary>
    public int ValidateEvery
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 1;

    /// <summary>
    /// Gets a value that is true if the gradients of each step are checked for NaN and infinities before it is taken. A loss that is not
    /// finite always ends the run; this finds the first bad gradient too, before it spoils the weights, for one pass over the gradients.
    /// </summary>
    public bool CheckGradients { get; init; } = true;

    /// <summary>
    /// How steps are shared among processes, all of which run the same program: a <c>DataParallel</c> of the package DeepNet.Distributed.
    /// Null if this process computes everything itself.
    /// </summary>
    /// <remarks>
    /// Batches, losses and figures are then those of all processes together; progress is shown by the first, and files are written by it.
    /// </remarks>
    public Strategy? Strategy { get; init; }

    /// <summary>
    /// Gets a value that is true in the process that shows progress and writes files: the only one, or the first of several.
    /// </summary>
    public bool IsMain => Strategy is null or { Rank: 0 };

    /// <summary>Gets the callbacks that observe the run in this process.</summary>
    internal IReadOnlyList<Callback> Active => IsMain ? Callbacks : others ??= [.. Callbacks.Where(c => !c.IsForMain)];

    /// <summary>Specifies how progress is shown.</summary>
    public ProgressStyle Progress { get; init; }

    /// <summary>Gets the writer that progress is shown on; the console if null.</summary>
    public TextWriter? ProgressOutput { get; init; }

    /// <summary>
    /// Gets a value that is true if Ctrl-C and a termination signal end <see cref="Fit"/> after the present step, with a checkpoint if
    /// there is a <see cref="Checkpoints"/>; a second one ends the process as always.
    /// </summary>
    public bool HandleSignals { get; init; } = true;

    /// <summary>Gets the parameters that the optimizer changes.</summary>
    internal IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Gets the progress of the run.</summary>
    internal RunState State { get; } = new();

    /// <summary>Gets the run that goes on at the moment.</summary>
    internal FitRun? Running => run;

    /// <summary>Gets the number of steps that the optimizer has taken.</summary>
    public long Step => State.Step;

    /// <summary>Gets the number of finished epochs.</summary>
    public int Epoch => State.Epoch;

    /// <summary>The figures so far.</summary>
    public History History => State.History;

    /// <summary>The epoch that the present run is to reach; 0 outside of <see cref="Fit"/>.</summary>
    public int Epochs => run?.Epochs ?? 0;

    /// <summary>The training part of the present run; null outside of <see cref="Fit"/>.</summary>
    public ILoader? Train => run?.Train.Loader;

    /// <summary>The validation part of the present run; null outside of <see cref="Fit"/>, and where there is none.</summary>
    public ILoader? Validation => run?.Validation?.Loader;

    /// <summary>
    /// Trains until the run has a number of epochs. It blocks; progress is shown on the way. Afterwards each module is in the mode,
    /// training or evaluation, that it was in before.
    /// </summary>
    /// <remarks>
    /// The model is trained in training mode; where it is in that mode already, parts of it that are in evaluation stay so, such as norms
    /// that are frozen on purpose.
    /// </remarks>
    /// <param name="train">The data to train on.</param>
    /// <param name="validation">The data to evaluate after each epoch.</param>
    /// <param name="epochs">
    /// How many epochs the run has in all, not how many more: after two of five, three more are trained. A second call has to name more
    /// than the first.
    /// A run that was resumed may have all of them already; then nothing is trained.
    /// </param>
    /// <param name="cancellation">Ends the run after the present step, with a checkpoint if there is a <see cref="Checkpoints"/>.</param>
    /// <returns>The figures. Where Ctrl-C ended the run, <see cref="History.End"/> is <see cref="TrainingEnd.Interrupted"/>.</returns>
    /// <exception cref="NonFiniteException">The loss or a gradient was NaN or infinite; the message names the operator and the module it
    /// came from.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    /// <exception cref="InvalidOperationException">
    /// An earlier call has trained all of these epochs, or one is running, on this thread (a callback called it) or another.
    /// </exception>
    public History Fit(Loader<Batch> train, Loader<Batch>? validation = null, int epochs = 1, CancellationToken cancellation = default)
        => Run(Data(train), validation is null ? null : Data(validation), epochs, cancellation);

    private protected History Run(TrainingData train, TrainingData? validation, int epochs, CancellationToken cancellation,
        IProgress<TrainingProgress>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        if (train.Loader.Batches is null)
            throw new ArgumentException(
                $"[trainer] {train.Loader} does not know how many batches an epoch has. Set its StepsPerEpoch.");
        if (train.Loader.Batches == 0)
            throw new ArgumentException($"[trainer] {train.Loader} has no batch to learn "
                + $"from.{(train.Loader.Examples > 0 ? " DropLast leaves out the only one: make batches smaller." : "")}");
        var mine = new FitRun(this, train, validation, epochs, progress);
        if (Interlocked.CompareExchange(ref run, mine, null) is { } other) throw other.Busy(nameof(Fit));
        try
        {
            if (Epoch >= epochs && !State.IsResumed)
            {
                throw new InvalidOperationException(
                    $"[trainer] Fit(epochs: {epochs}) would train nothing: epoch {Epoch} of the run is done, and epochs counts those "
                    + $"of the whole run, not further ones. To train {epochs} more, ask for epochs: {Epoch + epochs}; "
                    + "for a new run, make a new trainer.");
            }
            State.IsResumed = false;
            mine.Execute(cancellation);
            return History;
        }
        finally
        {
            run = null;
        }
    }

    /// <summary>Ends the run after the present step or epoch. For callbacks.</summary>
    /// <param name="reason">The reason, as shown to the user.</param>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        if (run is null) throw new InvalidOperationException("[trainer] there is nothing to stop: Fit is not running.");
        run.Stop(reason);
    }

    /// <summary>
    /// Tells the user something, without disturbing the progress that is shown. Says nothing where progress is not shown.
    /// </summary>
    public void Say(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        run?.Display.Say(message);
    }

    /// <summary>Tells the user about something that went wrong, without ending the run.</summary>
    internal void Warn(string message)
    {
        History.AddWarning(message);
        if (run is not null) run.Display.Say(message);
        else State.PendingWarnings.Enqueue(message);
    }

    /// <summary>Logs a figure of the present step. The epoch's record gets the mean, weighted by the examples of the steps.</summary>
    public void Log(string name, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"[trainer] the name '{name}' has a slash, which separates parts of names in checkpoints.");
        State.Meters.Add(name, value, Math.Max(1, run?.Examples ?? 1));
    }

    /// <summary>
    /// The way from a batch to its loss; the same for training and evaluation, which <see cref="Module.IsTraining"/> tells apart.
    /// </summary>
    protected internal virtual StepOutput Compute(Batch batch)
    {
        if (compute is not null) return compute(batch);
        if (loss is null)
            throw new InvalidOperationException($"[trainer] {GetType().Name} was made without a loss, and does not override Compute.");
        var output = Model.Forward(batch.X);
        return new StepOutput(loss(output, batch.Y), output, batch.Y);
    }

    /// <summary>
    /// Computes what <see cref="Predict(Tensor, int)"/> returns for a batch of inputs: the model's output, unless overridden.
    /// </summary>
    protected internal virtual Tensor Infer(Tensor x) => Model.Forward(x);

    /// <summary><see cref="Infer"/> in the run's precision.</summary>
    internal Tensor InferCast(Tensor x)
    {
        using var cast = Autocast.To(Precision.ProductType());
        return Infer(x);
    }

    /// <summary>The batches of a loader, with the step of this trainer.</summary>
    internal TrainingData Data(Loader<Batch> loader)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return new TrainingData<Batch>(this, loader, Compute);
    }
}
