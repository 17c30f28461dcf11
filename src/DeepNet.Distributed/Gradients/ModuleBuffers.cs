using DeepNet.Distributed.Transports;
using DeepNet.Nn;

namespace DeepNet.Distributed.Gradients;

/// <summary>
/// The buffers of a model, such as the running statistics of norms: every part of a step begins with what they were before it, and the
/// changes are averaged by the numbers of examples, in the same tree as gradients.
/// </summary>
internal sealed class ModuleBuffers : IDisposable
{
    private readonly Bucket bucket;
    private readonly StateBuffer[] buffers;
    private readonly Parameter change;
    private readonly Tensor?[] start;

    /// <summary>Makes them of a model; null if it has none.</summary>
    public static ModuleBuffers? Of(Module model, BucketOptions options)
    {
        StateBuffer[] buffers = [.. model.NamedBuffers().Select(b => b.Buffer)];
        return buffers.Length == 0 ? null : new ModuleBuffers(buffers, options with { Wire = null });
    }

    private ModuleBuffers(StateBuffer[] buffers, BucketOptions options)
    {
        this.buffers = buffers;
        start = new Tensor?[buffers.Length];
        int count = buffers.Sum(b => (int)b.Value.Count);
        change = new Parameter(Tensor.Zeros(new Shape(count)));
        bucket = Bucket.Of([change], options);
    }

    public void Begin()
    {
        Release();
        for (int i = 0; i < buffers.Length; i++) start[i] = Memory.Keep(buffers[i].Value.CopyDense());
    }

    public void BeginPart()
    {
        using var noGrad = Autograd.NoGrad();
        for (int i = 0; i < buffers.Length; i++) buffers[i].Value.CopyFrom(start[i]!);
    }

    /// <summary>Takes in how a part has changed them.</summary>
    public void EndPart(int part, double share, bool isLast)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = Memory.Scope();
        Tensor[] changes = [.. buffers.Select((b, i) => (b.Value - start[i]!).To(DType.Float32).To(Device.Cpu).Reshape(-1))];
        change.Grad = Tensor.Cat(changes) * share;
        bucket.Close(part);
        if (!isLast) bucket.Carry(part);
    }

    /// <summary>Averages over all ranks; on the communication thread.</summary>
    public void Reduce(ITransport transport, int lastPart) => bucket.Reduce(transport, lastPart);

    public void End()
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = Memory.Scope();
        bucket.Deliver();
        var all = change.PeekGrad()!;
        int at = 0;
        for (int i = 0; i < buffers.Length; i++)
        {
            var value = buffers[i].Value;
            var mean = all.Narrow(0, at, (int)value.Count).Reshape([.. value.Shape]);
            at += (int)value.Count;
            if (!value.DType.IsFloating()) mean = mean.Round();
            value.CopyFrom(start[i]! + mean.To(value.DType).To(value.Device));
        }
        Release();
    }

    private void Release()
    {
        for (int i = 0; i < start.Length; i++)
        {
            start[i]?.Dispose();
            start[i] = null;
        }
    }

    public void Dispose()
    {
        Release();
        bucket.Dispose();
        change.Value.Dispose();
    }
}
