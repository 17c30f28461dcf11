using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using DeepNet.Data;
using DeepNet.Hosting.Live;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Hosting;

/// <summary>
/// Shows a run in the browser while it goes on: curves, learning rate, gradients and activations of the layers, throughput, memory,
/// examples with the model's outputs, and what limits the run (<see cref="TrainingDoctor"/>). The page can stop the run and ask for a
/// checkpoint.
/// </summary>
/// <remarks>
/// The page is served on this machine only (127.0.0.1). Everybody on it can look; who wants to stop a run or save it needs the token in the
/// address that is printed when the run begins. All live pages of a process show the same page, with their runs side by side. The training
/// thread copies numbers into a queue, ten times a second at most: the run gives the same bits as without the page, and slow browsers do
/// not slow it.
/// </remarks>
/// <example><code>
/// var trainer = new Trainer(model, optimizer, Loss.CrossEntropy)
/// {
///     Metrics = [new Accuracy()],
///     Callbacks = [new LivePage(), new Checkpoints("runs/mnist")],
/// };
/// </code></example>
/// <param name="port">The port; 0 for a free one, which later runs of the process take again.</param>
public sealed class LivePage(int port = 0) : Callback, IDisposable
{
    private const int StepPart = 500, EpochPart = 200;              // of the time: a fifth of a percent, and a half
    private static readonly TimeSpan BetweenPoints = TimeSpan.FromMilliseconds(100), BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly int port = port is >= 0 and <= 65535
        ? port
        : throw new ArgumentOutOfRangeException(nameof(port), $"[live] {port} is no port: 1 to 65535, or 0 for a free one.");
    private readonly List<EpochRecord> epochs = [];
    private readonly List<LayerSample> layers = [];
    private LiveServer? server;
    private LiveBoard? board;
    private LiveRun? run;
    private Trainer? shown;
    private bool isRunning, isBatchSeen, canProbe;
    private StepWindow? window;
    private TimeShare? gradientShare, activationShare, cardShare, diagnosisShare;
    private Checkpoints? checkpoints;
    private IReadOnlyList<LiveCard>? cards;
    private Diagnosis? diagnosis;
    private string? saved;

    /// <summary>Gets or sets the name of the next run on the page; the name of the model's type if null.</summary>
    public string? Title { get; set; }

    /// <summary>
    /// Gets the number of steps after which gradients are sampled; 0 for every two seconds, or less often where that would
    /// take more than a fifth of a percent of the time.
    /// </summary>
    public int HistogramsEvery
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// Gets the function that chooses examples to show, called after epochs as often as takes no more than half a percent of the time,
    /// and at the end; the first examples of the validation part if null.
    /// </summary>
    /// <remarks>
    /// It is called without gradients and inside a memory scope, and the random numbers that it draws are missing nowhere else. The model
    /// is in training mode: use <see cref="Trainer.Predict(Tensor, int)"/>, which evaluates.
    /// </remarks>
    public Func<Trainer, IEnumerable<LiveSample>>? Samples { get; init; }

    /// <summary>Gets the names of the classes, for the examples that are shown; their numbers if null.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// Gets a value that is true to leave the page open after the run, until <see cref="Wait"/> or <see cref="Dispose"/>. Otherwise it
    /// closes with the last run of the process that has one; what it showed stays in the browser.
    /// </summary>
    public bool KeepOpen { get; init; }

    /// <summary>Gets a value that is true to open the page in the system's browser.</summary>
    public bool OpenBrowser { get; init; }

    /// <summary>Gets the address with the token; null before the page was opened for the first time.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Opens the page, which the first run does else, and returns its address with the token.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public Uri Open()
    {
        if (server is not null) return Address!;
        server = LiveServer.Open(port);
        (board, Address) = (server.Board, server.Address);
        if (OpenBrowser) Browse(Address);
        return Address;
    }

    /// <inheritdoc/>
    protected override bool IsForMain => true;

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal LiveBoard? Board => board;

    /// <inheritdoc/>
    protected override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (isRunning)
            throw new InvalidOperationException("[live] this LivePage shows a run that goes on. Give each trainer one of its own: they "
                + "share one page.");
        isRunning = true;
        bool isSame = ReferenceEquals(shown, trainer) && trainer.Step > 0;
        shown = null;
        if (server is null) trainer.Say($"live page: {Open()}");
        shown = trainer;
        checkpoints = trainer.Callbacks.OfType<Checkpoints>().FirstOrDefault();
        window = new(Clock, BetweenPoints);
        gradientShare = new(Clock, StepPart, BetweenLooks);
        activationShare = new(Clock, EpochPart, BetweenLooks);
        cardShare = new(Clock, EpochPart, BetweenLooks);
        diagnosisShare = new(Clock, StepPart, BetweenLooks);
        (canProbe, isBatchSeen, cards, diagnosis) = (true, false, null, null);
        epochs.Clear();
        layers.Clear();
        if (!isSame || run is null)
        {
            run = board!.Add(Title ?? trainer.Model.GetType().Name, Facts(trainer));
            epochs.AddRange(trainer.History.Epochs);
        }
        run.ForgetWishes();
        board!.Post(run, new()
        {
            End = TrainingEnd.Running, EpochsToReach = trainer.Epochs, Epochs = [.. epochs],
            Points = isSame ? [] : PointsOf(trainer.History),
        });
        epochs.Clear();
    }

    /// <inheritdoc/>
    protected override void OnEpochStart(Trainer trainer, int epoch) => window!.Resume();

    /// <inheritdoc/>
    protected override void OnGradients(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        long step = trainer.Step + 1;
        if (HistogramsEvery > 0 ? step % HistogramsEvery == 0 : gradientShare!.IsDue)
            gradientShare!.Spend(() => layers.AddRange(LayerProbe.Gradients(trainer.Model, step)));
    }

    /// <inheritdoc/>
    protected override void OnStepEnd(Trainer trainer, in StepRecord step)
    {
        Obey(trainer);
        window!.Add(step);
        if (step.Batch == step.Batches) window.Pause();
        if (window.IsOver) Post();
    }

    /// <inheritdoc/>
    protected override void OnValidationBatch(Trainer trainer, Batch batch, in StepOutput output)
    {
        if (isBatchSeen) return;
        isBatchSeen = true;
        var result = output;
        if (Samples is null && cardShare!.IsDue) cardShare.Spend(() => cards = SampleGallery.Of(batch, result, Classes));
        if (canProbe && activationShare!.IsDue) activationShare.Spend(() => Probe(trainer, batch.X));
    }

    /// <inheritdoc/>
    protected override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        isBatchSeen = false;
        Obey(trainer);
        epochs.Add(epoch);
        if (Samples is not null && cardShare!.IsDue) cardShare.Spend(() => Choose(trainer));
        if (diagnosisShare!.IsDue) diagnosisShare.Spend(() => Examine(trainer));
        if (window!.IsOver) Post();
    }

    /// <inheritdoc/>
    protected override void OnFitEnd(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        isRunning = false;
        if (shown is null || run is null) return;           // the page could not be opened
        try
        {
            var history = trainer.History;
            if (history.End != TrainingEnd.Failed)
            {
                if (Samples is not null) Choose(trainer);
                Examine(trainer);
            }
            Post(history.End, history.Reason);
        }
        finally
        {
            if (!KeepOpen) Dispose();
        }
    }

    /// <summary>
    /// Returns when the page is closed, by its button or by a token, and closes it; at once if it is not open. Leaves Ctrl-C what it is:
    /// the end of the process.
    /// </summary>
    /// <param name="cancellation">Closes the page.</param>
    public void Wait(CancellationToken cancellation = default)
    {
        try
        {
            server?.Closed.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            // That is one of the ways to close it.
        }
        Dispose();
    }

    /// <summary>Leaves the page, which closes if no other run is on it. A run that goes on does so without it.</summary>
    public void Dispose() => Interlocked.Exchange(ref server, null)?.Leave();

    private void Obey(Trainer trainer)
    {
        if (run!.TakeSaveWish()) checkpoints?.Request();
        if (run.IsStopWished) trainer.Stop("from the live page");
    }

    private void Probe(Trainer trainer, Tensor x)
    {
        const int Examples = 32;
        try
        {
            layers.AddRange(LayerProbe.Activations(trainer, x.Narrow(0, 0, (int)Math.Min(Examples, x.Shape[0]))));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            canProbe = false;           // a model whose step is more than a forward pass of its inputs
        }
    }

    private void Choose(Trainer trainer)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = Memory.Scope();
        var keys = Generator.Default.State;
        cards = SampleGallery.Of(Samples!(trainer));
        Generator.Default.State = keys;
    }

    private void Examine(Trainer trainer) => diagnosis = TrainingDoctor.Examine(trainer.History,
        new() { Parameters = trainer.Callbacks.OfType<ParameterMonitor>().FirstOrDefault()?.Records ?? [] });

    private void Post(TrainingEnd? end = null, string? reason = null)
    {
        string? last = checkpoints?.Last is { } path ? Path.GetFileName(path) : null;
        board!.Post(run!, new()
        {
            Step = window!.Last, Points = window.Take() is { } point ? [point] : [], Epochs = [.. epochs], Layers = [.. layers],
            Cards = cards, Diagnosis = diagnosis, End = end, Reason = reason, Saved = last == saved ? null : last,
        });
        epochs.Clear();
        layers.Clear();
        (cards, diagnosis, saved) = (null, null, last);
    }

    private static void Browse(Uri address)
    {
        // Without a screen the system may start a browser for terminals, in the very one that shows the progress.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is null or ""
            && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null or "") return;
        try
        {
            Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            // There is none: the address is printed.
        }
    }

    private static RunFacts Facts(Trainer trainer)
    {
        var settings = new List<string[]> { (string[])["optimizer", trainer.Optimizer.GetType().Name] };
        if (trainer.Schedule is { } schedule) settings
            .Add(["schedule", schedule is ReduceOnPlateau ? nameof(ReduceOnPlateau) : schedule.Curve.GetType().Name]);
        if (trainer.Train is { } train) settings.Add(["training part", Part(train)]);
        if (trainer.Validation is { } validation) settings.Add(["validation part", Part(validation)]);
        if (trainer.Accumulate > 1) settings.Add(["batches a step", Whole(trainer.Accumulate)]);
        if (trainer.Seed is { } seed) settings.Add(["seed", seed.ToString(CultureInfo.InvariantCulture)]);
        if (trainer.Model.Parameters() is [var first, ..]) settings.Add(["device", first.Value.Device.Name]);
        settings.Add(["precision", trainer.Precision.ToString()]);
        return new(trainer.Model.Summary(), settings, [.. trainer.Metrics.Where(m => m.HigherIsBetter).Select(m => m.Name)],
            trainer.Callbacks.OfType<Checkpoints>().Any());

        static string Part(ILoader data)
            => $"{(data.Examples is { } examples ? $"{Whole(examples)} examples, " : "")}"
                + $"{(data.Batches is { } batches ? $"{Whole(batches)} batches" : "batches")} of {Whole(data.BatchSize)}";

        static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the steps before a run was resumed as a few points.</summary>
    private static List<LivePoint> PointsOf(History history)
    {
        const int Most = 500;
        var losses = history.StepLosses;
        int size = Math.Max(1, (losses.Count + Most - 1) / Most);
        var points = new List<LivePoint>();
        for (int at = 0; at < losses.Count; at += size)
        {
            double[] some = [.. losses.Skip(at).Take(size).Select(l => (double)l)];
            points.Add(new(at + some.Length, double.NaN, some.Length, some.Average(), some.Min(), some.Max(), double.NaN, double.NaN,
                double.NaN, double.NaN));
        }
        return points;
    }
}
