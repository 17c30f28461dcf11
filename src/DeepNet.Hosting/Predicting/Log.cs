using Microsoft.Extensions.Logging;

namespace DeepNet.Hosting.Predicting;

/// <summary>The messages of predictors, in the category DeepNet.Hosting.Predictor.</summary>
internal static partial class Log
{
    public const string Category = "DeepNet.Hosting.Predictor";

    [LoggerMessage(1, LogLevel.Information, "Predictor {Predictor} is ready after {Milliseconds} ms: {Model} with {Parameters} parameters")]
    public static partial void Ready(ILogger logger, string predictor, long milliseconds, string model, long parameters);

    [LoggerMessage(2, LogLevel.Error, "Predictor {Predictor} could not start")]
    public static partial void NotStarted(ILogger logger, Exception exception, string predictor);

    [LoggerMessage(3, LogLevel.Error, "Predictor {Predictor} failed on a batch of {Size}, whose callers get the error")]
    public static partial void BatchFailed(ILogger logger, Exception exception, string predictor, int size);

    [LoggerMessage(4, LogLevel.Information, "Predictor {Predictor} has new weights after {Milliseconds} ms")]
    public static partial void Reloaded(ILogger logger, string predictor, long milliseconds);

    [LoggerMessage(5, LogLevel.Error, "Predictor {Predictor} could not reload its weights and goes on with the present ones")]
    public static partial void NotReloaded(ILogger logger, Exception exception, string predictor);

    [LoggerMessage(6, LogLevel.Information, "Predictor {Predictor} has stopped")]
    public static partial void Stopped(ILogger logger, string predictor);
}
