namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>
    /// InfoNCE (van den Oord et al. 2018): the cross-entropy of finding for each query its own positive among the negatives, by their
    /// similarity over a temperature. Without negatives, the positives of the other queries of the batch are these.
    /// </summary>
    /// <param name="query">(N, D).</param>
    /// <param name="positive">(N, D): for each query what belongs to it.</param>
    /// <param name="negative">(M, D), the same for all queries; or (N, M, D), those of each. Null for the positives of the others.</param>
    /// <param name="temperature">The divisor of the similarities; small ones make the nearest negatives count most.</param>
    /// <param name="symmetric">True for the mean of both directions, each query finding its positive and each positive its query.</param>
    /// <param name="normalize">True for cosines as similarities, false for dot products.</param>
    /// <param name="reduction">The reduction of the losses, one for each query.</param>
    public static Tensor InfoNce(
        Tensor query, Tensor positive, Tensor? negative = null, double temperature = 0.1, bool symmetric = false, bool normalize = true,
        Reduction reduction = Reduction.Mean)
    {
        const string op = "info_nce";
        RequireEqual(op, query, positive, "query", "positive");
        if (query.Rank != 2)
            throw new ArgumentException($"[{op}] queries have the shape {query.Shape} and must be (N, D), a vector for each.");
        if (!(temperature > 0))
            throw new ArgumentOutOfRangeException(nameof(temperature), $"[{op}] the temperature is {temperature}, it must be positive.");
        int n = query.Shape[0], d = query.Shape[1];
        if (normalize) (query, positive) = (query.Normalize(), positive.Normalize());
        if (negative is null)
        {
            var similarity = query.MatMul(positive.T) / temperature;
            var own = Ops.Indices.Count(n, query.Device);
            var losses = CrossEntropy(similarity, own, reduction: reduction);
            return symmetric ? (losses + CrossEntropy(similarity.T, own, reduction: reduction)) / 2 : losses;
        }
        if (symmetric)
            throw new ArgumentException(
                $"[{op}] with negatives of their own, queries and positives do not change places: leave out negative or symmetric.");
        bool isShared = negative.Rank == 2 && negative.Shape[1] == d;
        if (!isShared && !(negative.Rank == 3 && negative.Shape[0] == n && negative.Shape[2] == d))
            throw new ArgumentException(
                $"[{op}] negatives have the shape {negative.Shape} and must be (M, {d}), or ({n}, M, {d}) with those of each query.");
        if (normalize) negative = negative.Normalize();
        var others = isShared ? query.MatMul(negative.T) : negative.MatMul(query.Unsqueeze(2)).Squeeze(2);
        var all = Tensor.Cat([(query * positive).Sum(1, keepDim: true), others], 1) / temperature;
        return CrossEntropy(all, Tensor.Zeros(new Shape(n), DType.Int64, query.Device), reduction: reduction);
    }

    /// <summary>
    /// The triplet loss max(0, margin + |anchor − positive| − |anchor − negative|) within a batch: positives of an anchor have its label,
    /// negatives another one. Distances are Euclidean.
    /// </summary>
    /// <param name="embedding">(N, D).</param>
    /// <param name="label">(N,), integers.</param>
    /// <param name="mining">Which triplets are compared.</param>
    /// <param name="margin">By how much negatives are to be farther than positives.</param>
    /// <param name="reduction">
    /// The reduction of the losses. Their mean is over anchors, or pairs, that have a triplet, and 0 if none has. With
    /// <see cref="Reduction.None"/> one for each anchor, each pair (anchor, positive) or each triplet, 0 where there is no triplet.
    /// </param>
    public static Tensor BatchTriplet(
        Tensor embedding, Tensor label, TripletMining mining = TripletMining.Hard, double margin = 1, Reduction reduction = Reduction.Mean)
    {
        const string op = "batch_triplet";
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(label);
        if (embedding.Rank != 2 || label.Rank != 1 || label.Shape[0] != embedding.Shape[0])
            throw new ArgumentException(
                $"[{op}] embeddings {embedding.Shape} and labels {label.Shape}: they must be (N, D) and (N,).");
        if (label.DType is not (DType.Int64 or DType.Int32))
            throw new ArgumentException($"[{op}] labels are {label.DType.Name()} and must be integers: use label.To(DType.Int64).");
        int n = embedding.Shape[0];
        if (n == 0) return Reduce(embedding.Sum(1), reduction == Reduction.Mean ? Reduction.Sum : reduction);
        var isOther = Tensor.Eye(n, dtype: DType.Bool, device: embedding.Device).Equal(false);
        var isSame = label.Unsqueeze(1).Equal(label.Unsqueeze(0));
        Tensor isPositive = isSame & isOther, isNegative = isSame.Equal(false);
        var distance = Distances(embedding, isOther);
        Tensor losses, isThere;
        switch (mining)
        {
            case TripletMining.Hard:
                // Without a positive or a negative one of the two is infinite, so that the loss is 0.
                var farthest = Tensor.Where(isPositive, distance, double.NegativeInfinity).Max(1);
                var nearest = Tensor.Where(isNegative, distance, double.PositiveInfinity).Min(1);
                losses = (farthest - nearest + margin).Relu();
                isThere = isPositive.Any(1) & isNegative.Any(1);
                break;
            case TripletMining.SemiHard:
                var farther = isNegative.Unsqueeze(1) & (distance.Detach().Unsqueeze(1) > distance.Detach().Unsqueeze(2));
                var next = Tensor.Where(farther, distance.Unsqueeze(1), double.PositiveInfinity).Min(2);
                var last = Tensor.Where(isNegative, distance, double.NegativeInfinity).Max(1, keepDim: true);
                isThere = isPositive & isNegative.Any(1, keepDim: true);
                losses = Tensor.Where(isThere, distance - Tensor.Where(farther.Any(2), next, last) + margin, 0).Relu();
                break;
            case TripletMining.All:
                var triplets = distance.Unsqueeze(2) - distance.Unsqueeze(1) + margin;
                losses = Tensor.Where(isPositive.Unsqueeze(2) & isNegative.Unsqueeze(1), triplets, 0).Relu();
                isThere = losses.Detach() > 0;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mining), $"[{op}] {mining} is no way of mining.");
        }
        return reduction == Reduction.Mean ? losses.Sum() / isThere.Sum().Maximum(1).To(losses.DType) : Reduce(losses, reduction);
    }

    /// <summary>The Euclidean distances between all rows; those on the diagonal are 1, so that no root of 0 is differentiated.</summary>
    private static Tensor Distances(Tensor x, Tensor isOther)
    {
        if (x.DType.IsHalf()) x = x.To(DType.Float32);
        var squares = x.Square().Sum(1);
        var between = squares.Unsqueeze(1) + squares.Unsqueeze(0) - 2 * x.MatMul(x.T);
        // Rounding may leave equal rows a little below 0.
        return Tensor.Where(isOther, between.Maximum(1e-16), 1).Sqrt();
    }
}
