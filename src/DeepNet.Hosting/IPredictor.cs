namespace DeepNet.Hosting;

/// <summary>
/// Computes a model's outputs, for many callers at once: their inputs are gathered into batches. Made by
/// <c>services.AddPredictor</c>.
/// </summary>
/// <typeparam name="TIn">The type of an input.</typeparam>
/// <typeparam name="TOut">The type of an output.</typeparam>
public interface IPredictor<TIn, TOut>
{
    /// <summary>Computes the output for an input, together with those of other callers. May be called by any number of threads.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Takes the request back; one that is being computed already is computed for nobody.</param>
    /// <exception cref="PredictorBusyException">As many requests wait as are allowed to.</exception>
    /// <exception cref="ObjectDisposedException">The application ends.</exception>
    Task<TOut> PredictAsync(TIn input, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts the weights of the predictor's file, as it is now, in place of the present ones. No request is lost: those before the change
    /// get the old weights, those after it the new ones, and no batch a mixture.
    /// </summary>
    /// <exception cref="InvalidOperationException">The predictor was not told which file its weights are in.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of another model; the present weights stay.</exception>
    Task ReloadAsync(CancellationToken cancellationToken = default);
}
