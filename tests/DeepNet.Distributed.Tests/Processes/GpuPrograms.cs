using DeepNet.Distributed.Nccl;
using DeepNet.Distributed.Tests.Training;
using DeepNet.Ilgpu;

namespace DeepNet.Distributed.Tests.Processes;

/// <summary>Programs of processes that have a CUDA device each.</summary>
internal static class GpuPrograms
{
    private static Device Gpu()
    {
        IlgpuDevices.Register();
        return Device.Parse("cuda:0");
    }

    /// <summary>Trains in all ways over NCCL, and compares with gradients that go through the host.</summary>
    public static void Train(World world)
    {
        var device = Gpu();
        Compare("a tree", through => new(world) { Shards = 8, BucketBytes = 500, ThroughHost = through });
        // Of two numbers there is one sum, in whatever order.
        if (world.Size > 2) return;
        Compare("the library's order", through => new(world) { BucketBytes = 500, ThroughHost = through });
        Compare("halves on the wire", through => new(world) { Wire = DType.BFloat16, ThroughHost = through });

        void Compare(string what, Func<bool, DataParallel> make)
        {
            string host = Run(make(true)), nccl = Run(make(false));
            Assert.Equal(host, nccl);
            if (world.IsMain) Console.WriteLine($"whole: {what}");
        }

        string Run(DataParallel made)
        {
            using var parallel = made;
            using var small = new Small(device);
            return small.Bits(small.Trainer(parallel).Fit(small.Train, small.Validation, epochs: 2));
        }
    }

    /// <summary>One rank asks for a longer sum than the others, on which GPUs would hang.</summary>
    public static void AskForDifferentCollectives(World world)
    {
        using var data = Memory.Keep(Tensor.Zeros([64], device: Gpu()));
        using var link = new NcclLink(world, data.Device);
        link.AllReduce(data.Storage.Block.Memory.Pointer, world.Rank == 0 ? 64 : 32, DType.Float32);
        var e = Assert.Throws<DistributedException>(link.Synchronize);
        Console.WriteLine($"whole: {e.Message}");
    }

    /// <summary>Gives the driver memory back that a collective has still to read.</summary>
    public static void FreeTooEarly(World world)
    {
        var device = Gpu();
        var data = Memory.Keep(Tensor.Zeros([1 << 20], device: device));
        using var link = new NcclLink(world, device);
        link.AllReduce(data.Storage.Block.Memory.Pointer, data.Count, DType.Float32);
        data.Dispose();
        device.Memory.Trim();
        var e = Assert.Throws<DistributedException>(link.Synchronize);
        Console.WriteLine($"whole: {e.Message}");
    }
}
