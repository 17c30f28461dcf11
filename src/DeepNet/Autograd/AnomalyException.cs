using DeepNet.IO;

namespace DeepNet;

/// <summary>The first NaN or infinity, found by <see cref="Anomaly.Detect"/>.</summary>
/// <param name="operatorName">The operator that made it.</param>
/// <param name="modulePath">The module it was made in, if any.</param>
/// <param name="message">The whole story.</param>
public sealed class AnomalyException(string operatorName, string? modulePath, string message) : ArithmeticException(Printable.Text(message))
{
    /// <summary>The operator that made it.</summary>
    public string OperatorName { get; } = operatorName;

    /// <summary>The path of the module it was made in; null outside of modules.</summary>
    public string? ModulePath { get; } = modulePath;
}
