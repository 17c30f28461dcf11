using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Samples.Forecast;

/// <summary>A way to forecast.</summary>
/// <param name="Name">The name in tables and plots.</param>
/// <param name="Forecast">
/// Learns from windows and gives, for others, the quantiles of each step: (N, horizon, 3) in the units of the series.
/// </param>
/// <param name="IsRandom">True if its forecasts depend on a seed.</param>
internal sealed record Forecaster(string Name, Func<Windows, Windows, ulong, Tensor> Forecast, bool IsRandom)
{
    private const int Batch = 64;

    /// <summary>
    /// Gets the quantiles that are forecast: the middle one is the forecast, and four of five values should lie between the others.
    /// </summary>
    public static IReadOnlyList<double> Quantiles { get; } = [0.1, 0.5, 0.9];

    /// <summary>Forecasts the value of so many steps before, give or take what that was wrong by among the known windows.</summary>
    public static Forecaster Naive(string name, int lag) => new(name, (known, asked, _) =>
    {
        using var scope = Memory.Scope();
        Tensor Guess(Windows w) => w.Past.Narrow(1, w.Past.Shape[1] - lag, w.Future.Shape[1]);
        var wrong = (known.Future - Guess(known)).Reshape(-1);
        var guess = Guess(asked);
        return Memory.Keep(Tensor.Stack([.. Quantiles.Select(q => q == 0.5 ? guess : guess + wrong.Quantile(q))], 2));
    }, IsRandom: false);

    /// <summary>
    /// Trains a network by the quantile loss. Values are divided by their deviation in the windows that it learns from, and each window is
    /// taken from its own mean on, so that a trend leads into no region that was never seen.
    /// </summary>
    public static Forecaster Network(string name, Func<int, int, Generator, Module> network, int steps, double rate)
        => new(name, (known, asked, seed) =>
        {
            int context = known.Past.Shape[1], horizon = known.Future.Shape[1];
            var chance = new Generator(seed);
            var model = network(context, horizon * Quantiles.Count, chance);
            double deviation = (known.Past - known.Past.Mean(1, keepDim: true)).Std().Item();
            var optimizer = new AdamW(model.Parameters(), rate);
            var schedule = new Schedule(optimizer, new OneCycle(steps));
            for (int step = 0; step < steps; step++)
            {
                using var scope = Memory.Scope();
                var chosen = Tensor.RandInt(0, known.Count, new Shape(Batch), DType.Int64, generator: chance);
                var (past, future) = (known.Past.IndexSelect(0, chosen), known.Future.IndexSelect(0, chosen));
                optimizer.ZeroGrad();
                // The loss in units of the deviation too.
                (Loss.Quantile(Run(model, past, deviation, horizon), future, [.. Quantiles]) / deviation).Backward();
                optimizer.Step();
                schedule.Step();
            }
            using var off = Autograd.NoGrad();
            return Run(model, asked.Past, deviation, horizon);
        }, IsRandom: true);

    private static Tensor Run(Module model, Tensor past, double deviation, int horizon)
    {
        var mean = past.Mean(1, keepDim: true);
        return mean.Unsqueeze(2) + deviation * model.Forward((past - mean) / deviation).Unflatten(1, horizon, Quantiles.Count);
    }
}
