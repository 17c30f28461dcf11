using DeepNet.Devices;

namespace DeepNet;

/// <summary>A region in which recording is off (or on again); disposing it restores what was before.</summary>
public readonly ref struct GradMode
{
    private readonly bool wasOff;

    internal GradMode(bool off)
    {
        var thread = ThreadContext.Current;
        wasOff = thread.IsGradOff;
        thread.IsGradOff = off;
    }

    /// <summary>Restores the mode that was before.</summary>
    public void Dispose() => ThreadContext.Current.IsGradOff = wasOff;
}
