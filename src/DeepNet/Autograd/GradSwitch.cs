namespace DeepNet;

/// <summary>The library's own <see cref="GradMode"/>, for operators: always disposed of in the method that made it, it costs two
/// stores.</summary>
internal readonly ref struct GradSwitch
{
    private readonly bool wasOff;

    private GradSwitch(bool off)
    {
        var thread = ThreadContext.Current;
        wasOff = thread.IsGradOff;
        thread.IsGradOff = off;
    }

    public static GradSwitch Off() => new(off: true);

    public static GradSwitch On() => new(off: false);

    public void Dispose() => ThreadContext.Current.IsGradOff = wasOff;
}
