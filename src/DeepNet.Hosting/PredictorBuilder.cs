using Microsoft.Extensions.DependencyInjection;

namespace DeepNet.Hosting;

/// <summary>Represents a predictor that was added to services, for what few need.</summary>
/// <typeparam name="TIn">The type of an input.</typeparam>
public sealed class PredictorBuilder<TIn>
{
    internal PredictorBuilder(string name, IServiceCollection services) => (Name, Services) = (name, services);

    /// <summary>Gets the name of the predictor.</summary>
    public string Name { get; }

    /// <summary>Gets the services that it was added to.</summary>
    public IServiceCollection Services { get; }

    internal List<TIn> Examples { get; } = [];

    /// <summary>
    /// Adds an input that is computed before the application takes requests, and with new weights before they are used: alone, and as a
    /// batch of <see cref="PredictorOptions.MaxBatchSize"/>.
    /// </summary>
    /// <returns>This builder.</returns>
    public PredictorBuilder<TIn> WarmUp(TIn example)
    {
        Examples.Add(example);
        return this;
    }
}
