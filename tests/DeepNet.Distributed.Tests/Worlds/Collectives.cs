using System.Text.Json.Serialization;

namespace DeepNet.Distributed.Tests.Worlds;

/// <summary>Every collective once, with numbers that say who gave what.</summary>
internal static class Collectives
{
    public static void Check(World world)
    {
        int rank = world.Rank, size = world.Size;
        float sum = size * (size + 1) / 2f;

        using var scope = Memory.Scope();
        var x = Tensor.From<float>([rank + 1, 10 * (rank + 1)], [2]);
        world.AllReduce(x);
        Assert.Equal([sum, 10 * sum], x.ToArray<float>());

        var whole = Tensor.From<long>([rank, -rank, 5], [3]);
        world.AllReduce(whole, Reduction.Max);
        Assert.Equal([size - 1, 0, 5], whole.ToArray<long>());
        var least = Tensor.From<double>([rank, -rank], [2]);
        world.AllReduce(least, Reduction.Min);
        Assert.Equal([0, 1 - size], least.ToArray<double>());

        // a view that is not dense, and a large one that is cut
        var table = Tensor.Full([3, 4], rank + 1f);
        world.AllReduce(table.Narrow(1, 1, 2));
        Assert.Equal([rank + 1, sum, sum, rank + 1], table.ToArray<float>()[4..8]);
        var large = Tensor.Full([100_003], rank + 1f);
        world.AllReduce(large);
        Assert.Equal(sum, large.Min().Item<float>());
        Assert.Equal(sum, large.Max().Item<float>());

        var given = Tensor.Full([2, 2], (float)rank);
        world.Broadcast(given, size - 1);
        Assert.Equal(size - 1, given[1, 1].Item<float>());
        var empty = Tensor.Zeros([0, 3]);
        world.Broadcast(empty);
        world.AllReduce(empty);
        Assert.Equal([size, 0, 3], world.AllGather(empty).Shape);

        var all = world.AllGather(Tensor.Full([2], (long)rank, DType.Int64));
        Assert.Equal([size, 2], all.Shape);
        Assert.Equal(Enumerable.Range(0, size).Select(r => (long)r), all.Select(1, 0).ToArray<long>());

        var parts = world.AllToAll(Tensor.Arange(size).To(DType.Float32) + 100 * rank);
        Assert.Equal(Enumerable.Range(0, size).Select(r => 100f * r + rank), parts.ToArray<float>());
        var mine = world.ReduceScatter((Tensor.Arange(2 * size).To(DType.Float32) + rank).Reshape(2 * size, 1));
        Assert.Equal([2, 1], mine.Shape);
        float first = size * 2 * rank + size * (size - 1) / 2f;
        Assert.Equal([first, first + size], mine.ToArray<float>());

        Assert.Equal("rank 0, says ü", world.Broadcast($"rank {rank}, says ü", TestJson.Default.String));
        var notes = world.AllGather(new Note(rank, new string('x', 1000 * rank)), TestJson.Default.Note);
        Assert.Equal(Enumerable.Range(0, size), notes.Select(n => n.Rank));
        Assert.Equal(1000 * (size - 1), notes[^1].Text.Length);
        world.Barrier();
    }
}

internal sealed record Note(int Rank, string Text);

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Note))]
internal sealed partial class TestJson : JsonSerializerContext;
