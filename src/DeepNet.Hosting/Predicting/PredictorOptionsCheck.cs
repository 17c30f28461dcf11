using System.Globalization;
using Microsoft.Extensions.Options;

namespace DeepNet.Hosting.Predicting;

/// <summary>Checks the settings of a predictor when the application starts.</summary>
internal sealed class PredictorOptionsCheck(string predictor) : IValidateOptions<PredictorOptions>
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1), ShortestWatch = TimeSpan.FromMilliseconds(10);

    public ValidateOptionsResult Validate(string? name, PredictorOptions options)
    {
        if (name != predictor) return ValidateOptionsResult.Skip;
        string[] wrong = [.. Mistakes(options).Select(mistake => $"[predictor '{predictor}'] {mistake}")];
        return wrong.Length > 0 ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Mistakes(PredictorOptions options)
    {
        if (options.MaxBatchSize < 1) yield return Text($"MaxBatchSize is {options.MaxBatchSize}; it is 1 or more.");
        if (options.MaxDelay < TimeSpan.Zero || options.MaxDelay > LongestDelay)
            yield return Text($"MaxDelay is {options.MaxDelay}; it is from 0 to an hour.");
        if (options.QueueCapacity < options.MaxBatchSize)
            yield return Text($"QueueCapacity is {options.QueueCapacity}; a batch of MaxBatchSize {options.MaxBatchSize} has to fit.");
        if (options.WatchInterval is not { } interval) yield break;
        if (interval < ShortestWatch) yield return Text($"WatchInterval is {interval}; it is 10 ms or more, or null not to watch.");
        if (options.WeightsPath is null) yield return "WatchInterval is set and WeightsPath is not: there is nothing to watch.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
