using DeepNet.Data;
using DeepNet.Training;

namespace DeepNet.Distributed.Tests.Training;

/// <summary>The rest of a run over several ranks: ends, failures, checkpoints.</summary>
public class RunTests
{
    /// <summary>Runs on so many ranks; what each threw, and what the run came to.</summary>
    private static (Exception?[] Thrown, string?[] Bits) Run(int ranks, Func<World, Small, Trainer> make, int epochs = 2,
        bool divided = false)
    {
        var thrown = new Exception?[ranks];
        string?[] bits = new string?[ranks];
        Distributed.Threads(ranks, world =>
        {
            world.Timeout = TimeSpan.FromSeconds(20);
            using var small = new Small();
            var trainer = make(world, small);
            thrown[world.Rank] = Record.Exception(() =>
            {
                var history = trainer.Fit(small.Train, small.Validation, epochs);
                bits[world.Rank] = $"{small.Bits(history)} {history.End} {history.Reason} {trainer.Step}";
            });
        });
        return (thrown, bits);
    }

    private static DataParallel Shards(World world) => new(world) { Shards = 8 };

    [Theory]
    [InlineData("step")]
    [InlineData("callback")]
    [InlineData("epoch")]
    [InlineData("validation")]
    public void A_rank_that_fails_ends_all_in_order_and_is_named(string where)
    {
        var (thrown, _) = Run(4, (world, small) =>
        {
            bool fails = world.Rank == 2;
            return small.Trainer(Shards(world), new Failing(fails ? where : ""));
        });
        Assert.Equal($"failed in {where}", Assert.IsType<IOException>(thrown[2]).Message);
        foreach (int other in (int[])[0, 1, 3])
        {
            var e = Assert.IsType<DistributedException>(thrown[other]);
            Assert.Contains("rank 2 of 4", e.Message);
            Assert.Contains($"failed in {where}", e.Message);
            Assert.Equal(2, e.Rank);
        }
    }

    [Fact]
    public void A_loss_that_is_not_finite_on_one_rank_ends_all_and_leaves_the_weights()
    {
        var (thrown, _) = Run(2, (world, small) => new Trainer(small.Model, small.Optimizer, (output, y) =>
            Nn.Loss.CrossEntropy(output, y) * (world.Rank == 1 ? double.NaN : 1))
        {
            Strategy = Shards(world), Progress = ProgressStyle.None, HandleSignals = false,
        });
        Assert.IsType<NonFiniteException>(thrown[1]);
        Assert.Contains("rank 1 of 2", Assert.IsType<DistributedException>(thrown[0]).Message);
    }

    [Fact]
    public void All_ranks_stop_after_the_same_step_when_one_wants_to()
    {
        var (thrown, bits) = Run(4, (world, small) => small.Trainer(Shards(world), new Stopping(world.Rank == 3)));
        Assert.All(thrown, Assert.Null);
        Assert.All(bits, b => Assert.Equal(bits[0], b));
        Assert.Contains("Stopped enough", bits[0]);
    }

    [Fact]
    public void All_ranks_leave_when_one_is_cancelled()
    {
        string?[] ends = new string?[2];
        Distributed.Threads(2, world =>
        {
            world.Timeout = TimeSpan.FromSeconds(20);
            using var small = new Small();
            using var source = new CancellationTokenSource();
            var trainer = small.Trainer(Shards(world), new Cancelling(world.Rank == 1 ? source : null));
            var e = Record.Exception(() => trainer.Fit(small.Train, small.Validation, 5, source.Token));
            Assert.Equal(world.Rank == 1, e is OperationCanceledException);
            ends[world.Rank] = $"{trainer.History.End} at {trainer.Step}";
        });
        Assert.Equal("Interrupted at 2", ends[0]);
        Assert.Equal(ends[0], ends[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_goes_on_with_the_same_bits_on_another_number_of_ranks(bool divided)
    {
        var (_, whole) = Run(1, (world, small) => small.Trainer(Shards(world)), epochs: 4);
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            int epoch = 0;
            string? last = null;
            foreach (int ranks in (int[])[2, 4, 1, 8])
            {
                epoch++;
                var (thrown, bits) = Run(ranks, (world, small) =>
                {
                    var trainer = small.Trainer(
                        new DataParallel(world) { Shards = 8, ShardOptimizer = divided }, new Checkpoints(folder),
                            new EarlyStopping(9) { RestoreBest = false });
                    Assert.Equal(epoch > 1, trainer.Resume(folder));
                    return trainer;
                }, epoch);
                Assert.All(thrown, Assert.Null);
                Assert.All(bits, b => Assert.Equal(bits[0], b));
                last = bits[0];
            }
            Assert.Equal(whole[0], last);
            Assert.NotEmpty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Ranks_that_begin_at_different_steps_are_told()
    {
        var (thrown, _) = Run(2, (world, small) =>
        {
            if (world.Rank == 1) small.Trainer(null).Fit(small.Train, epochs: 1);
            return world.Rank == 0 ? small.Trainer(Shards(world)) : Advanced(small, world);
        });
        Assert.All(thrown, e => Assert.Contains("rank 1 begins at step 3", Assert.IsType<DistributedException>(e).Message));

        static Trainer Advanced(Small small, World world)
        {
            string folder = Directory.CreateTempSubdirectory().FullName;
            var first = small.Trainer(null, new Checkpoints(folder));
            first.Fit(small.Train, epochs: 1);
            var trainer = small.Trainer(Shards(world), new Checkpoints(folder));
            Assert.True(trainer.Resume(folder));
            Directory.Delete(folder, recursive: true);
            return trainer;
        }
    }

    [Fact]
    public void Only_rank_0_shows_progress_and_calls_callbacks_that_are_for_it()
    {
        int[] calls = new int[4];
        var shown = new StringWriter[4];
        Distributed.Threads(4, world =>
        {
            world.Timeout = TimeSpan.FromSeconds(20);
            using var small = new Small();
            shown[world.Rank] = new StringWriter();
            var trainer = new Trainer(small.Model, small.Optimizer, Nn.Loss.CrossEntropy)
            {
                Strategy = Shards(world),
                Callbacks = [new MainOnly(() => calls[world.Rank]++)],
                Progress = ProgressStyle.Lines,
                ProgressOutput = shown[world.Rank],
                HandleSignals = false,
            };
            trainer.Fit(small.Train, epochs: 2);
        });
        Assert.Equal([2, 0, 0, 0], calls);
        Assert.Contains("parameters", shown[0].ToString());
        Assert.All(shown[1..], s => Assert.Equal("", s.ToString()));
    }

    private sealed class Failing(string where) : Callback
    {
        private void Fail(string here)
        {
            if (here == where) throw new IOException($"failed in {here}");
        }

        protected internal override void OnGradients(Trainer trainer) => Fail("step");
        protected internal override void OnStepEnd(Trainer trainer, in StepRecord step) => Fail("callback");
        protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch) => Fail("epoch");
        protected internal override void OnValidationBatch(Trainer trainer, Batch batch, in StepOutput output) => Fail("validation");
    }

    private sealed class Stopping(bool isWanted) : Callback
    {
        protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
        {
            if (isWanted && step.Step == 1) trainer.Stop("enough");
        }
    }

    private sealed class Cancelling(CancellationTokenSource? source) : Callback
    {
        protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
        {
            if (step.Step == 1) source?.Cancel();
        }
    }

    private sealed class MainOnly(Action called) : Callback
    {
        protected internal override bool IsForMain => true;
        protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch) => called();
    }
}
