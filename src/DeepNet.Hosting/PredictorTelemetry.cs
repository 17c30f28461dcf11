namespace DeepNet.Hosting;

/// <summary>Provides the names under which predictors are observed; docs/hosting.md lists the instruments and activities.</summary>
public static class PredictorTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "DeepNet.Hosting";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "DeepNet.Hosting";
}
