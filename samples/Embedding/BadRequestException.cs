namespace DeepNet.Samples.Embedding;

/// <summary>The caller made a mistake; the message tells which.</summary>
internal sealed class BadRequestException(string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    public int Status { get; } = status;
}
