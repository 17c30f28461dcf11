namespace DeepNet;

/// <summary>A region of <see cref="Autocast"/>; disposing it restores what was before.</summary>
/// <remarks>The remarks at <see cref="GradMode"/> hold here too.</remarks>
public readonly ref struct AutocastRegion
{
    private readonly Region? region;

    internal AutocastRegion(Casts? casts)
    {
        var thread = ThreadContext.Current;
        if (thread.Autocast is null && casts is null) return;
        region = Region.Open(thread);
        Casts.Current = casts;
    }

    /// <summary>Ends the region. Harmless when repeated.</summary>
    public void Dispose() => region?.Close(ThreadContext.Current);
}
