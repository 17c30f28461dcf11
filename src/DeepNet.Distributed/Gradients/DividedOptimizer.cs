using DeepNet.Optim;

namespace DeepNet.Distributed.Gradients;

/// <summary>
/// An optimizer whose parameters are divided among the ranks: each updates its own ones and remembers their states, and gives the new
/// weights to the others.
/// </summary>
internal sealed class DividedOptimizer : IDisposable
{
    private const int States = 3;                       // that an optimizer may remember of a parameter

    private readonly World world;
    private readonly List<(ParameterProgress Progress, int Owner)> parameters = [];
    private readonly int longest;
    private bool isWhole = true;

    public DividedOptimizer(World world, Optimizer optimizer)
    {
        this.world = world;
        if (optimizer is not FusedOptimizer)
            throw new NotSupportedException(
                $"[data_parallel] the state of {optimizer.Name} cannot be divided: its step looks at parameters as a whole, or at "
                    + $"several of them. "
                + "Leave out ShardOptimizer, or take AdamW, Adam, SGD or another one that updates each element by itself.");
        long[] load = new long[world.Size];
        foreach (var progress in optimizer.Groups.SelectMany(g => g.Progress))
        {
            int owner = Array.IndexOf(load, load.Min());
            load[owner] += progress.Parameter.Shape.Count;
            progress.IsElsewhere = owner != world.Rank;
            parameters.Add((progress, owner));
        }
        longest = checked((int)load.Max());
    }

    /// <summary>Gives the weights of this rank's parameters to the others, and takes theirs.</summary>
    public void ExchangeWeights()
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = Memory.Scope();
        var type = parameters.Any(p => p.Progress.Parameter.Value.DType == DType.Float64) ? DType.Float64 : DType.Float32;
        var own = Tensor.Zeros(new Shape(longest), type);
        foreach (var (tensor, at) in Places(world.Rank))
            own.Narrow(0, at, (int)tensor.Count).CopyFrom(tensor.Reshape(-1).To(Device.Cpu).To(own.DType));
        var all = world.AllGather(own);
        for (int rank = 0; rank < world.Size; rank++)
        {
            if (rank == world.Rank) continue;
            foreach (var (tensor, at) in Places(rank))
                tensor.CopyFrom(all[rank].Narrow(0, at, (int)tensor.Count).Reshape([.. tensor.Shape]).To(tensor.DType).To(tensor.Device));
        }
    }

    /// <summary>Gathers all states on every rank, to be saved.</summary>
    public void Gather()
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (progress, owner) in parameters)
        {
            bool isOwn = owner == world.Rank;
            double[] facts = world.Broadcast(
                [progress.Carry, .. Enumerable.Range(0, States).Select(i => progress[i] is { } s ? 1 + s.Rank : 0.0),
                    .. Enumerable.Range(0, States).SelectMany(i => progress[i] is { } s ? s.Shape.Select(l => (double)l) : [])],
                WorldJson.Default.DoubleArray, owner);
            progress.Carry = facts[0];
            int at = 1 + States;
            for (int i = 0; i < States; i++)
            {
                if (facts[1 + i] == 0) continue;
                int rank = (int)facts[1 + i] - 1;
                var shape = new Shape([.. facts.Skip(at).Take(rank).Select(l => (int)l)]);
                at += rank;
                if (!isOwn) progress[i] = Tensor.Zeros(shape, progress.Parameter.Value.DType, progress.Parameter.Value.Device);
                world.Broadcast(progress[i]!, owner);
            }
        }
        isWhole = true;
    }

    /// <summary>Lets go of the states of others' parameters.</summary>
    public void Release()
    {
        if (!isWhole) return;
        isWhole = false;
        foreach (var (progress, _) in parameters.Where(p => p.Progress.IsElsewhere))
        {
            for (int i = 0; i < States; i++)
            {
                progress[i]?.Dispose();
                progress[i] = null;
            }
        }
    }

    private IEnumerable<(Tensor Tensor, int At)> Places(int rank)
    {
        int at = 0;
        foreach (var (progress, owner) in parameters)
        {
            if (owner != rank) continue;
            yield return (progress.Parameter.Value, at);
            at += (int)progress.Parameter.Shape.Count;
        }
    }

    /// <summary>
    /// Gives every rank all states, so that the optimizer can be used alone; after a failure the others are gone, and nothing is given.
    /// </summary>
    public void Dispose()
    {
        foreach (var (progress, _) in parameters) progress.IsElsewhere = false;
    }
}
