using DeepNet.Distributed.Nccl;
using DeepNet.Distributed.Transports;
using DeepNet.Nn;

namespace DeepNet.Distributed.Gradients;

/// <summary>
/// Gradients that stay on a GPU and travel by NCCL. The host only asks for what is done, and waits for none of it; which parameters were
/// used goes from host to host.
/// </summary>
internal sealed unsafe class DeviceBucket : Bucket
{
    private readonly NcclLink link;
    private readonly nint mark = CudaDriver.NewEvent();
    private readonly List<Tensor> levels = [];          // sums of 1, 2, 4… parts that wait for as many more
    private readonly float[] sum;                       // of the parts and ranks that have used each parameter
    private int free;                                   // the level at which the sum so far would wait
    private Tensor? other;                              // what travels in another type, or slices that were received

    public DeviceBucket(IReadOnlyList<Parameter> parameters, BucketOptions options, NcclLink link) : base(parameters, options)
    {
        this.link = link;
        sum = new float[parameters.Count];
    }

    protected override void Closed(float[] used, int part)
    {
        if (part == 0) Array.Clear(sum);
        for (int i = 0; i < sum.Length; i++) sum[i] += used[i];
        // Parts 0 to 2^k − 1 are a whole subtree when part 2^k − 1 is done; its sum was waiting at the levels of the bits of the number.
        int level = 0;
        for (; (part >> level & 1) != 0; level++) link.Add(Address(Flat), Address(levels[level]), Flat.Count, Flat.DType);
        free = level;
    }

    public override void Carry(int part)
    {
        if (free == levels.Count) levels.Add(Memory.Keep(Tensor.EmptyLike(Flat)));
        levels[free].CopyFrom(Flat);
    }

    // The reduction comes after the device's work so far.
    public override void BeforeReduction()
    {
        if (Options.Wire is { } wire) (other ??= Memory.Keep(Tensor.Empty(Flat.Shape, wire, Flat.Device))).CopyFrom(Flat);
        else if (Options.IsTree) other ??= Memory.Keep(Tensor.EmptyLike(Flat));
        link.Follow(mark);
    }

    public override void Reduce(ITransport transport, int lastPart)
    {
        fixed (float* numbers = sum) transport.AllReduce((nint)numbers, sum.Length, DType.Float32, Reduction.Sum);
        if (Options.Wire is { } wire) link.AllReduce(Address(other!), Flat.Count, wire);
        else if (Options.IsTree) link.AllReduceTree(Address(Flat), Address(other!), Flat.Count, Flat.DType);
        else link.AllReduce(Address(Flat), Flat.Count, Flat.DType);
        link.Mark(mark);
    }

    protected override float[] Received()
    {
        link.Lead(mark);
        if (Options.Wire is not null) Flat.CopyFrom(other!);
        return sum;
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var level in levels) level.Dispose();
        other?.Dispose();
        Flat.Dispose();
        CudaDriver.Forget(mark);
    }
}
