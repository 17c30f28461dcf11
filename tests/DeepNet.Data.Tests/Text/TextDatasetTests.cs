using DeepNet.Nn;

namespace DeepNet.Data.Tests.Text;

public class TextDatasetTests
{
    private static readonly CharacterVocabulary letters =
        CharacterVocabulary.Fit("abc", new() { HasPadding = true, HasBoundaries = true });      // <pad> <bos> <eos> a b c

    [Fact]
    public void Texts_are_padded_to_the_longest_of_the_batch()
    {
        var set = new TextDataset(["a", "abc", "", "abcabc"], [1, 0, 1, 2], letters, length: 5);
        var (x, y) = set.GetBatch([1, 0, 2]);
        Assert.Equal([1, 3, 4, 5, 2, 1, 3, 2, 0, 0, 1, 2, 0, 0, 0], x.ToArray<long>());
        Assert.Equal([0, 1, 1], y.ToArray<long>());
        Assert.Equal([1, 3, 4, 5, 2], set.Tokens(3).ToArray());                         // cut off, and it still ends
        Assert.Equal([1, 0, 1, 2], set.Labels);
        Assert.Equal(new Shape(2, 3), set.Subset(0, 2).All().X.Shape);
        Assert.Throws<ArgumentException>(() => new TextDataset(["a"], [0], CharacterVocabulary.Fit("a"), 5));
        Assert.Throws<ArgumentException>(() => new TextDataset(["a"], [], letters, 5));
    }

    [Fact]
    public void A_batch_of_texts_has_a_mask()
    {
        var (tokens, mask) = letters.EncodeBatch(["ab", "c"]);
        Assert.Equal([1, 3, 4, 2, 1, 5, 2, 0], tokens.ToArray<long>());
        Assert.Equal([true, true, true, true, true, true, true, false], mask.ToArray<bool>());
    }

    [Fact]
    public void Packed_documents_never_learn_across_their_ends()
    {
        var packed = new PackedDocuments([[1, 2, 3], [], [4, 5], [6, 7, 8, 9]], length: 4, padding: 0);
        Assert.Equal(3, packed.Count);
        var (x, y) = packed.All();
        const long not = Loss.IgnoredLabel;
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0], x.ToArray<long>());
        Assert.Equal([2, 3, not, 5, not, 7, 8, 9, not, not, not, not], y.ToArray<long>());
        Assert.Equal([0, 0, 0, 1, 1, 2, 2, 2, 2, -1, -1, -1], packed.Documents(0, 1, 2).ToArray<long>());
        Assert.Equal([0, 1, 2, 0, 1, 0, 1, 2, 3, 0, 0, 0], packed.Positions(0, 1, 2).ToArray<long>());
        Assert.Equal([9, 0, 0, 0, 5, 6, 7, 8], packed.GetBatch([2, 1]).X.ToArray<long>());
        bool[] mask = packed.Mask(1).ToArray<bool>();
        bool[] expected = [true, false, false, false, false, true, false, false, false, true, true, false, false, true, true, true];
        Assert.Equal(expected, mask);
        Assert.Equal(new Shape(1, 1, 4, 4), packed.Mask(1).Shape);
    }

    [Fact]
    public void Documents_that_fill_blocks_exactly_leave_no_padding()
    {
        var packed = new PackedDocuments([[1, 2], [3, 4, 5, 6]], length: 3);
        Assert.Equal(2, packed.Count);
        Assert.Equal([0, 0, 1, 1, 1, 1], packed.Documents(0, 1).ToArray<long>());
        Assert.Equal([2, Loss.IgnoredLabel, 4, 5, 6, Loss.IgnoredLabel], packed.All().Y.ToArray<long>());
        Assert.Throws<ArgumentException>(() => new PackedDocuments([[]], 3));
    }
}
