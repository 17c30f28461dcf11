using System.Diagnostics;
using DeepNet.Distributed.Nccl;
using DeepNet.Distributed.Running;
using DeepNet.Nn;

namespace DeepNet.Distributed.Gradients;

/// <summary>
/// Reduces gradients over all ranks while the backward pass goes on: a bucket is sent as soon as all of its gradients are complete, in the
/// same order on every rank.
/// </summary>
internal sealed class GradientExchange : IDisposable
{
    private readonly World world;
    private readonly List<Bucket> buckets = [];
    private readonly Dictionary<Parameter, Bucket> bucketOf = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyDictionary<Device, NcclLink> links;
    private readonly List<Work> sent = [], settling = [];
    private readonly int parts;
    private int next, part, batch, batches;
    private long reducing;
    private bool isLast;

    /// <summary>Makes the buckets.</summary>
    /// <param name="world">The ranks.</param>
    /// <param name="parameters">The parameters in the order of the model; those of the last layers are sent first.</param>
    /// <param name="parts">The number of parts of each batch that this rank computes.</param>
    /// <param name="bucketBytes">The size from which on a bucket is full.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="links">What connects GPUs, by device; gradients of others go through the host.</param>
    public GradientExchange(World world, IEnumerable<Parameter> parameters, int parts, long bucketBytes, BucketOptions options,
        IReadOnlyDictionary<Device, NcclLink> links)
    {
        (this.world, this.parts, this.links) = (world, parts, links);
        foreach (var kind in parameters.Where(p => p.RequiresGrad).Reverse().GroupBy(p => (p.Value.DType, p.Value.Device)))
        {
            var members = new List<Parameter>();
            long bytes = 0;
            foreach (var parameter in kind)
            {
                members.Add(parameter);
                bytes += parameter.Shape.Count * parameter.Value.DType.Size();
                if (bytes < bucketBytes) continue;
                Add(members, options);
                (members, bytes) = ([], 0);
            }
            if (members.Count > 0) Add(members, options);
        }
    }

    /// <summary>Gets the size of all that a step sends.</summary>
    public long Bytes => buckets.Sum(b => b.Bytes);

    /// <summary>Gets the time that reductions took, in ticks of <see cref="Stopwatch"/>.</summary>
    public long ReducedTicks => Interlocked.Read(ref reducing);

    /// <summary>Gets the time for which steps have waited for the reduction, in ticks of <see cref="Stopwatch"/>.</summary>
    public long WaitedTicks { get; private set; }

    private void Add(List<Parameter> members, BucketOptions options)
    {
        // In the tree, sums of what travels in half types are rounded by the host.
        var link = options is { IsTree: true, Wire: not null } ? null : links.GetValueOrDefault(members[0].Value.Device);
        var bucket = Bucket.Of(members, options, link);
        buckets.Add(bucket);
        foreach (var parameter in members)
        {
            bucketOf.Add(parameter, bucket);
            parameter.GradientReady += Ready;
        }
    }

    /// <summary>Begins a step over so many batches.</summary>
    public void Begin(int batches)
    {
        this.batches = batches;
        sent.Clear();
        next = 0;
        isLast = false;
    }

    /// <summary>Begins a part of a batch; the batches of one part come one after the other.</summary>
    public void BeginPart(int part, int batch)
    {
        this.part = part;
        if (batch == 0)
        {
            foreach (var bucket in buckets)
            {
                foreach (var parameter in bucket.Parameters) parameter.ZeroGrad();
                bucket.Open();
            }
        }
        this.batch = batch;
    }

    /// <summary>The pass that completes the gradients of the batch begins.</summary>
    public void BeginBackward() => isLast = IsLastOfStep;

    private bool IsLastOfStep => part == parts - 1 && batch == batches - 1;

    /// <summary>A batch of the part was gone through backwards; returns whether it was the part's last.</summary>
    public bool EndPart()
    {
        if (batch < batches - 1) return false;
        if (IsLastOfStep) Send();
        else
        {
            foreach (var bucket in buckets)
            {
                bucket.Close(part);
                bucket.Carry(part);
            }
        }
        return true;
    }

    /// <summary>Sends what was not sent yet, whatever it is, since the others wait for it.</summary>
    public void Flush()
    {
        isLast = false;
        while (next < buckets.Count) Post(buckets[next++], last: 0);
    }

    /// <summary>Waits until all is there.</summary>
    public void End()
    {
        isLast = false;
        long begun = Stopwatch.GetTimestamp();
        foreach (var work in sent) work.Wait();
        foreach (var work in settling) work.Wait();
        WaitedTicks += Stopwatch.GetTimestamp() - begun;
        foreach (var bucket in buckets) bucket.Deliver();
        sent.Clear();
        settling.Clear();
        next = 0;
        // Nobody waits for GPUs but the watchdog; what went wrong is told in the next step.
        foreach (var link in links.Values)
            settling.Add(world.Messenger.Post("the reduction of gradients on GPUs", link.Synchronize));
    }

    private void Send()
    {
        while (next < buckets.Count)
        {
            buckets[next].Close(parts - 1);
            Post(buckets[next++], parts - 1);
        }
    }

    private void Ready(Parameter parameter)
    {
        if (!isLast) return;
        bucketOf[parameter].Left--;
        while (next < buckets.Count && buckets[next].Left == 0)
        {
            buckets[next].Close(parts - 1);
            Post(buckets[next++], parts - 1);
        }
    }

    private void Post(Bucket bucket, int last)
    {
        bucket.BeforeReduction();
        sent.Add(world.Messenger.Post(
            $"the reduction of gradients, bucket {sent.Count + 1} of {buckets.Count},", () =>
            {
                long begun = Stopwatch.GetTimestamp();
                bucket.Reduce(world.Calls, last);
                Interlocked.Add(ref reducing, Stopwatch.GetTimestamp() - begun);
            }));
    }

    public void Dispose()
    {
        foreach (var bucket in buckets)
        {
            foreach (var parameter in bucket.Parameters) parameter.GradientReady -= Ready;
            bucket.Dispose();
        }
    }
}
