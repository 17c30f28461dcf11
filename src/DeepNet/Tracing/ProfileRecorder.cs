using System.Diagnostics;

namespace DeepNet.Tracing;

/// <summary>One operator, or one kernel of it, with its time.</summary>
/// <param name="name">The name.</param>
/// <param name="path">The module; empty outside of modules.</param>
/// <param name="isBackward">True for derivatives and all inside them.</param>
/// <param name="outer">The operator around it.</param>
/// <param name="start">The timestamp of its beginning.</param>
/// <param name="end">That of its end, if it is known.</param>
internal sealed class ProfileSpan(string name, string path, bool isBackward, ProfileSpan? outer, long start, long end = 0)
{
    public string Name => name;
    public string Path => path;
    public bool IsBackward => isBackward;
    public ProfileSpan? Outer => outer;
    public long Start => start;
    public long End { get; set; } = end;
    public bool IsKernel { get; init; }

    /// <summary>Gets the work of a kernel.</summary>
    public double Flops { get; init; }

    /// <inheritdoc cref="Flops"/>
    public double Bytes { get; init; }

    public long Ticks => Math.Max(0, End - Start);
}

/// <summary>Writes down operators and kernels with their times.</summary>
internal sealed class ProfileRecorder(bool waits) : Recorder
{
    private ProfileSpan? current;

    /// <summary>Gets what was measured, in the order in which it began; kernels when they end.</summary>
    public List<ProfileSpan> Spans { get; } = [];

    /// <inheritdoc/>
    public override bool Waits => waits;

    /// <inheritdoc/>
    public override void Enter(string name, string? path, bool isBackward)
    {
        // What a derivative calls belongs to the module that is differentiated.
        bool isInside = current is { IsBackward: true };
        current = new ProfileSpan(
            name, isInside ? current!.Path : path ?? "", isBackward || isInside, current, Stopwatch.GetTimestamp());
        Spans.Add(current);
    }

    /// <inheritdoc/>
    public override void Leave()
    {
        if (current is null) return;        // it began before anybody listened
        current.End = Stopwatch.GetTimestamp();
        current = current.Outer;
    }

    /// <inheritdoc/>
    public override void Ran(Kernel kernel, long start, long end)
    {
        string path = current?.Path ?? ThreadContext.Current.ModulePath ?? "";
        Spans.Add(new ProfileSpan(kernel.Name, path, current is { IsBackward: true }, current, start, end)
        {
            IsKernel = true, Flops = kernel.Flops, Bytes = kernel.Bytes,
        });
    }
}
