using DeepNet.Data;
using DeepNet.Training.Running;

namespace DeepNet.Training;

/// <summary>
/// Finds a learning rate by trying them all (Smith 2017): steps with a rate that rises exponentially, until the loss diverges. Afterwards
/// weights, optimizer, random keys and the loader's place are as they were, bit for bit.
/// </summary>
/// <example><code>
/// var sweep = trainer.FindLearningRate(train);
/// sweep.Plot().Save("learning-rates.svg");
/// trainer.Optimizer.LearningRate = sweep.Steepest ?? 1e-3;
/// </code></example>
public sealed class LearningRateFinder
{
    /// <summary>Gets the first learning rate.</summary>
    public double Lowest { get; init => field = Positive(value, nameof(Lowest)); } = 1e-7;

    /// <summary>Gets the last learning rate, if the loss does not diverge before.</summary>
    public double Highest { get; init => field = Positive(value, nameof(Highest)); } = 10;

    /// <summary>Gets the number of steps from the first to the last.</summary>
    public int Steps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            field = value;
        }
    } = 100;

    /// <summary>Gets the part of the running mean of the losses that is kept from step to step; 0 to take the losses as they are.</summary>
    public double Smoothing
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), FormattableString.Invariant($"[learning_rate_finder] the smoothing is {value}; it must be from 0 to below 1."));
    } = 0.9;

    /// <summary>Gets how many times the lowest loss so far, both smoothed, the loss must be to end the sweep.</summary>
    public double Divergence
    {
        get;
        init => field = value > 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), FormattableString.Invariant($"[learning_rate_finder] the divergence is {value}; it must be more than 1."));
    } = 4;

    /// <summary>Runs the sweep.</summary>
    /// <remarks>
    /// Groups of parameters keep the ratios of their learning rates; the rates of the sweep are those of the first group. Metrics,
    /// callbacks and the schedule take no part.
    /// </remarks>
    /// <param name="trainer">The trainer, whose loss, optimizer, precision and accumulation are used.</param>
    /// <param name="data">The data to train on; it is gone through as often as the steps need it.</param>
    /// <param name="cancellation">Ends the sweep after the present step.</param>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Trainer.Fit"/> is running; or the loss is not finite at the lowest rate.
    /// </exception>
    public LearningRateSweep Run(Trainer trainer, Loader<Batch> data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return Run(trainer, trainer.Data(data), cancellation);
    }

    /// <inheritdoc cref="Run(Trainer, Loader{Batch}, CancellationToken)"/>
    public LearningRateSweep Run<TBatch>(Trainer<TBatch> trainer, Loader<TBatch> data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return Run(trainer, trainer.Data(data), cancellation);
    }

    private LearningRateSweep Run(Trainer trainer, TrainingData data, CancellationToken cancellation)
    {
        if (!(Highest > Lowest))
            throw new InvalidOperationException(FormattableString.Invariant(
                $"[learning_rate_finder] the rates go from {Lowest} to {Highest}; the highest must be above the lowest."));
        if (trainer.Strategy is { Size: > 1 })
            throw new InvalidOperationException(
                "[learning_rate_finder] rates are found by one process: run it before, with a trainer that has no Strategy.");
        if (data.Loader.Batches == 0) throw new ArgumentException($"[learning_rate_finder] {data.Loader} has no batch to learn from.");
        using var claim = trainer.Claim(data, nameof(Trainer.FindLearningRate));
        var sweep = new LearningRateSweep(Smoothing);
        using (new Trial(trainer, data.Loader))
        {
            claim.Display.Work("learning rates", Steps, report =>
            {
                using var source = new Batches(data);
                Run(trainer, source, sweep, report, cancellation);
            });
        }
        if (sweep.Rates.Count == 0)
            throw new InvalidOperationException(FormattableString.Invariant(
                $"[learning_rate_finder] the loss is not finite at the learning rate {Lowest} already. Fit says where that comes from."));
        claim.Display.Say(sweep.ToString());
        return sweep;
    }

    private void Run(
        Trainer trainer, Batches source, LearningRateSweep sweep, Action<int, string> report, CancellationToken cancellation)
    {
        var groups = trainer.Optimizer.Groups;
        double own = groups[0].LearningRate;
        double[] shares = [.. groups.Select(g => own > 0 ? g.LearningRate / own : 1)];
        var steps = new StepRunner(trainer) { IsTrial = true };
        for (int i = 0; i < Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double rate = Lowest * Math.Pow(Highest / Lowest, (double)i / (Steps - 1));
            for (int g = 0; g < shares.Length; g++) groups[g].LearningRate = rate * shares[g];
            using var scope = Memory.Scope();
            if (steps.Gather(source) == 0)
            {
                source.Restart();
                steps.Gather(source);
            }
            double loss = steps.Run(1, i);
            if (!sweep.Add(rate, loss, Divergence)) return;
            report(i + 1, $"learning rate {Figures.Text(rate)}  loss {Figures.Text(loss)}");
        }
    }

    private static double Positive(double value, string name)
        => value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            name, FormattableString.Invariant($"[learning_rate_finder] {name} is {value}; it must be a finite number above 0."));
}
