namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>The hinge loss max(0, margin − t·x) of support vector machines.</summary>
    /// <param name="score">The scores x.</param>
    /// <param name="target">t, each −1 or 1, of the same shape.</param>
    /// <param name="margin">From which distance on a right score costs nothing.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A target is neither −1 nor 1.</exception>
    public static Tensor Hinge(Tensor score, Tensor target, double margin = 1, Reduction reduction = Reduction.Mean)
    {
        RequireEqual("hinge", score, target, "score");
        Domain.Sign.Require("hinge", target);
        return Reduce((margin - target * score).Relu(), reduction);
    }

    /// <summary>ln(1 + e^(−t·x)): a hinge without a corner.</summary>
    /// <param name="score">The scores x.</param>
    /// <param name="target">t, each −1 or 1, of the same shape.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A target is neither −1 nor 1.</exception>
    public static Tensor SoftMargin(Tensor score, Tensor target, Reduction reduction = Reduction.Mean)
    {
        RequireEqual("soft_margin", score, target, "score");
        Domain.Sign.Require("soft_margin", target);
        return Reduce(-(target * score).LogSigmoid(), reduction);
    }

    /// <summary>The distance itself where t is 1, and max(0, margin − distance) where it is −1.</summary>
    /// <param name="distance">The distances of pairs.</param>
    /// <param name="target">t, each 1 for a pair that belongs together or −1, of the same shape.</param>
    /// <param name="margin">From which distance on an unlike pair costs nothing.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A target is neither −1 nor 1.</exception>
    public static Tensor HingeEmbedding(Tensor distance, Tensor target, double margin = 1, Reduction reduction = Reduction.Mean)
    {
        RequireEqual("hinge_embedding", distance, target, "distance");
        Domain.Sign.Require("hinge_embedding", target);
        return Reduce(Tensor.Where(target > 0, distance, (margin - distance).Relu()), reduction);
    }

    /// <summary>max(0, margin − t·(a − b)): a should be ranked above b where t is 1, below where it is −1.</summary>
    /// <exception cref="ArgumentException">A target is neither −1 nor 1.</exception>
    public static Tensor MarginRanking(Tensor a, Tensor b, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
    {
        RequireEqual("margin_ranking", a, b, "a", "b");
        RequireEqual("margin_ranking", a, target, "a");
        Domain.Sign.Require("margin_ranking", target);
        return Reduce((margin - target * (a - b)).Relu(), reduction);
    }

    /// <summary>max(0, margin + |anchor − positive| − |anchor − negative|), with distances along the last axis.</summary>
    /// <param name="anchor">Points (N, D), or one.</param>
    /// <param name="positive">Points that should be near.</param>
    /// <param name="negative">Points that should be farther by the margin.</param>
    /// <param name="margin">By how much.</param>
    /// <param name="p">The norm.</param>
    /// <param name="epsilon">The number added to each difference, against the kink at 0.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <param name="swap">True to measure the negative from the positive where it is nearer to that than to the anchor.</param>
    public static Tensor Triplet(
        Tensor anchor, Tensor positive, Tensor negative, double margin = 1, double p = 2, double epsilon = 1e-6,
            Reduction reduction = Reduction.Mean, bool swap = false)
    {
        RequireEqual("triplet", anchor, positive, "anchor", "positive");
        RequireEqual("triplet", anchor, negative, "anchor", "negative");
        var near = (anchor - positive + epsilon).Norm(p, -1);
        var far = (anchor - negative + epsilon).Norm(p, -1);
        if (swap) far = far.Minimum((positive - negative + epsilon).Norm(p, -1));
        return Reduce((near - far + margin).Relu(), reduction);
    }

    /// <summary>1 − cos(a, b) where t is 1, and max(0, cos(a, b) − margin) where it is −1, with angles along the last axis.</summary>
    /// <param name="a">Vectors (N, D), or one.</param>
    /// <param name="b">Of the same shape.</param>
    /// <param name="target">1 or −1 for each vector.</param>
    /// <param name="margin">Below which cosine unlike vectors cost nothing.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A target is neither −1 nor 1.</exception>
    public static Tensor CosineEmbedding(Tensor a, Tensor b, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean)
    {
        const string op = "cosine_embedding";
        const double epsilon = 1e-12;
        RequireEqual(op, a, b, "a", "b");
        var cosine = (a * b).Sum(-1) * ((a.Square().Sum(-1) + epsilon) * (b.Square().Sum(-1) + epsilon)).Rsqrt();
        RequireEqual(op, cosine, target, "cosines");
        Domain.Sign.Require(op, target);
        return Reduce(Tensor.Where(target > 0, 1 - cosine, (cosine - margin).Relu()), reduction);
    }
}
