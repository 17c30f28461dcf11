namespace DeepNet.Distributed.Tests.Worlds;

/// <summary>Collectives among threads, and of a world of one.</summary>
public class CollectiveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void All_ranks_have_the_result(int ranks) => Distributed.Threads(ranks, world => Collectives.Check(world));

    [Fact]
    public void A_process_started_by_itself_is_a_world_of_one()
    {
        using var world = Distributed.Init();
        Assert.Equal((0, 1, 0), (world.Rank, world.Size, world.LocalRank));
        Assert.Same(world, Distributed.Init());
        Collectives.Check(world);
        Assert.Same(Device.Cpu, world.Device);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        long live = Memory.LiveBytes;
        Distributed.Threads(4, world => Collectives.Check(world));
        Memory.Reclaim();
        Assert.True(Memory.LiveBytes <= live, Memory.Report().ToString());      // what tests before left may be given back too
    }

    [Fact]
    public void A_rank_that_fails_ends_the_others_which_name_it()
    {
        string?[] messages = new string?[3];
        var e = Assert.Throws<InvalidOperationException>(() => Distributed.Threads(3, world =>
        {
            if (world.Rank == 1) throw new InvalidOperationException("the disk is full");
            messages[world.Rank] = Assert.Throws<DistributedException>(world.Barrier).Message;
        }));
        Assert.Equal("the disk is full", e.Message);
        Assert.Contains("rank 1 of 3 has ended: the disk is full", messages[0]);
        Assert.Contains("rank 1 of 3 has ended: the disk is full", messages[2]);
    }

    [Fact]
    public void A_collective_that_does_not_return_ends_the_world()
    {
        var e = Assert.Throws<DistributedException>(() => Distributed.Threads(2, world =>
        {
            world.Timeout = TimeSpan.FromMilliseconds(50);
            if (world.Rank == 0) world.Barrier();
            else Assert.True(SpinWait.SpinUntil(() => IsBroken(world), TimeSpan.FromSeconds(30)));
        }));
        Assert.Contains("a barrier has not returned for", e.Message);
    }

    private static bool IsBroken(World world)
    {
        Thread.Sleep(300);
        return Record.Exception(world.Barrier) is DistributedException;
    }

    [Fact]
    public void What_cannot_be_divided_or_reduced_is_said()
    {
        Distributed.Threads(2, world =>
        {
            Assert.Contains("(3, 2)", Assert.Throws<ArgumentException>(() => world.AllToAll(Tensor.Zeros([3, 2]))).Message);
            Assert.Contains("[reduce_scatter]", Assert.Throws<ArgumentException>(() => world.ReduceScatter(Tensor.Zeros([3]))).Message);
            Assert.Contains("bfloat16", Assert.Throws<ArgumentException>(() => world.AllReduce(Tensor.Zeros([2], DType.BFloat16))).Message);
            Assert.Contains("ranks are 0 to 1",
                Assert.Throws<ArgumentOutOfRangeException>(() => world.Broadcast(Tensor.Zeros([2]), 2)).Message);
        });
    }
}
