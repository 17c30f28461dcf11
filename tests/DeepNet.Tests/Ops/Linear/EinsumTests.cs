namespace DeepNet.Tests.Operators;

/// <summary>Einsum against loops over all indices, and the texts of its errors.</summary>
public sealed class EinsumTests
{
    [Theory]
    [InlineData("ij,jk->ik", "ij;jk;ik")]
    [InlineData("ij,jk", "ij;jk;ik")]
    [InlineData("ba,cb", "ba;cb;ac")]
    [InlineData("bij,bjk->bik", "bij;bjk;bik")]
    [InlineData("i,j->ij", "i;j;ij")]
    [InlineData("i,i", "i;i;")]
    [InlineData("ij,ij->ij", "ij;ij;ij")]
    [InlineData("ij,ij->", "ij;ij;")]
    [InlineData("ij->ji", "ij;ji")]
    [InlineData("ij->j", "ij;j")]
    [InlineData("ii->i", "ii;i")]
    [InlineData("ii", "ii;")]
    [InlineData("iij,ji->j", "iij;ji;j")]
    [InlineData("ij,jk,kl->il", "ij;jk;kl;il")]
    [InlineData("i,ij,j->", "i;ij;j;")]
    [InlineData("abc,dbe->cade", "abc;dbe;cade")]
    [InlineData("ij,k->i", "ij;k;i")]
    [InlineData(" b h q d , b h k d -> b h q k ", "bhqd;bhkd;bhqk")]
    public void MatchesLoops(string equation, string terms)
    {
        string[] parts = terms.Split(';');
        string[] operands = parts[..^1];
        string result = parts[^1];
        var lengths = new Dictionary<char, int>();
        foreach (char c in string.Concat(operands)) lengths.TryAdd(c, 2 + lengths.Count % 3);
        var tensors = operands.Select((o, i) => Probe.Random(i + 1, [.. o.Select(c => lengths[c])])).ToArray();
        if (tensors[0].Rank > 1) tensors[0] = Probe.Scattered(tensors[0]);

        double[] expected = Loops(operands, result, lengths, tensors);
        var actual = Tensor.Einsum(equation, tensors);
        Assert.Equal(result.Select(c => lengths[c]), actual.Shape);
        Probe.Equal(expected, actual);
    }

    private static double[] Loops(string[] operands, string result, Dictionary<char, int> lengths, Tensor[] tensors)
    {
        char[] labels = [.. lengths.Keys];
        double[][] values = [.. tensors.Select(t => t.ToArray<double>())];
        var sums = new double[result.Aggregate(1, (n, c) => n * lengths[c])];
        var index = labels.ToDictionary(c => c, _ => 0);
        int At(string term) => term.Aggregate(0, (at, c) => at * lengths[c] + index[c]);
        void Loop(int depth)
        {
            if (depth == labels.Length)
            {
                sums[At(result)] += operands.Select((o, i) => values[i][At(o)]).Aggregate(1.0, (p, q) => p * q);
                return;
            }
            for (int i = 0; i < lengths[labels[depth]]; i++)
            {
                index[labels[depth]] = i;
                Loop(depth + 1);
            }
        }
        Loop(0);
        return sums;
    }

    [Fact]
    public void EllipsisBroadcasts()
    {
        var a = Probe.Random(1, 2, 1, 3, 4);
        var b = Probe.Random(2, 5, 4, 2);
        Probe.Equal(a.MatMul(b), Tensor.Einsum("...ij,...jk->...ik", a, b));
        Probe.Equal(a.MatMul(b), Tensor.Einsum("...ij,...jk", a, b));
        Probe.Equal(a.Permute(2, 0, 1, 3), Tensor.Einsum("...ij->i...j", a));
    }

    [Fact]
    public void ALengthOfOneBroadcastsWhereItIsSummedToo()
    {
        var a = Probe.Random(1, 2, 1);
        var b = Probe.Random(2, 3, 2);
        Probe.Equal((a.Expand(2, 3)).MatMul(b), Tensor.Einsum("ij,jk->ik", a, b));
    }

    [Fact]
    public void EmptyAxes()
    {
        var y = Tensor.Einsum("ij,jk->ik", Tensor.Ones(2, 0), Tensor.Ones(0, 3));
        Assert.Equal(new Shape(2, 3), y.Shape);
        Assert.All(y.ToArray(), v => Assert.Equal(0, v));
        Assert.Equal(new Shape(0, 3), Tensor.Einsum("ij,jk->ik", Tensor.Ones(0, 2), Tensor.Ones(2, 3)).Shape);
    }

    [Fact]
    public void DerivativesOfAnyOrder()
    {
        Tensor[] inputs = [Probe.Random(1, 2, 3), Probe.Random(2, 3, 2), Probe.Random(3, 2)];
        Probe.Derivative(x => Tensor.Einsum("ij,ji,i->j", x), inputs);
        Probe.Derivative(x => Tensor.Einsum("ij,ji,i->j", x), inputs, order: 2);
        Probe.Derivative(x => Tensor.Einsum("iij->j", x), [Probe.Random(4, 2, 2, 3)]);
    }

    [Theory]
    [InlineData("ij,jk->ik", 1, "[einsum] there are more terms than the 1 operands, at position 2:\n  ij,jk->ik\n    ^")]
    [InlineData("ij->i", 2, "[einsum] there are 1 terms and 2 operands, at position 2:\n  ij->i\n    ^")]
    [InlineData("i?,jk->ik", 2, "[einsum] '?' is not a label; labels are letters, at position 1:\n  i?,jk->ik\n   ^")]
    [InlineData(
        "ij,jkl->ik", 2, "[einsum] the term has 3 labels and operand 1 of shape (3, 3) has 2 axes, at position 3:\n  ij,jkl->ik\n     ^")]
    [InlineData(
        "ij,k->ik", 2,
        "[einsum] the term has 1 labels and operand 1 of shape (3, 3) has 2 axes; '...' would stand for the others, at position 3:\n  "
            + "ij,k->ik\n     ^")]
    [InlineData("ij,jk->iz", 2, "[einsum] label 'z' of the result is in no operand, at position 8:\n  ij,jk->iz\n          ^")]
    [InlineData("ij,jk->ii", 2, "[einsum] label 'i' is in the result twice, at position 8:\n  ij,jk->ii\n          ^")]
    [InlineData("..ij,jk->ik", 2, "[einsum] an ellipsis has three dots, at position 0:\n  ..ij,jk->ik\n  ^")]
    [InlineData("...i...j,jk->ik", 2, "[einsum] a term can have one ellipsis, at position 4:\n  ...i...j,jk->ik\n      ^")]
    [InlineData("ij,jk->i1", 2, "[einsum] '1' is not a label; labels are letters, at position 8:\n  ij,jk->i1\n          ^")]
    public void ErrorsPointAtThePosition(string equation, int operands, string text)
    {
        var x = Tensor.Ones(3, 3);
        Assert.Equal(text, Assert.Throws<FormatException>(() => Tensor.Einsum(equation, Enumerable.Repeat(x, operands).ToArray())).Message);
    }

    [Fact]
    public void OtherErrors()
    {
        Assert.Equal(
            "[einsum] \"ij,jk->ik\": label 'j' has length 3 in operand 0 of shape (2, 3) and 4 in operand 1 of shape (4, 2).",
            Assert.Throws<ArgumentException>(() => Tensor.Einsum("ij,jk->ik", Tensor.Ones(2, 3), Tensor.Ones(4, 2))).Message);
        Assert.Equal("[einsum] \"->\": there are no operands.", Assert.Throws<ArgumentException>(() => Tensor.Einsum("->")).Message);
    }
}
