using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

/// <summary>Dice, quantiles and margins: what golden values do not say.</summary>
public class MoreLossTests
{
    [Fact]
    public void Dice_is_0_for_the_same_region_and_1_for_another()
    {
        var region = Tensor.From<double>([1, 1, 0, 0], new Shape(1, 1, 4));
        Assert.Equal(0, Loss.Dice(region, region, smooth: 0).Item<double>());
        Assert.Equal(1, Loss.Dice(region, 1 - region, smooth: 0).Item<double>());
        var half = Tensor.From<double>([1, 0, 0, 0], new Shape(1, 1, 4));
        Assert.Equal(1 - 2.0 / 3, Loss.Dice(region, half, smooth: 0).Item<double>(), 1e-15);
        // Nothing to find and nothing found.
        Assert.Equal(0, Loss.Dice(Tensor.Zeros(2, 3, 5), Tensor.Zeros(2, 3, 5)).Item());
        var labels = Tensor.From<long>([0, 0, 1, 2], new Shape(1, 4));
        Assert.Equal(0, Loss.Dice(labels.OneHot(3).MoveAxis(-1, 1), labels, squared: true).Item());
        var weight = Tensor.From(1, 2, 0.5);
        GradCheck.SecondOrder(x => Loss.Dice(x[0].Softmax(1), labels, weight: weight), Ops.Sample.Values(1, 3, 4).WithGrad());
    }

    [Fact]
    public void Dice_refuses_what_has_no_regions()
    {
        string Message(Func<Tensor> loss) => Assert.ThrowsAny<ArgumentException>(loss).Message;
        Assert.Contains("must be (N, classes, …)", Message(() => Loss.Dice(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3))));
        Assert.Contains("the probability 2 at index (0, 0, 0) is not from 0 to 1. Of logits, take Sigmoid()",
            Message(() => Loss.Dice(Tensor.Full(new Shape(1, 1, 2), 2), Tensor.Zeros(1, 1, 2))));
        Assert.Contains("label 3 at index (0, 1) is out of range",
            Message(() => Loss.Dice(Tensor.Zeros(1, 3, 2), Tensor.From<long>([0, 3], new Shape(1, 2)))));
    }

    [Fact]
    public void The_quantile_loss_is_lowest_at_the_quantile()
    {
        var targets = Tensor.Arange(0.0, 101, 1);
        foreach (double q in new[] { 0.1, 0.5, 0.93 })
        {
            double At(double x) => Loss.Quantile(Tensor.Full(targets.Shape, x, DType.Float64), targets, q).Item<double>();
            int lowest = Enumerable.Range(0, 101).MinBy(x => At(x));
            Assert.Equal(Math.Round(100 * q), lowest);
        }
        var several = Loss.Quantile(Tensor.From<double>([1, 1, 1, 1], new Shape(2, 2)), Tensor.From(3.0, 0), [0.25, 0.75], Reduction.None);
        Assert.Equal([0.5, 1.5, 0.75, 0.25], several.ToArray<double>());
        Assert.Equal(Loss.L1(targets, targets + 3).Item<double>() / 2, Loss.Quantile(targets, targets + 3).Item<double>());
        Assert.Contains("[quantile] the quantile 1 must be between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(
            () => Loss.Quantile(targets, targets, 1)).Message);
        Assert.Contains("for 2 quantiles", Assert.Throws<ArgumentException>(() => Loss.Quantile(targets, targets, [0.1, 0.9])).Message);
    }

    [Fact]
    public void Margins_take_a_single_example_too()
    {
        Tensor x = Tensor.From(0.1, 0.4, 0.2), marks = Tensor.From(1.0, 0, 1);
        Assert.Equal((0.7 + 0 + 0.8) / 3, Loss.MultiMargin(x, Tensor.From(1L).Reshape()).Item<double>(), 1e-15);
        Assert.Equal((0.7 * 0.7 + 0.8 * 0.8) / 3, Loss.MultiMargin(x, Tensor.From(1L).Reshape(), p: 2).Item<double>(), 1e-15);
        Assert.Equal((1 - 0.1 + 0.4 + 1 - 0.2 + 0.4) / 3, Loss.MultiLabelMargin(x, marks).Item<double>(), 1e-15);
        Assert.Equal(Loss.BceWithLogits(x, marks).Item<double>(), Loss.MultiLabelSoftMargin(x, marks).Item<double>());
        Assert.Equal(Math.Log(1 + Math.Exp(-0.4)), Loss.SoftMargin(x, Tensor.From(1.0, 1, 1), Reduction.None).ToArray<double>()[1], 1e-15);
    }

    [Fact]
    public void Labels_in_place_of_marks_are_an_error()
    {
        static string Message(Func<Tensor> loss) => Assert.Throws<ArgumentException>(loss).Message;
        var places = Tensor.From<long>([3, 0, -1, 1], new Shape(1, 4));
        Assert.Equal("[multi_label_margin] the target 3 at index (0, 0) is not from 0 to 1. It has a 1 for each class that is right and a "
            + "0 for the others: label.OneHot(classes), or the sum of several.",
            Message(() => Loss.MultiLabelMargin(Tensor.Zeros(1, 4), places)));
        Assert.Contains("[soft_margin] the target 0", Message(() => Loss.SoftMargin(Tensor.Zeros(2), Tensor.Zeros(2))));
        Assert.Contains("[hinge_embedding] the target 0", Message(() => Loss.HingeEmbedding(Tensor.Zeros(2), Tensor.Zeros(2))));
    }

    [Fact]
    public void A_label_out_of_range_is_named()
    {
        string Message(params long[] labels)
            => Assert.Throws<ArgumentException>(() => Loss.MultiMargin(Tensor.Zeros(labels.Length, 3), Tensor.From(labels))).Message;
        Assert.Equal("[multi_margin] label -1 at index 1 is out of range: there are 3 classes, so labels go from 0 to 2.", Message(0, -1));
        Assert.Contains("Do the labels start at 1?", Message(3));
    }

    [Fact]
    public void Losses_with_squares_have_second_derivatives()
    {
        var labels = Tensor.From<long>(0, 3, 2);
        GradCheck.SecondOrder(x => Loss.MultiMargin(x[0], labels, p: 2), Ops.Sample.Values(3, 4).WithGrad());
        GradCheck.SecondOrder(x => Loss.SoftMargin(x[0], Tensor.From(1.0, -1, 1)), Ops.Sample.Values(3).WithGrad());
        GradCheck.SecondOrder(x => Loss.MultiLabelSoftMargin(x[0], labels.OneHot(4, DType.Float64)), Ops.Sample.Values(3, 4).WithGrad());
    }

    [Fact]
    public void Empty_batches_have_a_sum_of_zero()
    {
        var none = Tensor.Zeros(new Shape(0), DType.Int64);
        Assert.Equal(0, Loss.MultiMargin(Tensor.Zeros(0, 3), none, reduction: Reduction.Sum).Item());
        Assert.Equal(0, Loss.MultiLabelMargin(Tensor.Zeros(0, 3), Tensor.Zeros(0, 3), Reduction.Sum).Item());
        Assert.Equal(0, Loss.FocalCrossEntropy(Tensor.Zeros(0, 3), none, reduction: Reduction.Sum).Item());
        Assert.Equal(0, Loss.Dice(Tensor.Zeros(0, 3, 4), Tensor.Zeros(0, 3, 4), reduction: Reduction.Sum).Item());
        Assert.Equal(0, Loss.InfoNce(Tensor.Zeros(0, 3), Tensor.Zeros(0, 3), reduction: Reduction.Sum).Item());
    }
}
