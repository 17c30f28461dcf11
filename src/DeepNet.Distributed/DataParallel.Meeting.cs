using DeepNet.Distributed.Running;
using DeepNet.Training;

namespace DeepNet.Distributed;

// Where ranks agree on how to go on, and learn that one of them has failed.
public sealed partial class DataParallel
{
    private const int Status = 0, Wants = 1, Length = 2, Header = 3;
    private const int Inline = 64;                      // numbers of the first message, which suffices in most steps
    private const double Failed = 1, WantsStop = 1, WantsInterruption = 2;

    internal override double[][] Exchange(double[] figures)
    {
        double[][] all = Exchange(0, figures);
        if (isReduced) Next = After;
        isReduced = false;
        if (Array.Exists(all, a => a[Status] == Failed)) throw Failure(Causes(""));
        if (Array.Exists(all, a => a[Wants] > 0)) Agree();
        int longest = (int)all.Max(a => a[Length]);
        return longest <= Inline - Header ? [.. all.Select(a => a[Header..(Header + (int)a[Length])])] : Gather(figures);
    }

    internal override void Fail(Exception reason)
    {
        var next = Next;
        Next = Meeting.None;
        if (next == Meeting.None || reason is DistributedException) return;
        try
        {
            if (next == Meeting.Step && !isReduced && !IsAlone)
            {
                gradients!.Flush();
                SendBuffers(lastPart: 0);
            }
            Exchange(Failed, []);
            Causes(reason.Message);
            reason.Data[Distributed.ToldOthers] = true;
        }
        catch (DistributedException)
        {
            // The others are gone; the reason says more.
        }
    }

    private double[][] Exchange(double status, double[] figures)
    {
        double[] mine = new double[Inline];
        mine[Status] = status;
        string? stop = Wishes.Stop(), interruption = Wishes.Interruption();
        mine[Wants] = (stop is null ? 0 : WantsStop) + (interruption is null ? 0 : WantsInterruption);
        mine[Length] = figures.Length;
        figures.AsSpan(0, Math.Min(figures.Length, Inline - Header)).CopyTo(mine.AsSpan(Header));
        double[][] all = [];
        world.Do("an exchange of figures", () => all = Objects.AllGatherEqual(world.Calls, mine));
        return all;
    }

    /// <summary>Exchanges why ranks have failed; the empty text of those that have not.</summary>
    private string[] Causes(string mine) => world.AllGather(mine, WorldJson.Default.String);

    private DistributedException Failure(string[] causes)
    {
        int rank = Array.FindIndex(causes, c => c.Length > 0);
        return new DistributedException(
            $"[data_parallel] rank {rank} of {Size} on {world.Hosts[Math.Max(0, rank)]} has failed, and so the run ends: "
            + $"{(rank < 0 ? "" : causes[rank])}", rank);
    }

    private void Agree()
    {
        string[] stops = world.AllGather(Wishes.Stop() ?? "", WorldJson.Default.String);
        string[] interruptions = world.AllGather(Wishes.Interruption() ?? "", WorldJson.Default.String);
        AgreedStop ??= First(stops);
        if (Array.FindIndex(interruptions, i => i.Length > 0) is >= 0 and var rank)
            AgreedInterruption ??= rank == Rank ? interruptions[rank] : $"{interruptions[rank]} on rank {rank}";
    }

    private static string? First(string[] texts) => Array.Find(texts, t => t.Length > 0);
}
