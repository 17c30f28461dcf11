using DeepNet.Nn;
using Sample = DeepNet.Ops.Sample;

namespace DeepNet.Tests;

/// <summary>Operands without a gradient that a derivative reads: an in-place change of them is an error, as of any other.</summary>
public class ConstantOperandTests
{
    private static void AssertNoticed(string op, Tensor result, Action change)
    {
        change();
        var error = Assert.Throws<InvalidOperationException>(() => result.Sum().Backward());
        Assert.Contains($"[{op}]", error.Message, StringComparison.Ordinal);
        Assert.Contains("was changed in place", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.None)]
    public void Class_weights_and_labels_of_cross_entropy(Reduction reduction)
    {
        var logits = Sample.Values(4, 3).To(DType.Float32).WithGrad();
        var labels = Tensor.From<long>(0, 2, 1, 1);
        var weights = Tensor.From<float>(1, 2, 3);
        AssertNoticed("cross_entropy", Loss.CrossEntropy(logits, labels, weights, reduction), () => weights.AddInPlace(Tensor.Ones(3)));
        var others = Tensor.From<long>(1, 1, 1, 1);
        AssertNoticed("cross_entropy", Loss.CrossEntropy(logits, labels, null, reduction), () => labels.CopyFrom(others));
    }

    [Fact]
    public void A_mask_of_attention()
    {
        var x = Sample.Values(1, 2, 3, 4).WithGrad();
        var mask = Sample.Values(3, 3);
        AssertNoticed("attention", Attention.ScaledDotProduct(x, x, x, AttentionMask.Add(mask)), () => mask.AddInPlace(Tensor.Ones(3)));
    }

    [Fact]
    public void A_product_of_one_number_is_a_tensor_of_its_own()
    {
        var x = Tensor.FromScalar(2.0, DType.Float64);
        x.Prod().AddInPlace(x);
        Assert.Equal(2, x.Item<double>());
        x.RequiresGrad = true;
        using (Autograd.NoGrad()) Assert.False(x.Prod().RequiresGrad);
        x.Prod().Backward();
        Assert.Equal(1, x.Grad!.Item<double>());
    }
}
