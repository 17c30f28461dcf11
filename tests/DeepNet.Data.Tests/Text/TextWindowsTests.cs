namespace DeepNet.Data.Tests.Text;

public class TextWindowsTests
{
    private static readonly int[] tokens = [.. Enumerable.Range(10, 10)];

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(3, 1, 7)]
    [InlineData(4, 2, 3)]
    [InlineData(9, 5, 1)]
    public void The_target_of_each_token_is_the_next(int length, int stride, int count)
    {
        var windows = new TextWindows(tokens, length, stride);
        Assert.Equal(count, windows.Count);
        for (int i = 0; i < count; i++)
        {
            int start = windows.Start(i);
            Assert.Equal(i * (stride == 0 ? length : stride), start);
            Assert.Equal(tokens[start..(start + length)].Select(t => (long)t), windows[i].X.ToArray<long>());
            Assert.Equal(tokens[(start + 1)..(start + length + 1)].Select(t => (long)t), windows[i].Y.ToArray<long>());
        }
    }

    [Fact]
    public void Batches_have_the_windows_in_the_order_asked_for()
    {
        var (x, y) = new TextWindows(tokens, 3, 1).GetBatch([6, 0, 6]);
        Assert.Equal([16, 17, 18, 10, 11, 12, 16, 17, 18], x.ToArray<long>());
        Assert.Equal([17, 18, 19, 11, 12, 13, 17, 18, 19], y.ToArray<long>());
    }

    [Fact]
    public void No_token_is_in_both_parts_of_a_split()
    {
        var (train, test) = new TextWindows(tokens, 2, 1).Split(0.4);
        Assert.Equal([10, 11, 12, 13, 14, 15], train.Tokens.ToArray());
        Assert.Equal([16, 17, 18, 19], test.Tokens.ToArray());
        Assert.Equal(15, train.All().Y.Max().Item<long>());
        Assert.Equal(16, test.All().X.Min().Item<long>());
        Assert.Throws<ArgumentException>(() => new TextWindows(tokens, 2).Split(0.1));
    }

    [Fact]
    public void Too_few_tokens_are_an_error()
    {
        var error = Assert.Throws<ArgumentException>(() => new TextWindows(tokens, 10));
        Assert.Contains("at least 11 are needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_goes_on_where_it_stopped()
    {
        var windows = new TextWindows(Enumerable.Range(0, 1000).ToArray(), 7, 3);
        var loader = new DataLoader(windows, 16, shuffle: true, seed: 3);
        long[][] whole = [.. loader.Select(batch => batch.X.ToArray<long>())];
        var first = new DataLoader(windows, 16, shuffle: true, seed: 3);
        Assert.Equal(whole[..5], first.Take(5).Select(batch => batch.X.ToArray<long>()));
        var later = new DataLoader(windows, 16, shuffle: true, seed: 3) { State = new LoaderState(3, 0, 5) };
        Assert.Equal(whole[5..], later.Select(batch => batch.X.ToArray<long>()));
    }

    [Fact]
    public void Sequences_are_padded_and_masked()
    {
        var (padded, mask) = TokenBatch.Pad([[1, 2, 3], [], [4]], padding: 9);
        Assert.Equal([1, 2, 3, 9, 9, 9, 4, 9, 9], padded.ToArray<long>());
        Assert.Equal([true, true, true, false, false, false, true, false, false], mask.ToArray<bool>());
        (padded, mask) = TokenBatch.Pad([[1, 2, 3], [4]], padding: 0, length: 2);
        Assert.Equal([1, 2, 4, 0], padded.ToArray<long>());
        Assert.Equal([true, true, true, false], mask.ToArray<bool>());
    }
}
