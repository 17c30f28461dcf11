namespace DeepNet.Nn;

// The losses as functions of two tensors and nothing else, so that one can be handed over by its name:
// new Trainer(model, optimizer, Loss.CrossEntropy). C# takes no method with optional parameters for such a function.
public static partial class Loss
{
    /// <summary>The cross-entropy of logits with classes, averaged.</summary>
    /// <param name="logits">(N, classes), (N, classes, …) or (classes,); not yet softmaxed.</param>
    /// <param name="target">Labels, or probabilities of the logits' shape.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor target) => CrossEntropy(logits, target, weight: null);

    /// <summary>The negative log-likelihood of classes, averaged.</summary>
    public static Tensor Nll(Tensor logProbabilities, Tensor target) => Nll(logProbabilities, target, weight: null);

    /// <summary>The binary cross-entropy of logits, averaged.</summary>
    public static Tensor BceWithLogits(Tensor logits, Tensor target) => BceWithLogits(logits, target, weight: null);

    /// <summary>The binary cross-entropy of probabilities, averaged.</summary>
    public static Tensor Bce(Tensor probability, Tensor target) => Bce(probability, target, weight: null);

    /// <summary>The mean squared error.</summary>
    public static Tensor Mse(Tensor prediction, Tensor target) => Mse(prediction, target, Reduction.Mean);

    /// <summary>The mean absolute error.</summary>
    public static Tensor L1(Tensor prediction, Tensor target) => L1(prediction, target, Reduction.Mean);

    /// <summary>Huber's loss with δ = 1, averaged.</summary>
    public static Tensor Huber(Tensor prediction, Tensor target) => Huber(prediction, target, delta: 1);

    /// <summary>The smooth L1 loss with β = 1, averaged.</summary>
    public static Tensor SmoothL1(Tensor prediction, Tensor target) => SmoothL1(prediction, target, beta: 1);

    /// <summary>The logarithm of the hyperbolic cosine of the differences, averaged.</summary>
    public static Tensor LogCosh(Tensor prediction, Tensor target) => LogCosh(prediction, target, Reduction.Mean);

    /// <summary>The negative log-likelihood of counts, whose rate is given by its logarithm, averaged.</summary>
    public static Tensor PoissonNll(Tensor logRate, Tensor target) => PoissonNll(logRate, target, logInput: true);

    /// <summary>The hinge loss for targets of ±1, averaged.</summary>
    public static Tensor Hinge(Tensor score, Tensor target) => Hinge(score, target, margin: 1);

    /// <summary>The focal loss of logits with α = 0.25 and γ = 2, averaged.</summary>
    public static Tensor Focal(Tensor logits, Tensor target) => Focal(logits, target, alpha: 0.25);

    /// <summary>The Kullback-Leibler divergence of log-probabilities from probabilities, a mean over the batch.</summary>
    public static Tensor KlDivergence(Tensor logProbability, Tensor target) => KlDivergence(logProbability, target, logTarget: false);

    /// <summary>The focal loss of logits with classes and γ = 2, averaged.</summary>
    public static Tensor FocalCrossEntropy(Tensor logits, Tensor target) => FocalCrossEntropy(logits, target, weight: null);

    /// <summary>The Dice loss of probabilities (N, classes, …), averaged over examples and classes.</summary>
    public static Tensor Dice(Tensor probability, Tensor target) => Dice(probability, target, smooth: 1);

    /// <summary>InfoNCE with the other positives of the batch as negatives and a temperature of 0.1, averaged.</summary>
    public static Tensor InfoNce(Tensor query, Tensor positive) => InfoNce(query, positive, negative: null);

    /// <summary>The triplet loss of the hardest triplets of a batch, averaged over anchors.</summary>
    public static Tensor BatchTriplet(Tensor embedding, Tensor label) => BatchTriplet(embedding, label, TripletMining.Hard);

    /// <summary>The hinge loss of several classes with margin 1, averaged.</summary>
    public static Tensor MultiMargin(Tensor score, Tensor target) => MultiMargin(score, target, p: 1);

    /// <summary>The hinge loss of several right classes, averaged.</summary>
    public static Tensor MultiLabelMargin(Tensor score, Tensor target) => MultiLabelMargin(score, target, Reduction.Mean);

    /// <summary>The binary cross-entropy of each class with its logits, averaged.</summary>
    public static Tensor MultiLabelSoftMargin(Tensor logits, Tensor target) => MultiLabelSoftMargin(logits, target, weight: null);

    /// <summary>The soft margin loss for targets of ±1, averaged.</summary>
    public static Tensor SoftMargin(Tensor score, Tensor target) => SoftMargin(score, target, Reduction.Mean);
}
