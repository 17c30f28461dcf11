using System.Runtime.ExceptionServices;
using DeepNet.Distributed.Mpi;
using DeepNet.Distributed.Transports;

namespace DeepNet.Distributed;

/// <summary>Starts runs over several processes, and joins them.</summary>
public static partial class Distributed
{
    /// <summary>Marks an exception of which the other ranks were told, so that they end by themselves.</summary>
    internal const string ToldOthers = "DeepNet.Distributed.ToldOthers";

    private static World? current;
    private static bool wasUsed;

    /// <summary>
    /// Joins the processes that a launcher of MPI started: <c>mpirun -n 8 dotnet App.dll</c>. A process that was started by itself is a
    /// world of one, in which the same program runs.
    /// </summary>
    /// <returns>The world; the same one while it is not disposed.</returns>
    /// <exception cref="DistributedException">The launcher's MPI is not installed, or is another one than the library's; the message says
    /// what to install or set.</exception>
    public static World Init()
    {
        if (current is { } there) return there;
        if (Launcher.Find() is not { } launcher) return current = new World(() => new SingleTransport(), () => current = null);
        if (wasUsed)
            throw new InvalidOperationException("[distributed] a process joins the others once. Keep the world until the program ends.");
        wasUsed = true;
        return current = new World(() => new MpiTransport(launcher), () => current = null);
    }

    /// <summary>
    /// Runs a program in the world of <see cref="Init"/>. An exception that leaves it ends all ranks, with rank and cause in the message.
    /// </summary>
    /// <param name="body">The program.</param>
    /// <returns>The exit code of the process: 0, or 1 after an exception.</returns>
    public static int Run(Action<World> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var world = Init();
        try
        {
            body(world);
            return 0;
        }
        catch (DistributedException e)
        {
            // All ranks know of it, and end by themselves.
            if (world.IsMain || e.Rank == world.Rank) Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (Exception e) when (world.Size > 1)
        {
            if (e.Data.Contains(ToldOthers))
            {
                Console.Error.WriteLine($"[distributed] rank {world.Rank} of {world.Size} on {world.Host}: {e}");
                return 1;
            }
            world.Abort(e.ToString());
            return 1;
        }
    }

    /// <summary>
    /// Runs a program on ranks that are threads of this process, each with a <see cref="Generator.Default"/> of its own. For tests of what
    /// happens between ranks.
    /// </summary>
    /// <param name="ranks">The number of ranks.</param>
    /// <param name="body">The program of each rank.</param>
    /// <exception cref="Exception">
    /// What the first rank that failed has thrown; the others end with a <see cref="DistributedException"/>.
    /// </exception>
    public static void Threads(int ranks, Action<World> body)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ranks);
        ArgumentNullException.ThrowIfNull(body);
        var hub = new ThreadHub(ranks);
        ExceptionDispatchInfo? first = null;
        var threads = new Thread[ranks];
        for (int r = 0; r < ranks; r++)
        {
            int rank = r;
            threads[r] = new Thread(() =>
            {
                try
                {
                    using var world = new World(() => new ThreadTransport(hub, rank));
                    Generator.SetDefaultOfThread(new Generator(0));         // as a process has one
                    body(world);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);
                    hub.Break($"[distributed] rank {rank} of {ranks} has ended: {e.Message}");
                }
            })
            { Name = $"DeepNet rank {r}" };
        }
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        first?.Throw();
    }
}
