using DeepNet.Distributed.Nccl;
using DeepNet.Distributed.Transports;
using DeepNet.Nn;

namespace DeepNet.Distributed.Gradients;

/// <summary>
/// Gradients that travel together: they lie side by side in one tensor, in which backward passes gather them, with a number for each that
/// says whether anybody used the parameter.
/// </summary>
internal abstract class Bucket : IDisposable
{
    private const int Alignment = 16;                   // elements; each rank reduces as many whole vectors

    protected Bucket(IReadOnlyList<Parameter> parameters, BucketOptions options)
    {
        Options = options;
        Parameters = parameters;
        GradientCount = parameters.Sum(p => (int)p.Shape.Count);
        int unit = Alignment * options.Ranks, length = (GradientCount + parameters.Count + unit - 1) / unit * unit;
        var value = parameters[0].Value;
        Flat = Memory.Keep(Tensor.Zeros(new Shape(length), value.DType, value.Device));
        var views = new Tensor[parameters.Count];
        int at = 0;
        for (int i = 0; i < views.Length; i++)
        {
            int count = (int)parameters[i].Shape.Count;
            views[i] = Flat.Narrow(0, at, count).View([.. parameters[i].Shape]);
            at += count;
        }
        Views = views;
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Gets the places of the gradients.</summary>
    public IReadOnlyList<Tensor> Views { get; }

    /// <summary>Gets the size of what travels.</summary>
    public long Bytes => Flat.Count * (Options.Wire ?? Flat.DType).Size();

    /// <summary>Gets or sets the number of parameters whose gradients are not complete.</summary>
    public int Left { get; set; }

    protected BucketOptions Options { get; }

    /// <summary>Gets the tensor of the gradients, behind which there is room for as many numbers as there are parameters.</summary>
    protected Tensor Flat { get; }

    protected int GradientCount { get; }

    /// <summary>Makes a bucket.</summary>
    /// <param name="parameters">The parameters, of one type and on one device.</param>
    /// <param name="options">How their gradients travel.</param>
    /// <param name="link">What connects the GPU that they are on; null to go through the host.</param>
    public static Bucket Of(IReadOnlyList<Parameter> parameters, BucketOptions options, NcclLink? link = null)
        => link is null ? new HostBucket(parameters, options) : new DeviceBucket(parameters, options, link);

    /// <summary>Has the next backward pass gather in the bucket.</summary>
    public void Open()
    {
        for (int i = 0; i < Parameters.Count; i++)
            if (!ReferenceEquals(Parameters[i].PeekPlace(), Views[i])) Parameters[i].GatherIn(Views[i]);
        Left = Parameters.Count;
    }

    /// <summary>Puts what a part has gathered elsewhere, or not at all, into place.</summary>
    public void Close(int part)
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
        Closed(used, part);
    }

    /// <summary>Takes in which of the parameters a part has used, once all gradients are in place.</summary>
    protected abstract void Closed(float[] used, int part);

    /// <summary>Adds a part's gradients to those of the parts before it, in a binary tree.</summary>
    public abstract void Carry(int part);

    /// <summary>The last part is closed, and the reduction is asked for next.</summary>
    public virtual void BeforeReduction() { }

    /// <summary>Makes the gradients those of all ranks, after the last part; on the communication thread.</summary>
    public abstract void Reduce(ITransport transport, int lastPart);

    /// <summary>Gives the gradients to the parameters.</summary>
    public void Deliver()
    {
        float[] used = Received();
        for (int i = 0; i < used.Length; i++)
        {
            Parameters[i].GatherIn(Views[i]);
            if (used[i] > 0) Parameters[i].Gathered();
        }
    }

    /// <summary>
    /// Sees to it that the gradients are in place for what is computed next; returns how many parts have used each parameter.
    /// </summary>
    protected abstract float[] Received();

    protected static nint Address(Tensor tensor) => tensor.Storage.Block.Memory.Pointer + tensor.Offset * tensor.DType.Size();

    public virtual void Dispose()
    {
        foreach (var parameter in Parameters)
            if (parameter.RequiresGrad) parameter.Grad = null;
    }
}

/// <summary>Specifies the way in which gradients are reduced.</summary>
/// <param name="Ranks">The number of ranks.</param>
/// <param name="IsTree">Whether they are added in the one tree over all parts, which gives the same bits on any number of ranks.</param>
/// <param name="Wire">The element type on the wire; null for the gradients' own.</param>
internal sealed record BucketOptions(int Ranks, bool IsTree, DType? Wire);
