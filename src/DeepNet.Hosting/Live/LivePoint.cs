namespace DeepNet.Hosting.Live;

/// <summary>Represents the steps of a short time, as one point of the page's curves.</summary>
/// <param name="Step">The last of them.</param>
/// <param name="Time">The seconds since the run began, or went on.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Loss">The mean of their losses.</param>
/// <param name="Least">The lowest of their losses.</param>
/// <param name="Most">The highest of their losses.</param>
/// <param name="Rate">The learning rate of the last.</param>
/// <param name="GradientNorm">The norm of the gradients of the last; NaN if unknown.</param>
/// <param name="PerSecond">The examples a second; NaN if unknown.</param>
/// <param name="Bytes">The memory of tensors in use at the end; NaN if unknown.</param>
internal readonly record struct LivePoint(
    long Step, double Time, long Steps, double Loss, double Least, double Most, double Rate, double GradientNorm, double PerSecond,
    double Bytes)
{
    /// <summary>Returns one point in place of two that follow each other.</summary>
    public static LivePoint Merge(LivePoint a, LivePoint b) => b with
    {
        Steps = a.Steps + b.Steps,
        Loss = (a.Loss * a.Steps + b.Loss * b.Steps) / (a.Steps + b.Steps),
        Least = Math.Min(a.Least, b.Least),
        Most = Math.Max(a.Most, b.Most),
        PerSecond = double.IsNaN(a.PerSecond) ? b.PerSecond : (a.PerSecond + b.PerSecond) / 2,
    };
}
