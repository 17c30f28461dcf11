namespace DeepNet.Ops;

/// <summary>Vectors along an axis over their lengths, and the cosines between them.</summary>
internal sealed class Direction : ISampled
{
    private Direction() { }

    public static Tensor Of(Tensor x, double p, int axis, double epsilon)
    {
        x = Reduction.RequireFloating("normalize", x);
        return x / Length("normalize", x, p, axis, epsilon);
    }

    public static Tensor Cosine(Tensor a, Tensor b, int axis, double epsilon)
    {
        const string op = "cosine_similarity";
        (a, b) = (Reduction.RequireFloating(op, a), Reduction.RequireFloating(op, b));
        var product = a * b;
        axis = Axis.Normalize(op, axis, product.Shape) - product.Rank;      // one from the end, which is the same of both
        return (product.Sum(axis, keepDim: true) / (Length(op, a, 2, axis, epsilon) * Length(op, b, 2, axis, epsilon))).Squeeze(axis);
    }

    private static Tensor Length(string op, Tensor x, double p, int axis, double epsilon)
        => Norm.Of(x, p, Reduction.Mask(op, axis, x.Shape), keepDim: true).Maximum(epsilon);

    public static IEnumerable<Sample> Samples =>
    [
        new("normalize", x => x[0].Normalize(), Sample.Values(2, 3)),
        new("normalize, sum of magnitudes", x => x[0].Normalize(1, 0), Sample.Values(2, 3)),
        new("normalize, short vectors", x => x[0].Normalize(2, 1, 100), Sample.Values(2, 3)),
        new("cosine similarity", x => x[0].CosineSimilarity(x[1]), Sample.Values(2, 3), Sample.Values(2, 3) + 0.3),
        new("cosine similarity, broadcast", x => x[0].CosineSimilarity(x[1], 0), Sample.Values(3, 4), Sample.Positive(3, 1)),
    ];
}
