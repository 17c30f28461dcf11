namespace DeepNet.Hosting;

/// <summary>Represents the limits of an endpoint; see <see cref="PredictorEndpointExtensions"/>.</summary>
public sealed class PredictorEndpointOptions
{
    /// <summary>Gets or sets the largest size of a request, in bytes.</summary>
    public long MaxRequestBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Gets the names by which others ask for this server. Its addresses, the names that it listens on, localhost and the machine's name
    /// are known; requests for any other host are refused.
    /// </summary>
    public IList<string> Hosts { get; } = [];
}
