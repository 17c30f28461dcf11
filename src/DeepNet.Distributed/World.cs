using System.Text.Json.Serialization.Metadata;
using DeepNet.Distributed.Running;
using DeepNet.Distributed.Transports;

namespace DeepNet.Distributed;

/// <summary>
/// The ranks of a run, as one of them sees them: processes on one machine or several, or this process alone. Its methods are collectives:
/// every rank calls the same ones in the same order.
/// </summary>
/// <remarks>
/// A thread of the world's own makes all calls of the transport. Methods may be called by any thread; where several call, the order of the
/// calls is the program's business.
/// </remarks>
public sealed partial class World : IDisposable
{
    /// <summary>The time that a collective may take unless <see cref="Timeout"/> says otherwise.</summary>
    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    private readonly Messenger messenger;
    private readonly ITransport transport;
    private readonly Action? left;

    internal World(Func<ITransport> open, Action? left = null)
    {
        this.left = left;
        messenger = new Messenger(open);
        transport = messenger.Transport;
        messenger.Limit = DefaultTimeout;
        string[] hosts = AllGather(Environment.MachineName, WorldJson.Default.String);
        Hosts = hosts;
        LocalRank = hosts.Take(Rank).Count(h => h == hosts[Rank]);
    }

    /// <summary>Gets the number of this rank, from 0.</summary>
    public int Rank => transport.Rank;

    /// <summary>Gets the number of ranks.</summary>
    public int Size => transport.Size;

    /// <summary>Gets the number of this rank among those of its host, from 0.</summary>
    public int LocalRank { get; }

    /// <summary>Gets the name of this rank's host.</summary>
    public string Host => Hosts[Rank];

    /// <summary>Gets the names of the hosts, rank by rank.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>Gets the name and version of what carries the data.</summary>
    public string Transport => transport.Name;

    /// <summary>Gets a value that is true on rank 0, which shows progress and writes files.</summary>
    public bool IsMain => Rank == 0;

    /// <summary>
    /// Gets the device of this rank: of the GPUs of its host the one that its local rank counts to, else the processor. Backends are
    /// registered before it is asked for.
    /// </summary>
    public Device Device
    {
        get
        {
            Device[] gpus = [.. Device.All.Where(d => d.Kind == DeviceKind.Cuda)];
            return gpus.Length == 0 ? Device.Cpu : gpus[LocalRank % gpus.Length];
        }
    }

    /// <summary>
    /// Gets or sets the time that a collective may take. After it the run is given up: a link that is cut would hold all ranks for ever.
    /// 10 minutes by default; <see cref="TimeSpan.MaxValue"/> for no limit.
    /// </summary>
    public TimeSpan Timeout
    {
        get => messenger.Limit;
        set => messenger.Limit = value;
    }

    /// <summary>Gets the transport's thread.</summary>
    internal Messenger Messenger => messenger;

    /// <summary>Gets the calls of the transport, for works that run on its thread.</summary>
    internal ITransport Calls => transport;

    /// <summary>Returns when all ranks have called it.</summary>
    public void Barrier() => Do("a barrier", transport.Barrier);

    /// <summary>Returns the value of one rank on all of them.</summary>
    /// <typeparam name="T">The type of the value, which travels as JSON.</typeparam>
    /// <param name="value">The value; that of the root counts.</param>
    /// <param name="type">How the type is written, from a source-generated context.</param>
    /// <param name="root">The rank whose value it is.</param>
    public T Broadcast<T>(T value, JsonTypeInfo<T> type, int root = 0)
    {
        ArgumentNullException.ThrowIfNull(type);
        CheckRank(root);
        byte[] bytes = Rank == root ? Objects.Write(value, type) : [];
        return Objects.Read(Do("a broadcast of an object", () => Objects.Broadcast(transport, bytes, root)), type);
    }

    /// <summary>Returns the values of all ranks, in the order of the ranks.</summary>
    /// <typeparam name="T">The type of the values, which travel as JSON.</typeparam>
    /// <param name="value">The value of this rank.</param>
    /// <param name="type">How the type is written, from a source-generated context.</param>
    public T[] AllGather<T>(T value, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        byte[] bytes = Objects.Write(value, type);
        byte[][] all = Do("a gathering of objects", () => Objects.AllGather(transport, bytes));
        return [.. all.Select(b => Objects.Read(b, type))];
    }

    /// <summary>
    /// Ends all ranks, in whatever they are, with a message on this rank's error output. For errors that only one rank knows of.
    /// </summary>
    /// <param name="message">What happened.</param>
    public void Abort(string message)
    {
        ArgumentException.ThrowIfNullOrEmpty(message);
        messenger.Abort($"[distributed] rank {Rank} of {Size} on {Host}: {message}");
    }

    /// <summary>Leaves the world; all ranks do. Waits for the others.</summary>
    public void Dispose()
    {
        try
        {
            messenger.Dispose();
        }
        finally
        {
            left?.Invoke();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"rank {Rank} of {Size} on {Host}, by {Transport}";

    /// <summary>Has the transport's thread do something, and waits for it. One rank alone waits for nobody, and does it itself.</summary>
    internal void Do(string name, Action action)
    {
        if (Size == 1) action();
        else messenger.Post(name, action).Wait();
    }

    private T Do<T>(string name, Func<T> action)
    {
        T result = default!;
        Do(name, () => { result = action(); });
        return result;
    }

    private void CheckRank(int rank)
    {
        if (rank < 0 || rank >= Size) throw new ArgumentOutOfRangeException(nameof(rank), rank,
            $"[distributed] ranks are 0 to {Size - 1}.");
    }
}
