using System.Globalization;
using System.Numerics;
using System.Text;
using DeepNet.Data;
using DeepNet.Devices.Cpu;
using DeepNet.Distributed.Gradients;
using DeepNet.Distributed.Nccl;
using DeepNet.Distributed.Running;
using DeepNet.Nn;
using DeepNet.Training;

namespace DeepNet.Distributed;

/// <summary>
/// Data-parallel training: every rank has the whole model and computes a part of each batch; gradients are added over the ranks while the
/// backward pass goes on. All ranks run the same program, with the same seeds.
/// </summary>
/// <example><code>
/// return Distributed.Run(world =>
/// {
///     …
///     var trainer = new Trainer(model, optimizer, Loss.CrossEntropy) { Strategy = new DataParallel(world) { Shards = 8 } };
///     trainer.Resume("runs/mnist");
///     trainer.Fit(train, validation, epochs: 20);         // mpirun -n 4 dotnet App.dll
/// });
/// </code></example>
/// <remarks>
/// A batch of the loader is that of all ranks together. <c>Trainer.Evaluate</c> is shared in the same
/// way, so that all ranks call it; <c>Trainer.Predict</c> is each rank's own.
/// </remarks>
public sealed partial class DataParallel : Strategy, IDisposable
{
    private readonly World world;
    private GradientExchange? gradients;
    private ModuleBuffers? buffers;
    private DividedOptimizer? divided;
    private readonly Dictionary<Device, NcclLink> links = [];
    private readonly List<BatchNorm> norms = [];
    private Work? bufferWork;
    private int part, batch;
    private double share;
    private bool isReduced;
    private GeneratorState keys;
    private CommunicationFigures figures;
    private DrawKey stepKey;

    /// <summary>Makes the strategy of the ranks of a world.</summary>
    /// <param name="world">The ranks.</param>
    public DataParallel(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        this.world = world;
    }

    /// <summary>
    /// Gets the number of parts into which each batch is cut, whatever the number of ranks: a power of two that the number of ranks
    /// divides. Runs on 1, 2, 4… ranks then have the same bits: gradients are added in one tree over the parts, norms of batches see a part
    /// each, and dropout is drawn for a part. Null, the default, for one part a rank, which is fastest; bits then depend on the number of
    /// ranks.
    /// </summary>
    public int? Shards
    {
        get;
        init
        {
            if (value is { } shards && (!BitOperations.IsPow2(shards) || shards % world.Size != 0))
                throw new ArgumentException(
                    $"[data_parallel] {shards} shards cannot be divided among {world.Size} ranks: it must be a power of two, and a "
                        + $"multiple of "
                    + "the number of ranks.");
            field = value;
        }
    }

    /// <summary>
    /// Gets the element type in which gradients travel: bfloat16 halves what is sent, and rounds what each rank gives and the sum. Null,
    /// the default, for that of the parameters.
    /// </summary>
    public DType? Wire
    {
        get;
        init
        {
            if (value is not (null or DType.BFloat16 or DType.Float16 or DType.Float32))
                throw new ArgumentException($"[data_parallel] gradients do not travel as {value.Value.Name()}: take bfloat16, or null.");
            field = value;
        }
    }

    /// <summary>
    /// Gets a value that is true if each rank remembers the optimizer's state of its share of the parameters alone, and updates these; the
    /// weights are exchanged after the step, so that as many bytes travel again. Checkpoints have the state whole. For optimizers that
    /// update each element by itself, such as <see cref="Optim.Adam"/>.
    /// </summary>
    public bool ShardOptimizer { get; init; }

    /// <summary>
    /// Gets a value that is true if norms of batches see the whole batch of all ranks while training, for parts that are too small: twice
    /// a layer, and twice on the way back, ranks wait for each other. Every rank must have a part of each batch.
    /// </summary>
    public bool SynchroniseBatchNorm { get; init; }

    /// <summary>
    /// Gets a value that is true if the gradients of NVIDIA's GPUs travel through memory of the host, for machines without NCCL. They stay
    /// on the GPUs otherwise, and every rank has one of its own.
    /// </summary>
    public bool ThroughHost { get; init; }

    /// <summary>Gets the size from which on gradients are sent together.</summary>
    public long BucketBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    } = 4 << 20;

    /// <summary>Gets or sets the time that a collective may take; see <see cref="World.Timeout"/>.</summary>
    public TimeSpan Timeout
    {
        get => world.Timeout;
        init => world.Timeout = value;
    }

    /// <inheritdoc/>
    public override int Rank => world.Rank;

    /// <inheritdoc/>
    public override int Size => world.Size;

    /// <inheritdoc/>
    public override LoaderShard Shard => Shards is { } shards
        ? new(Rank * (shards / Size), shards / Size, shards) : new(Rank, 1, Size);

    /// <summary>Gets what was sent in the run that goes on, or the last one, and how long it took.</summary>
    public CommunicationFigures Figures => gradients is null ? figures
        : new(gradients.Bytes, Seconds(gradients.ReducedTicks), Seconds(gradients.WaitedTicks));

    private bool IsAlone => Size == 1 && Shards is null or 1;

    internal override void Begin(Trainer trainer)
    {
        (AgreedStop, AgreedInterruption) = (null, null);
        string here = string.Create(CultureInfo.InvariantCulture,
            $"step {trainer.Step} of epoch {trainer.Epoch + 1}, {trainer.Model.ParameterCount} parameters, shards "
                + $"{Shards?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
        string[] all = world.AllGather(here, WorldJson.Default.String);
        if (Array.FindIndex(all, a => a != all[0]) is > 0 and var other)
            throw new DistributedException(
                $"[data_parallel] rank {other} begins at {all[other]}, and rank 0 at {all[0]}. All ranks run the same program, and "
                    + $"resume from the "
                + "same checkpoint, which all hosts must see.");
        Attach(trainer.Model, trainer.Parameters);
        if (ShardOptimizer && Size > 1) divided = new DividedOptimizer(world, trainer.Optimizer);
    }

    private void Attach(Module model, IEnumerable<Parameter> parameters)
    {
        End();
        if (Shards is not null)
        {
            double[][] widths = world.AllGather([(double)Simd.Size], WorldJson.Default.DoubleArray);
            if (Array.Exists(widths, w => w[0] != widths[0][0]))
                throw new DistributedException(
                    $"[data_parallel] ranks have vectors of {string.Join(", ", widths.Select(w => w[0]).Distinct())} bytes, so that "
                        + $"their results "
                    + "differ in the last bits. Leave out Shards, or set DOTNET_EnableAVX512F=0 (or DOTNET_EnableAVX2=0) on all hosts.");
        }
        Parameter[] trained = [.. parameters];
        foreach (var tensor in model.State().Values
            .Concat(trained.Select(p => p.Value)).Distinct<Tensor>(ReferenceEqualityComparer.Instance))
            world.Broadcast(tensor);
        double[] state = world.Broadcast(Halves(Generator.Default.State), WorldJson.Default.DoubleArray);
        Generator.Default.State = Whole(state);
        if (IsAlone) return;
        if (SynchroniseBatchNorm) Synchronise(model);
        var options = new BucketOptions(Size, Shards is not null, Wire == DType.Float32 ? null : Wire);
        OpenLinks(trained);
        gradients = new GradientExchange(world, trained, Shard.Count, BucketBytes, options, links);
        buffers = ModuleBuffers.Of(model, options);
    }

    internal override void End()
    {
        if (gradients is not null) figures = Figures;
        foreach (var link in links.Values) link.Dispose();          // waits for what works on the memory that goes next
        links.Clear();
        gradients?.Dispose();
        buffers?.Dispose();
        divided?.Dispose();
        (gradients, buffers, divided) = (null, null, null);
        foreach (var norm in norms) norm.SumOfAll = null;
        norms.Clear();
    }

    internal override void AfterUpdate() => divided?.ExchangeWeights();

    internal override void BeforeSnapshot() => divided?.Gather();

    private void OpenLinks(IEnumerable<Parameter> trained)
    {
        if (ThroughHost || Size == 1 || !OperatingSystem.IsLinux()) return;      // NCCL is Linux's alone
        Device[] gpus = [.. trained.Where(p => p.RequiresGrad).Select(p => p.Value.Device).Distinct()
            .Where(d => d.Kind == DeviceKind.Cuda)];
        double[][] counts = world.AllGather([(double)gpus.Length], WorldJson.Default.DoubleArray);
        if (Array.FindIndex(counts, c => c[0] != counts[0][0]) is > 0 and var other)
            throw new DistributedException(
                $"[data_parallel] the parameters are on {counts[other][0]} CUDA devices on rank {other}, and on {counts[0][0]} on rank 0. "
                + "Move the model to world.Device on every rank, or set ThroughHost.");
        foreach (var gpu in gpus) links.Add(gpu, new NcclLink(world, gpu));
    }

    private void Synchronise(Module model)
    {
        if (Shards is not null)
            throw new InvalidOperationException(
                "[data_parallel] with Shards, norms of batches see a part each, so that bits do not depend on the number of ranks: leave "
                    + "out "
                + "SynchroniseBatchNorm.");
        foreach (var (_, module) in model.Modules())
        {
            if (module is not BatchNorm norm) continue;
            norm.SumOfAll = x => new SumOverRanks(world).Apply(x);
            norms.Add(norm);
        }
    }

    internal override void BeginStep(int batches)
    {
        Next = Meeting.Step;
        isReduced = false;
        divided?.Release();
        if (IsAlone) return;
        gradients!.Begin(batches);
        buffers?.Begin();
        // Every part draws from a stream of its own, whoever computes it.
        stepKey = new DrawKey(Generator.Default.NextUInt64());
        keys = Generator.Default.State;
    }

    internal override void BeginPart(int part, int batch)
    {
        if (IsAlone) return;
        if (batch == 0) (this.share, this.part) = (0, part);
        this.batch = batch;
        gradients!.BeginPart(part, batch);
        if (batch == 0 && part > 0) buffers?.BeginPart();
        Generator.Default.State = new(stepKey.At((ulong)(Shard.First + part)).At((ulong)batch).Value, 0);
    }

    internal override void BeginBackward() => gradients?.BeginBackward();

    internal override void EndPart(double share)
    {
        if (IsAlone) return;
        this.share += share;
        bool isWhole = gradients!.EndPart();
        if (isWhole) buffers?.EndPart(part, this.share, isLast: part == Shard.Count - 1);
    }

    internal override void EndStep()
    {
        if (!IsAlone)
        {
            SendBuffers(Shard.Count - 1);
            gradients!.End();
            bufferWork?.Wait();
            bufferWork = null;
            buffers?.End();
            Generator.Default.State = keys;
        }
        isReduced = true;
    }

    private void SendBuffers(int lastPart)
    {
        if (buffers is { } own)
            bufferWork = world.Messenger.Post("the reduction of buffers", () => own.Reduce(world.Calls, lastPart));
    }

    internal override double[][] Gather(double[] numbers)
    {
        double[][] result = [];
        world.Do("a gathering of figures", () => result = Objects.AllGather(world.Calls, numbers));
        return result;
    }

    internal override bool Decide(bool mine) => world.Broadcast([mine ? 1.0 : 0], WorldJson.Default.DoubleArray)[0] != 0;

    // 64 bits do not go through JSON's numbers.
    private static double[] Halves(GeneratorState state)
        => [state.Key >> 32, (uint)state.Key, state.Counter >> 32, (uint)state.Counter];

    private static GeneratorState Whole(double[] halves)
        => new((ulong)halves[0] << 32 | (uint)halves[1], (ulong)halves[2] << 32 | (uint)halves[3]);

    private static double Seconds(long ticks) => (double)ticks / System.Diagnostics.Stopwatch.Frequency;

    /// <summary>Gives back what was needed to train.</summary>
    public void Dispose() => End();

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder($"data-parallel, {world}");
        if (Shards is { } shards) text.Append(CultureInfo.InvariantCulture, $", {shards} shards");
        if (links.Values.FirstOrDefault() is { } link) text.Append(CultureInfo.InvariantCulture, $", {link.Name}");
        if (Wire is { } wire) text.Append(CultureInfo.InvariantCulture, $", {wire.Name()} on the wire");
        return text.ToString();
    }
}
