namespace DeepNet.Hosting;

/// <summary>
/// The exception that is thrown for an input of which no row can be made, or one unlike those of other callers: a mistake of the caller,
/// not of the model.
/// </summary>
public sealed class PredictorInputException : ArgumentException
{
    internal PredictorInputException(string predictor, Exception reason) : base(
        $"[predictor '{predictor}'] the input cannot be used: {reason.Message}", reason)
    {
    }
}
