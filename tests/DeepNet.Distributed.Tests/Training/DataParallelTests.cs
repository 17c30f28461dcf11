using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Distributed.Tests.Training;

/// <summary>Runs over several ranks, which are threads here.</summary>
public class DataParallelTests
{
    private static string Run(int ranks, Func<World, DataParallel> make, int accumulate = 1)
    {
        string?[] bits = new string?[ranks];
        Distributed.Threads(ranks, world =>
        {
            world.Timeout = TimeSpan.FromSeconds(20);
            using var small = new Small();
            using var parallel = make(world);
            var trainer = new Trainer(small.Model, small.Optimizer, Loss.CrossEntropy)
            {
                Strategy = parallel,
                Metrics = [new Accuracy(), new MeanScore(), new RocAuc(Averaging.Macro)],
                Progress = ProgressStyle.None,
                HandleSignals = false,
                Seed = 11,
                Accumulate = accumulate,
            };
            bits[world.Rank] = small.Bits(trainer.Fit(small.Train, small.Validation, epochs: 3)) + trainer
                .Evaluate(small.Validation)["loss"];
        });
        Assert.All(bits, b => Assert.Equal(bits[0], b));
        return bits[0]!;
    }

    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(1, 200)]                                // a bucket for nearly each parameter
    [InlineData(2, 200)]
    public void Shards_give_the_same_bits_on_any_number_of_ranks(int accumulate, int bucketBytes)
    {
        DataParallel Make(World world) => new(world) { Shards = 8, BucketBytes = bucketBytes };
        string one = Run(1, Make, accumulate);
        foreach (int ranks in (int[])[2, 4, 8]) Assert.Equal(one, Run(ranks, Make, accumulate));
        Assert.NotEqual(one, Run(1, world => new(world) { Shards = 4 }, accumulate));
    }

    [Fact]
    public void Bfloat16_on_the_wire_gives_the_same_on_all_ranks()
    {
        Assert.NotEqual(Run(2, world => new(world) { Wire = DType.BFloat16 }), Run(2, world => new(world)));
    }

    [Fact]
    public void A_world_of_one_has_the_bits_of_a_run_without_it()
    {
        using var small = new Small();
        var plain = small.Bits(small.Trainer(null).Fit(small.Train, small.Validation, epochs: 2));
        using var again = new Small();
        using var world = Distributed.Init();
        using var parallel = new DataParallel(world);
        Assert.Equal(plain, again.Bits(again.Trainer(parallel).Fit(again.Train, again.Validation, epochs: 2)));
    }

    [Fact]
    public void Gradients_are_those_of_the_whole_batch()
    {
        using var whole = new Small();
        foreach (var module in whole.Model) if (module is BatchNorm1d or Dropout) module.Eval();
        Tensor[]? expected = null;
        foreach (var (x, y) in whole.Train)
        {
            Loss.CrossEntropy(whole.Model.Forward(x), y).Backward();
            expected = [.. whole.Model.Parameters().Select(p => p.Grad!.CopyDense())];
            break;
        }
        Distributed.Threads(4, world =>
        {
            world.Timeout = TimeSpan.FromSeconds(20);
            using var small = new Small();
            foreach (var module in small.Model) if (module is BatchNorm1d or Dropout) module.Eval();
            using var parallel = new DataParallel(world) { BucketBytes = 300 };
            parallel.Attach(small.Model);
            small.Train.Shard = parallel.Shard;
            foreach (var (x, y) in small.Train)
            {
                small.Optimizer.ZeroGrad();
                parallel.Backward(Loss.CrossEntropy(small.Model.Forward(x), y), x.Shape[0]);
                foreach (var (mine, theirs) in small.Model.Parameters().Zip(expected!))
                {
                    float[] a = mine.Grad!.ToArray(), b = theirs.ToArray();
                    for (int i = 0; i < a.Length; i++) Assert.Equal(b[i], a[i], 1e-6);
                }
                break;
            }
        });
    }

    [Fact]
    public void A_parameter_that_no_rank_uses_has_no_gradient_and_one_that_some_use_has_it_on_all()
    {
        Distributed.Threads(2, world =>
        {
            Generator.SetSeed(1);
            var (used, some, none) = (new Linear(3, 3), new Linear(3, 3), new Linear(3, 3));
            var model = new Sequential(used, some, none);
            using var parallel = new DataParallel(world) { BucketBytes = 1 };
            parallel.Attach(model);
            for (int step = 0; step < 3; step++)
            {
                foreach (var p in model.Parameters()) p.ZeroGrad();
                var x = Tensor.Full([2, 3], 1f + world.Rank);
                var y = used.Forward(x);
                parallel.Backward((world.Rank == 1 ? some.Forward(y) : y).Sum(), 2);
                Assert.NotNull(used.Weight.Grad);
                Assert.Null(none.Weight.Grad);
                Assert.Equal([1f, 1, 1], some.Bias!.Grad!.ToArray());       // half of 2 examples from one rank
                Assert.Equal(world.AllGather(used.Weight.Grad!)[0].ToArray(), used.Weight.Grad!.ToArray());
            }
        });
    }

    [Fact]
    public void Sparse_gradients_become_dense_and_are_added()
    {
        Distributed.Threads(2, world =>
        {
            var table = new Embedding(5, 2, sparse: true);
            using var parallel = new DataParallel(world);
            parallel.Attach(table);
            parallel.Backward(table.Forward(Tensor.From<long>([world.Rank, 4])).Sum(), 1);
            Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f, 0, 0, 0, 0, 1, 1], table.Weight.Grad!.ToArray());
        });
    }

    [Fact]
    public void Weights_and_buffers_begin_as_those_of_rank_0()
    {
        Distributed.Threads(2, world =>
        {
            Generator.SetSeed((ulong)world.Rank);
            var model = new Sequential(new Linear(3, 4), new BatchNorm1d(4));
            using var parallel = new DataParallel(world);
            parallel.Attach(model);
            string[] hashes = world.AllGather(Small.Hash(model.State().Values), Worlds.TestJson.Default.String);
            Assert.Equal(hashes[0], hashes[1]);
            Assert.Equal(Generator.Default.State, new GeneratorState(0, Generator.Default.State.Counter));
        });
    }

    [Fact]
    public void Synchronised_norms_see_the_whole_batch()
    {
        using var whole = new Small();
        var (x, y) = whole.Train.First();
        whole.Model[3].Eval();
        Loss.CrossEntropy(whole.Model.Forward(x), y).Backward();
        Distributed.Threads(4, world =>
        {
            world.Timeout = TimeSpan.FromSeconds(20);
            using var small = new Small();
            using var parallel = new DataParallel(world) { SynchroniseBatchNorm = true };
            parallel.Attach(small.Model);
            small.Model[3].Eval();
            int first = 3 * world.Rank, count = world.Rank == 3 ? 23 : 3;       // parts of unequal size
            parallel.Backward(Loss.CrossEntropy(small.Model.Forward(x.Narrow(0, first, count)), y.Narrow(0, first, count)), count);
            foreach (var (mine, theirs) in small.Model.Parameters().Zip(whole.Model.Parameters()))
            {
                float[] a = mine.Grad!.ToArray(), b = theirs.PeekGrad()!.ToArray();
                for (int i = 0; i < a.Length; i++) Assert.Equal(b[i], a[i], 1e-5);
            }
            foreach (var (mine, theirs) in small.Model.NamedBuffers().Zip(whole.Model.NamedBuffers()))
            {
                float[] a = mine.Buffer.Value.To(DType.Float32).ToArray(), b = theirs.Buffer.Value.To(DType.Float32).ToArray();
                for (int i = 0; i < a.Length; i++) Assert.Equal(b[i], a[i], 1e-5);
            }
        });
    }

    [Fact]
    public void A_divided_optimizer_takes_the_same_steps()
    {
        Assert.Equal(Run(2, world => new(world)), Run(2, world => new(world) { ShardOptimizer = true }));
        Assert.Equal(Run(4, world => new(world) { Shards = 4 }), Run(2, world => new(world) { Shards = 4, ShardOptimizer = true }));
    }

    [Fact]
    public void Shards_that_cannot_be_divided_are_refused()
    {
        Distributed.Threads(4, world =>
        {
            foreach (int shards in (int[])[2, 6, 12])
                Assert.Contains("[data_parallel]",
                    Assert.Throws<ArgumentException>(() => new DataParallel(world) { Shards = shards }).Message);
        });
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        Run(2, world => new(world) { Shards = 4 });
        Memory.Reclaim();
        GC.WaitForPendingFinalizers();
        long live = Memory.LiveBytes;
        for (int i = 0; i < 3; i++) Run(2, world => new(world) { Shards = 4, Wire = DType.BFloat16 });
        for (int i = 0; i < 3; i++)
        {
            Memory.Reclaim();
            GC.WaitForPendingFinalizers();
        }
        Assert.True(Memory.LiveBytes <= live, Memory.Report().ToString());
        Assert.Equal(0, Leaf.Listeners);
    }
}
