using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Loading;

/// <summary>Loaders that make parts of each batch.</summary>
public class LoaderShardTests
{
    private static DataLoader Loader(LoaderShard shard, int workers = 0) => new(
        new TensorDataset(Tensor.Arange(46).To(DType.Float32).Reshape(23, 2), Tensor.Arange(23)), batchSize: 10, shuffle: true, seed: 7)
    {
        Transform = new GaussianNoise(0.5), Workers = workers, Shard = shard,
    };

    private static float[] Numbers(IEnumerable<Batch> batches) => [.. batches.SelectMany(b => b.X.ToArray<float>())];

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(4, 4)]
    [InlineData(4, 8)]
    public void All_shards_together_make_the_batches_of_the_whole_with_the_same_augmentation(int ranks, int parts)
    {
        float[] whole = Numbers(Loader(LoaderShard.Whole));
        var made = Enumerable.Range(0, ranks).Select(r => Loader(new(r * (parts / ranks), parts / ranks, parts), workers: r % 2)).ToList();
        var passes = made.Select(l => l.Parts(default).GetEnumerator()).ToList();
        var all = new List<float>();
        for (int batch = 0; batch < 3; batch++)
        {
            foreach (var pass in passes)
            {
                for (int part = 0; part < parts / ranks; part++)
                {
                    Assert.True(pass.MoveNext());
                    Assert.Equal(batch == 2 ? 3 : 10, pass.Current.Whole);
                    if (!pass.Current.IsEmpty) all.AddRange(pass.Current.Batch.X.ToArray<float>());
                }
            }
        }
        Assert.All(passes, p => Assert.False(p.MoveNext()));
        Assert.Equal(whole, all);
        foreach (var pass in passes) pass.Dispose();
    }

    [Fact]
    public void The_place_counts_whole_batches_and_a_pass_goes_on_at_it()
    {
        var loader = Loader(new(1, 2, 4));
        int parts = 0;
        foreach (var batch in loader)
        {
            if (++parts == 3) break;
        }
        Assert.Equal(new LoaderState(7, 0, 1), loader.State);
        loader.State = loader.State;                    // else the next pass is the next epoch
        float[] rest = Numbers(loader);
        Assert.Equal(Numbers(Loader(new(1, 2, 4)))[^rest.Length..], rest);
        Assert.Equal(3, loader.Count);
    }

    [Fact]
    public void A_shard_that_is_none_is_refused()
    {
        foreach (var shard in (LoaderShard[])[new(0, 0, 1), new(2, 1, 2), new(-1, 1, 2), new(0, 1, 11)])
            Assert.Contains("[data_loader]", Assert.Throws<ArgumentException>(() => Loader(shard)).Message);
    }
}
