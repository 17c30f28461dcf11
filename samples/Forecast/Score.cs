namespace DeepNet.Samples.Forecast;

/// <summary>What a forecaster was wrong by, over all origins and seeds.</summary>
internal sealed class Score(Forecaster forecaster, int horizon)
{
    private readonly List<(double Wrong, bool IsIn, double Width, int Ahead, bool IsUnrest, ulong Seed)> all = [];

    public Forecaster Forecaster { get; } = forecaster;

    /// <summary>Gets the forecasts of the first seed for the windows of the last origin, to be drawn.</summary>
    public Tensor? Last { get; private set; }

    public void Add(Tensor forecast, Windows windows, Series series, ulong seed)
    {
        if (seed == 1) Last = forecast;
        float[] guesses = forecast.ToArray(), truths = windows.Future.ToArray();
        int quantiles = Forecaster.Quantiles.Count;
        for (int i = 0; i < windows.Count; i++)
        {
            // An event that has begun before the forecast is made: one that comes later is nobody's fault.
            bool isUnrest = series.Unrest is { } unrest && unrest[windows.Starts[i] - 1] > 0.2;
            for (int k = 0; k < horizon; k++)
            {
                int at = i * horizon + k;
                double truth = truths[at];
                var (low, middle, high) = (guesses[quantiles * at], guesses[quantiles * at + 1], guesses[quantiles * at + 2]);
                all.Add((Math.Abs(truth - middle), truth >= low && truth <= high, high - low, k + 1, isUnrest, seed));
            }
        }
    }

    public double Mae => all.Average(a => a.Wrong);

    public double MaeOf(ulong seed) => all.Where(a => a.Seed == seed).Average(a => a.Wrong);

    public double MaeAt(int ahead) => all.Where(a => a.Ahead == ahead).Average(a => a.Wrong);

    public double MaeBetween(int first, int last) => all.Where(a => a.Ahead >= first && a.Ahead <= last).Average(a => a.Wrong);

    /// <summary>Gets the error of forecasts made while an event fades, or of all others; NaN if there are none.</summary>
    public double MaeIn(bool unrest) => all.Where(a => a.IsUnrest == unrest).Select(a => a.Wrong).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Gets the share of values that lie between the outer quantiles.</summary>
    public double Coverage => all.Average(a => a.IsIn ? 1.0 : 0);

    public double Width => all.Average(a => a.Width);
}
