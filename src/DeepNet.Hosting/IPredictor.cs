namespace DeepNet.Hosting;

/// <summary>
/// Computes a model's outputs for many callers at once: their inputs are gathered into batches.
/// <see cref="PredictorServiceCollectionExtensions"/> adds one to the services of an application.
/// </summary>
/// <typeparam name="TIn">The type of an input.</typeparam>
/// <typeparam name="TOut">The type of an output.</typeparam>
public interface IPredictor<TIn, TOut>
{
    /// <summary>Computes the output for an input, together with those of other callers. May be called by any number of threads.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Takes the request back. One that is being computed already is computed for nobody.</param>
    /// <exception cref="PredictorBusyException">As many requests wait as may.</exception>
    /// <exception cref="ObjectDisposedException">The application ends.</exception>
    /// <remarks>An error of the model reaches the callers whose inputs were in the batch, and nobody else.</remarks>
    Task<TOut> PredictAsync(TIn input, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the model anew, with the weights as they are now, and puts it in the place of the present one. No request is lost: batches
    /// before the change are computed by the old model, those after it by the new one, and the task ends when that is so.
    /// </summary>
    /// <param name="cancellationToken">Gives up before the new model is there.</param>
    /// <remarks>Where it fails, the task does with the reason, and the present model stays.</remarks>
    Task ReloadAsync(CancellationToken cancellationToken = default);
}
