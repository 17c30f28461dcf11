using DeepNet.Devices;
using DeepNet.Distributed.Running;

namespace DeepNet.Distributed.Nccl;

/// <summary>
/// The connection of a GPU of this rank with those of the others: NCCL's collectives on a stream of their own, beside the kernels of the
/// backward pass. Events order the two streams; nobody on the host waits.
/// </summary>
internal sealed class NcclLink : IDisposable
{
    private readonly World world;
    private readonly ICudaDevice device;
    private readonly NcclLibrary library;
    private readonly AddKernel add;
    private readonly nint stream, communicator;

    /// <summary>Joins the ranks; all of them call it. Those without a library or a GPU make all of them throw.</summary>
    public NcclLink(World world, Device device)
    {
        string[] causes = world.AllGather(WhyNot(device) ?? "", WorldJson.Default.String);
        if (Array.FindIndex(causes, c => c.Length > 0) is >= 0 and var rank)
            throw new DistributedException($"[data_parallel] on rank {rank}, {world.Hosts[rank]}, {causes[rank]}.", rank);
        (this.world, this.device, library) = (world, (ICudaDevice)device, NcclLibrary.Loaded);
        string text = world.Broadcast(world.IsMain ? library.NewId().ToString() : "", WorldJson.Default.String);
        var id = NcclId.Parse(text);
        nint joined = 0;
        world.Do("the start of NCCL", () =>
        {
            this.device.MakeCurrent();
            joined = library.Join(world.Size, id, world.Rank);
        });
        communicator = joined;
        this.device.MakeCurrent();
        stream = CudaDriver.NewStream();
        add = new AddKernel();
    }

    private static string? WhyNot(Device device)
        => device is not ICudaDevice ? $"the gradients are on {device}, which has no part in NCCL" : NcclLibrary.Missing;

    /// <summary>Gets the name and version of the library.</summary>
    public string Name => $"NCCL {library.Version}";

    /// <summary>Gets the number of ranks.</summary>
    public int Size => world.Size;

    /// <summary>Has what is sent from now on wait for the device's work so far. On any thread.</summary>
    public void Follow(nint mark)
    {
        device.MakeCurrent();
        CudaDriver.Record(mark, device.Stream);
        CudaDriver.Wait(stream, mark);
    }

    /// <summary>Says when all is done that was sent so far.</summary>
    public void Mark(nint mark)
    {
        device.MakeCurrent();
        CudaDriver.Record(mark, stream);
    }

    /// <summary>Has the device's work from now on wait for a mark.</summary>
    public void Lead(nint mark)
    {
        device.MakeCurrent();
        CudaDriver.Wait(device.Stream, mark);
    }

    /// <summary>Adds over the ranks in place, in the library's order.</summary>
    public void AllReduce(nint data, long count, DType type)
    {
        device.MakeCurrent();
        library.AllReduce(data, count, type, communicator, stream);
    }

    /// <summary>
    /// Adds over the ranks in place, in the tree over ranks: slice j of every rank goes to rank j, and its sum comes back.
    /// </summary>
    public void AllReduceTree(nint data, nint received, long count, DType type)
    {
        device.MakeCurrent();
        long slice = count / Size;
        library.AllToAll(data, received, slice, type, Size, communicator, stream);
        add.Tree(received, Size, slice, type, stream);
        library.AllGather(received, data, slice, type, communicator, stream);
    }

    /// <summary>a += b among the device's own work.</summary>
    public void Add(nint a, nint b, long count, DType type)
    {
        device.MakeCurrent();
        add.Run(a, b, count, type, device.Stream);
    }

    /// <summary>Waits until all is done that was sent; on the communication thread, whose watchdog then sees a rank that is gone.</summary>
    public void Synchronize()
    {
        device.MakeCurrent();
        CudaDriver.Synchronize(stream);
        library.CheckLater(communicator);
    }

    public void Dispose()
    {
        device.MakeCurrent();
        CudaDriver.Synchronize(stream);
        library.Leave(communicator);
        add.Dispose();
        CudaDriver.Destroy(stream);
    }
}
