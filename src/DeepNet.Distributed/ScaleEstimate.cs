using System.Globalization;
using System.Text;

namespace DeepNet.Distributed;

/// <summary>Represents an estimate of how a step gets shorter with the number of ranks, at the same batch.</summary>
/// <remarks>
/// The model: computing is divided evenly; an all-reduce takes 2(n − 1) messages one after the other and sends 2(n − 1)/n of the gradients;
/// it can hide behind two thirds of the computing, which the backward pass is. What the model does not know: other traffic, ranks of
/// unequal speed, and that small parts of a batch compute less well.
/// </remarks>
public sealed class ScaleEstimate
{
    private const double BackwardShare = 2.0 / 3;
    private const int MostRanksAsked = 1 << 16;

    private readonly double compute;
    private readonly long bytes;

    internal ScaleEstimate(double compute, long bytes, Interconnect wire)
    {
        (this.compute, this.bytes) = (compute, bytes);
        Interconnect = wire;
    }

    /// <summary>Gets what connects the ranks.</summary>
    public Interconnect Interconnect { get; }

    /// <summary>Gets the size of the gradients, as they travel.</summary>
    public long GradientBytes => bytes;

    /// <summary>Returns the time of the all-reduce of a step.</summary>
    /// <param name="ranks">The number of ranks.</param>
    public TimeSpan Communication(int ranks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ranks);
        double messages = 2.0 * (ranks - 1);
        return TimeSpan.FromSeconds(messages * Interconnect.Latency.TotalSeconds + messages / ranks * bytes / Interconnect.BytesPerSecond);
    }

    /// <summary>Returns the time of a step.</summary>
    /// <param name="ranks">The number of ranks.</param>
    public TimeSpan Step(int ranks)
    {
        double own = compute / ranks;
        return TimeSpan.FromSeconds(own + Math.Max(0, Communication(ranks).TotalSeconds - BackwardShare * own));
    }

    /// <summary>Returns the speed relative to that of as many ranks that need not talk.</summary>
    /// <param name="ranks">The number of ranks.</param>
    public double Efficiency(int ranks) => compute / (ranks * Step(ranks).TotalSeconds);

    /// <summary>Returns the largest power of two up to which each number of ranks has an efficiency.</summary>
    /// <param name="efficiency">The efficiency.</param>
    public int MostRanks(double efficiency = 0.8)
    {
        int ranks = 1;
        while (ranks < MostRanksAsked && Efficiency(2 * ranks) >= efficiency) ranks *= 2;
        return ranks;
    }

    /// <summary>Returns a table of numbers of ranks.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"{bytes / 1e6:0.0} MB of gradients over {Interconnect.Name}, {1000 * compute:0.0} ms of computing in a step of one rank\n"));
        text.Append("ranks  step in ms  all-reduce in ms  efficiency\n");
        int last = Math.Max(8, 2 * MostRanks());
        for (int n = 1; n <= last; n *= 2)
            text.Append(CultureInfo.InvariantCulture,
                $"{n,5}{Step(n).TotalMilliseconds,12:0.00}{Communication(n).TotalMilliseconds,18:0.00}{Efficiency(n),12:0 %}\n");
        return text.Append(CultureInfo.InvariantCulture, $"It pays (80 %) up to {MostRanks()} ranks.").ToString();
    }
}
