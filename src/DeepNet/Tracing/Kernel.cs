namespace DeepNet.Tracing;

/// <summary>One call of a device's kernel: what was asked, with which operands. It can be run again, with others in their places.</summary>
/// <param name="name">The kernel and, where there is one, its formula.</param>
/// <param name="device">The device itself.</param>
/// <param name="operands">The tensors that it reads, then those that it writes; null for those that are left out.</param>
/// <param name="reads">How many it reads.</param>
internal abstract class Kernel(string name, Device device, Tensor?[] operands, int reads)
{
    /// <summary>Gets the kernel's name.</summary>
    public string Name => name;

    /// <summary>Gets the device that runs it.</summary>
    public Device Device => device;

    /// <summary>Gets the tensors that it reads, then those that it writes. What it adds to is among both.</summary>
    public Tensor?[] Operands => operands;

    /// <summary>Gets the number of operands that it reads.</summary>
    public int Reads => reads;

    /// <summary>Gets all that it was told besides its operands, to be compared.</summary>
    public virtual object? Settings => null;

    /// <summary>Gets the multiplications and additions of products and convolutions; 0 where they are few for each element.</summary>
    public virtual double Flops => 0;

    /// <summary>Gets the bytes of all operands: what has to be moved at least.</summary>
    public virtual long Bytes
    {
        get
        {
            long sum = 0;
            foreach (var tensor in operands) if (tensor is not null) sum += (long)tensor.Count * tensor.DType.Size();
            return sum;
        }
    }

    /// <summary>Runs the kernel on operands of the shapes and layouts that it was recorded with.</summary>
    public abstract void Run(Tensor?[] operands);
}
