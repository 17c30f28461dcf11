using DeepNet.Distributed.Running;
using DeepNet.Distributed.Transports;

namespace DeepNet.Distributed;

public sealed partial class World
{
    /// <summary>Gives all ranks the elements that one rank has, in place.</summary>
    /// <param name="tensor">The tensor, of the same shape and type on every rank.</param>
    /// <param name="root">The rank whose elements they are.</param>
    public void Broadcast(Tensor tensor, int root = 0)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckRank(root);
        using var host = new HostCopy(tensor, writesBack: Rank != root);
        Do($"a broadcast of {tensor.Shape}", () => transport.Broadcast(host.Address, host.Bytes, root));
        host.WriteBack();
    }

    /// <summary>Reduces a tensor over all ranks, in place: each has the same result.</summary>
    /// <param name="tensor">The tensor, of the same shape and type on every rank.</param>
    /// <param name="reduction">How values become one.</param>
    public void AllReduce(Tensor tensor, Reduction reduction = Reduction.Sum)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Combine.Check("all_reduce", tensor.DType);
        using var host = new HostCopy(tensor, writesBack: true);
        Do($"an all-reduce of {tensor.Shape}", () => transport.AllReduce(host.Address, host.Count, tensor.DType, reduction));
        host.WriteBack();
    }

    /// <summary>Returns the tensors of all ranks, one after the other along a new first axis.</summary>
    /// <param name="tensor">The tensor, of the same shape and type on every rank.</param>
    public Tensor AllGather(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var from = new HostCopy(tensor);
        var all = Tensor.Empty(new Shape([Size, .. tensor.Shape]), tensor.DType);
        using var to = new HostCopy(all, writesBack: true);
        Do($"a gathering of {tensor.Shape}", () => transport.AllGather(from.Address, to.Address, from.Bytes));
        return all.To(tensor.Device);
    }

    /// <summary>
    /// Reduces a tensor over all ranks and returns this rank's part of it: the first axis is divided among the ranks, in their order.
    /// </summary>
    /// <param name="tensor">The tensor, of the same shape and type on every rank.</param>
    /// <param name="reduction">How values become one.</param>
    public Tensor ReduceScatter(Tensor tensor, Reduction reduction = Reduction.Sum)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Combine.Check("reduce_scatter", tensor.DType);
        var part = Part("reduce_scatter", tensor);
        using var from = new HostCopy(tensor);
        using var parts = Tensor.Empty(new Shape([Size, .. part]), tensor.DType);
        using var to = new HostCopy(parts, writesBack: true);
        Do($"a reduction of {tensor.Shape} in parts", () =>
        {
            transport.AllToAll(from.Address, to.Address, from.Bytes / Size);
            Combine.Tree(to.Address, Size, part.Count, tensor.DType, reduction);
        });
        return parts[0].CopyDense().To(tensor.Device);
    }

    /// <summary>
    /// Sends part j of the first axis to rank j, and returns what the ranks sent, in their order along the first axis.
    /// </summary>
    /// <param name="tensor">The tensor, of the same shape and type on every rank.</param>
    public Tensor AllToAll(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _ = Part("all_to_all", tensor);
        using var from = new HostCopy(tensor);
        var all = Tensor.Empty(tensor.Shape, tensor.DType);
        using var to = new HostCopy(all, writesBack: true);
        Do($"an exchange of {tensor.Shape}", () => transport.AllToAll(from.Address, to.Address, from.Bytes / Size));
        return all.To(tensor.Device);
    }

    private Shape Part(string operation, Tensor tensor)
    {
        if (tensor.Rank == 0 || tensor.Shape[0] % Size != 0)
            throw new ArgumentException($"[{operation}] the first axis of {tensor.Shape} cannot be divided among {Size} ranks; its length "
                + $"must be a multiple of {Size}.");
        return new Shape([tensor.Shape[0] / Size, .. tensor.Shape.Skip(1)]);
    }
}
