using DeepNet.Ops;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// losses[i] = the cross-entropy of row i with the class of labels[i], and sums[i] = (max, ln Σ e^(x − max)) of the row. x is
    /// (N, classes), labels int64 and in range or to be ignored, weights one for each class or null; all dense.
    /// </summary>
    internal abstract void CrossEntropy(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor losses, Tensor sums);

    /// <summary>dx from what <see cref="CrossEntropy"/> left in sums and the gradient g of each row's loss; all dense.</summary>
    internal abstract void CrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor g, Tensor dx);

    /// <summary>The same where g is one number, the gradient of the mean of all rows' losses, or of those that count: a number on the device.</summary>
    internal virtual void MeanCrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor? counted, Tensor g, Tensor dx)
    {
        var share = Tensor.Allocate(g.Shape, g.DType, this);
        var rows = Tensor.Allocate(labels.Shape, g.DType, this);
        if (counted is null) Map(new WithRight<Div>(default, (double)labels.Count), g, share);
        else Zip(new Div(), g, counted, share);
        Copy(share.Expand(rows.Shape), rows);
        CrossEntropyBackward(x, labels, weights, rule, sums, rows, dx);
    }

    /// <summary>number = the mean of x, of which there may be none: then it is NaN. Where a number says how many count, the sum is divided by that.</summary>
    internal virtual void Mean(Tensor x, Tensor? counted, Tensor number)
    {
        Reduce(new Identity(), new AddUp(), x, number);
        if (counted is null) Map(new WithRight<Div>(default, (double)x.Count), number, number);
        else Zip(new Div(), number, counted, number);
    }
}
