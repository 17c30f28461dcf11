namespace DeepNet.Hosting;

/// <summary>The exception that is thrown when as many requests wait for a predictor as are allowed to. Ask again later.</summary>
/// <param name="name">The name of the predictor.</param>
/// <param name="capacity">The number of requests that may wait.</param>
public sealed class PredictorBusyException(string name, int capacity) : Exception(
    $"[predictor '{name}'] {capacity} requests wait already, which is the most (QueueCapacity). Ask again later, or spread the load.");
