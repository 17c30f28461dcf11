using DeepNet.Distributed.Transports;
using DeepNet.Nn;

namespace DeepNet.Distributed.Gradients;

/// <summary>Gradients that travel through memory of the host: where they are, or a copy of those of another device.</summary>
internal sealed unsafe class HostBucket : Bucket
{
    private readonly Tensor host;
    private readonly List<Tensor> levels = [];          // sums of 1, 2, 4… parts that wait for as many more
    private Tensor? received;

    public HostBucket(IReadOnlyList<Parameter> parameters, BucketOptions options) : base(parameters, options)
        => host = Flat.Device == Device.Cpu ? Flat : Memory.Keep(Tensor.Zeros(Flat.Shape, Flat.DType));

    private Tensor Flags => host.Narrow(0, GradientCount, Parameters.Count);

    protected override void Closed(float[] used, int part)
    {
        if (!ReferenceEquals(Flat, host)) host.Narrow(0, 0, GradientCount).CopyFrom(Flat.Narrow(0, 0, GradientCount).To(Device.Cpu));
        Flags.CopyFrom(Tensor.From<float>(used, new Shape(used.Length)).To(host.DType));
    }

    public override void Carry(int part)
    {
        int level = Merge(part);
        if (level == levels.Count) levels.Add(Memory.Keep(Tensor.EmptyLike(host)));
        long bytes = host.Count * host.DType.Size();
        Buffer.MemoryCopy((void*)Address(host), (void*)Address(levels[level]), bytes, bytes);
    }

    public override void Reduce(ITransport transport, int lastPart)
    {
        Merge(lastPart);
        int n = transport.Size;
        if (n == 1) return;
        if (Options.Wire is { } wire) ReduceIn(wire, transport);
        else if (Options.IsTree) ReduceTree(transport);
        else transport.AllReduce(Address(host), host.Count, host.DType, Reduction.Sum);
    }

    protected override float[] Received()
    {
        if (!ReferenceEquals(Flat, host)) Flat.CopyFrom(host.To(Flat.Device));
        return Flags.To(DType.Float32).ToArray<float>();
    }

    // Parts 0 to 2^k − 1 are a whole subtree when part 2^k − 1 is done; its sum was waiting at the levels of the bits of the number.
    private int Merge(int part)
    {
        int level = 0;
        for (; (part >> level & 1) != 0; level++)
            Combine.Into(Address(host), Address(levels[level]), host.Count, host.DType, Reduction.Sum);
        return level;
    }

    // Slice j of every rank goes to rank j, which adds them in the tree over ranks; the slices come back.
    private void ReduceTree(ITransport transport)
    {
        received ??= Memory.Keep(Tensor.EmptyLike(host));
        long slice = host.Count / transport.Size, bytes = slice * host.DType.Size();
        transport.AllToAll(Address(host), Address(received), bytes);
        Combine.Tree(Address(received), transport.Size, slice, host.DType, Reduction.Sum);
        transport.AllGather(Address(received), Address(host), bytes);
    }

    // The same with numbers of half the size on the wire; sums are those of float32.
    private void ReduceIn(DType wire, ITransport transport)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = Memory.Scope();
        int slice = (int)(host.Count / transport.Size);
        long bytes = (long)slice * wire.Size();
        var sent = host.To(wire);
        var got = Tensor.EmptyLike(sent);
        transport.AllToAll(Address(sent), Address(got), bytes);
        var sums = got.To(host.DType);
        Combine.Tree(Address(sums), transport.Size, slice, host.DType, Reduction.Sum);
        var mine = sums.Narrow(0, 0, slice).To(wire);
        transport.AllGather(Address(mine), Address(sent), bytes);
        host.CopyFrom(sent.To(host.DType));
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var level in levels) level.Dispose();
        received?.Dispose();
        if (!ReferenceEquals(Flat, host)) host.Dispose();
        Flat.Dispose();
    }
}
