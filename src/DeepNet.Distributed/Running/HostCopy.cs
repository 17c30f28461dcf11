namespace DeepNet.Distributed.Running;

/// <summary>
/// The elements of a tensor side by side in memory of the host: where they are, if they lie so, else a copy that can be written back.
/// </summary>
internal sealed class HostCopy : IDisposable
{
    private readonly Tensor tensor, dense;
    private readonly bool isCopy, writesBack;

    public HostCopy(Tensor tensor, bool writesBack = false)
    {
        (this.tensor, this.writesBack) = (tensor, writesBack);
        isCopy = !tensor.IsContiguous || tensor.Device != Device.Cpu;
        dense = isCopy ? tensor.Detach().To(Device.Cpu).CopyDense() : tensor;
        if (!isCopy) tensor.Storage.OpenLease(writesBack);
    }

    public nint Address => dense.Storage.Block.Memory.Pointer + dense.Offset * dense.DType.Size();

    public long Count => dense.Count;

    public long Bytes => Count * dense.DType.Size();

    /// <summary>Puts what was written into the tensor.</summary>
    public void WriteBack()
    {
        if (!isCopy) return;
        using var noGrad = Autograd.NoGrad();
        tensor.CopyFrom(dense.To(tensor.Device));
    }

    public void Dispose()
    {
        if (isCopy) dense.Dispose();
        else tensor.Storage.CloseLease(writesBack);
    }
}
