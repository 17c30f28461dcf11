namespace DeepNet.Samples.Embedding;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    public static partial void Failed(ILogger logger, string path, Exception exception);
}
