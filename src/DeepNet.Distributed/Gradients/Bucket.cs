using DeepNet.Distributed.Transports;
using DeepNet.Nn;

namespace DeepNet.Distributed.Gradients;

/// <summary>
/// Gradients that travel together: they lie side by side in one tensor, in which backward passes gather them, with a number for each that
/// says whether anybody used the parameter.
/// </summary>
internal sealed unsafe class Bucket : IDisposable
{
    private const int Alignment = 16;                   // elements; each rank reduces as many whole vectors

    private readonly BucketOptions options;
    private readonly Tensor flat, host;
    private readonly List<Tensor> levels = [];          // sums of 1, 2, 4… parts that wait for as many more
    private Tensor? received;
    private readonly int gradients;

    public Bucket(IReadOnlyList<Parameter> parameters, BucketOptions options)
    {
        this.options = options;
        Parameters = parameters;
        gradients = parameters.Sum(p => (int)p.Shape.Count);
        int unit = Alignment * options.Ranks, length = (gradients + parameters.Count + unit - 1) / unit * unit;
        var value = parameters[0].Value;
        flat = Memory.Keep(Tensor.Zeros(new Shape(length), value.DType, value.Device));
        host = value.Device == Device.Cpu ? flat : Memory.Keep(Tensor.Zeros(new Shape(length), value.DType));
        var views = new Tensor[parameters.Count];
        int at = 0;
        for (int i = 0; i < views.Length; i++)
        {
            int count = (int)parameters[i].Shape.Count;
            views[i] = flat.Narrow(0, at, count).View([.. parameters[i].Shape]);
            at += count;
        }
        Views = views;
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Gets the places of the gradients.</summary>
    public IReadOnlyList<Tensor> Views { get; }

    /// <summary>Gets the size of what travels.</summary>
    public long Bytes => host.Count * (options.Wire ?? host.DType).Size();

    /// <summary>Gets or sets the number of parameters whose gradients are not complete.</summary>
    public int Left { get; set; }

    /// <summary>Has the next backward pass gather in the bucket.</summary>
    public void Open()
    {
        for (int i = 0; i < Parameters.Count; i++)
            if (!ReferenceEquals(Parameters[i].PeekPlace(), Views[i])) Parameters[i].GatherIn(Views[i]);
        Left = Parameters.Count;
    }

    /// <summary>Puts what was gathered elsewhere, or not at all, into place.</summary>
    public void Close()
    {
        var used = new float[Parameters.Count];
        for (int i = 0; i < used.Length; i++)
        {
            var (parameter, view) = (Parameters[i], Views[i]);
            var gradient = parameter.PeekRows() is { } rows ? rows.ToDense() : parameter.PeekGrad();
            used[i] = gradient is null ? 0 : 1;
            if (gradient is null) view.FillInPlace(0);
            else if (!ReferenceEquals(gradient, view)) view.CopyFrom(gradient);
        }
        flat.Narrow(0, gradients, used.Length).CopyFrom(Tensor.From<float>(used, new Shape(used.Length)).To(flat.DType).To(flat.Device));
        if (!ReferenceEquals(flat, host)) host.CopyFrom(flat.To(Device.Cpu));
    }

    /// <summary>Adds a part's gradients to those of the parts before it, in a binary tree.</summary>
    public void Carry(int part)
    {
        int level = Merge(part);
        if (level == levels.Count) levels.Add(Memory.Keep(Tensor.EmptyLike(host)));
        long bytes = host.Count * host.DType.Size();
        Buffer.MemoryCopy((void*)Address(host), (void*)Address(levels[level]), bytes, bytes);
    }

    /// <summary>Makes the gradients those of all ranks, after the last part; on the communication thread.</summary>
    public void Reduce(ITransport transport, int lastPart)
    {
        Merge(lastPart);
        int n = transport.Size;
        if (n == 1) return;
        if (options.Wire is { } wire) ReduceIn(wire, transport);
        else if (options.IsTree) ReduceTree(transport);
        else transport.AllReduce(Address(host), host.Count, host.DType, Reduction.Sum);
    }

    /// <summary>Gives the gradients to the parameters.</summary>
    public void Deliver()
    {
        if (!ReferenceEquals(flat, host)) flat.CopyFrom(host.To(flat.Device));
        float[] used = host.Narrow(0, gradients, Parameters.Count).To(DType.Float32).ToArray<float>();
        for (int i = 0; i < used.Length; i++)
        {
            Parameters[i].GatherIn(Views[i]);
            if (used[i] > 0) Parameters[i].Gathered();
        }
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

    private static nint Address(Tensor tensor) => tensor.Storage.Block.Memory.Pointer + tensor.Offset * tensor.DType.Size();

    public void Dispose()
    {
        foreach (var parameter in Parameters)
            if (parameter.RequiresGrad) parameter.Grad = null;
        foreach (var level in levels) level.Dispose();
        received?.Dispose();
        if (!ReferenceEquals(flat, host)) host.Dispose();
        flat.Dispose();
    }
}

/// <summary>Specifies the way in which gradients are reduced.</summary>
/// <param name="Ranks">The number of ranks.</param>
/// <param name="IsTree">Whether they are added in the one tree over all parts, which gives the same bits on any number of ranks.</param>
/// <param name="Wire">The element type on the wire; null for the gradients' own.</param>
internal sealed record BucketOptions(int Ranks, bool IsTree, DType? Wire);
