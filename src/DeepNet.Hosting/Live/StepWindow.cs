using DeepNet.Training;

namespace DeepNet.Hosting.Live;

/// <summary>Gathers steps on the training thread until there is a point to be shown: a few additions for each step.</summary>
internal sealed class StepWindow(TimeProvider clock, TimeSpan length)
{
    private readonly long length = (long)(length.TotalSeconds * clock.TimestampFrequency);
    private readonly long begun = clock.GetTimestamp();
    private long opened = clock.GetTimestamp(), steps, examples, trained;
    private long? resumed = clock.GetTimestamp();
    private double sum, least = double.PositiveInfinity, most = double.NegativeInfinity;

    /// <summary>Gets the last step; null if none was taken.</summary>
    public StepRecord? Last { get; private set; }

    /// <summary>Gets a value that is true if the time of a point has passed.</summary>
    public bool IsOver => clock.GetTimestamp() - opened >= length;

    /// <summary>Takes in a step.</summary>
    public void Add(in StepRecord step)
    {
        Last = step;
        steps++;
        examples += step.Examples;
        sum += step.Loss;
        least = Math.Min(least, step.Loss);
        most = Math.Max(most, step.Loss);
    }

    /// <summary>Leaves out of the examples a second what follows, such as a validation.</summary>
    public void Pause()
    {
        if (resumed is { } since) trained += clock.GetTimestamp() - since;
        resumed = null;
    }

    /// <summary>Counts the time of training again.</summary>
    public void Resume() => resumed ??= clock.GetTimestamp();

    /// <summary>Returns what was gathered as a point, and begins anew; null if no step was taken.</summary>
    public LivePoint? Take()
    {
        long now = clock.GetTimestamp();
        opened = now;
        if (steps == 0) return null;
        double seconds = (double)(trained + (now - resumed ?? 0)) / clock.TimestampFrequency;
        var last = Last!.Value;
        var point = new LivePoint(last.Step, (double)(now - begun) / clock.TimestampFrequency, steps, sum / steps, least, most,
            last.LearningRate, last.GradientNorm, seconds > 0 ? examples / seconds : double.NaN, Memory.LiveBytes);
        (steps, examples, trained, sum, least, most) = (0, 0, 0, 0, double.PositiveInfinity, double.NegativeInfinity);
        if (resumed is not null) resumed = now;
        return point;
    }
}
