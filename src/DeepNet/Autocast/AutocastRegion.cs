using DeepNet.Devices;

namespace DeepNet;

/// <summary>A region of <see cref="Autocast"/>; disposing it restores what was before.</summary>
public readonly ref struct AutocastRegion
{
    private readonly Casts? outer;

    internal AutocastRegion(Casts? casts)
    {
        var thread = ThreadContext.Current;
        outer = thread.Autocast;
        thread.Autocast = casts;
    }

    /// <summary>Ends the region.</summary>
    public void Dispose() => ThreadContext.Current.Autocast = outer;
}
