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
}
