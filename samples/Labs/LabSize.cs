namespace DeepNet.Labs;

/// <summary>How much an experiment may take.</summary>
internal enum LabSize
{
    /// <summary>A few seconds: what people run.</summary>
    Full,

    /// <summary>About one second: what tests run. The claim must hold here too.</summary>
    Reduced,
}
