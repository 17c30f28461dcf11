namespace DeepNet.Hosting;

/// <summary>
/// Represents the settings of a predictor, by its name: <c>services.Configure&lt;PredictorOptions&gt;("digits", …)</c> changes them too,
/// also from a section of the configuration. They are checked when the application starts.
/// </summary>
public sealed class PredictorOptions
{
    /// <summary>Gets or sets the largest number of inputs computed together.</summary>
    public int MaxBatchSize { get; set; } = 64;

    /// <summary>
    /// Gets or sets the longest time that an input waits for others before its batch is computed, in steps of a millisecond. Zero computes
    /// at once whatever waits. Inputs that come while a batch is computed wait for its end in any case.
    /// </summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Gets or sets the number of inputs that may wait; further ones are refused with a <see cref="PredictorBusyException"/>.
    /// </summary>
    public int QueueCapacity { get; set; } = 1024;

    /// <summary>
    /// Gets or sets the file or folder of the weights, in any format that <c>LoadPretrained</c> reads; null if the function that makes the
    /// model gives it its weights.
    /// </summary>
    public string? WeightsPath { get; set; }

    /// <summary>
    /// Gets or sets the interval in which <see cref="WeightsPath"/> is looked at; where it has changed, the weights are reloaded. Null
    /// never looks.
    /// </summary>
    public TimeSpan? WatchInterval { get; set; }
}
