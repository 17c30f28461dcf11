using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DeepNet.Hosting.Predicting;

/// <summary>
/// Healthy when the model is there and warm; degraded when the last reload failed, or the queue is full; unhealthy before, after, and where
/// the model could not be made.
/// </summary>
internal sealed class PredictorHealthCheck(Predictor predictor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        int waiting = predictor.Waiting, capacity = predictor.Options.QueueCapacity;
        string words = string.Create(CultureInfo.InvariantCulture, $"{waiting} of {capacity} requests wait");
        if (predictor.Ready.IsFaulted)
            return HealthCheckResult.Unhealthy("the model could not be made", predictor.Ready.Exception.InnerException);
        if (!predictor.IsOpen) return HealthCheckResult.Unhealthy("the predictor has stopped");
        if (!predictor.Ready.IsCompleted) return HealthCheckResult.Unhealthy("the model is being made");
        if (predictor.ReloadError is { } error) return HealthCheckResult.Degraded("the last reload of the weights failed", error);
        return waiting >= capacity ? HealthCheckResult.Degraded(words) : HealthCheckResult.Healthy(words);
    }
}
