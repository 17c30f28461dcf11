using DeepNet.Nn;

namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddLosses()
    {
        Pair("Mse", -6, 6);
        Pair("L1", -6, 6, difference => difference.Abs());
        Pair("Huber", -6, 6, d => (d.Abs() - 1).Abs(), 1.0);
        Pair("LogCosh", -6, 6);
        Pair("SmoothL1", -6, 6, d => (d.Abs() - 1).Abs(), 1.0);
        Add("Loss.Bce(Tensor, Tensor)", d => d.Float(0.05, 0.95) is var p ? [p, d.Like(p.Shape, 0.05, 0.95)] : null);
        Add("Loss.Bce(Tensor, Tensor, Tensor, Reduction)",
            d => d.Float(0.05, 0.95) is var p ? [p, d.Like(p.Shape, 0.05, 0.95), Weight(d, p), Reduced(d)] : null);
        Add("Loss.BceWithLogits(Tensor, Tensor)", d => d.Float() is var x ? [x, d.Like(x.Shape, 0.05, 0.95)] : null);
        Add("Loss.BceWithLogits(Tensor, Tensor, Tensor, Tensor, Reduction)",
            d => d.Float() is var x ? [x, d.Like(x.Shape, 0, 1, 0), Weight(d, x), Weight(d, x), Reduced(d)] : null);
        Add("Loss.Focal(Tensor, Tensor)", d => d.Float() is var x ? [x, d.Like(x.Shape, 0, 1, 0)] : null);
        Add("Loss.Focal(Tensor, Tensor, double?, double, Reduction)",
            d => d.Float() is var x ? [x, d.Like(x.Shape, 0, 1, 0), d.Coin() ? null : 0.3, d.Of(1.0, 2.0), Reduced(d)] : null);
        Add("Loss.CrossEntropy(Tensor, Tensor)", d => Classes(d) is var (x, y) ? [x, y] : null);
        Add("Loss.CrossEntropy(Tensor, Tensor, Tensor, Reduction, double, int)",
            d => Classes(d) is var (x, y) ? [x, y, ClassWeight(d, x), Reduced(d), d.Coin() ? 0.0 : 0.1, d.Coin() ? -100 : 0] : null);
        Add("Loss.Nll(Tensor, Tensor)", d => Classes(d) is var (x, y) ? [x, y] : null);
        Add("Loss.Nll(Tensor, Tensor, Tensor, Reduction, int)",
            d => Classes(d) is var (x, y) ? [x, y, ClassWeight(d, x), Reduced(d), d.Coin() ? -100 : 0] : null);
        Add("Loss.Hinge(Tensor, Tensor)",
            d => d.Float() is var x && Signs(d, x) is var y && Beyond(d, 1 - x.Tensor.Detach() * y.Tensor) ? [x, y] : null);
        Add("Loss.Hinge(Tensor, Tensor, double, Reduction)",
            d => d.Float() is var x && Signs(d, x) is var y && Beyond(d, 0.7 - x.Tensor.Detach() * y.Tensor)
                ? [x, y, 0.7, Reduced(d)] : null);
        Add("Loss.KlDivergence(Tensor, Tensor)", d => d.Float(rank: 1) is var x ? [x, d.Like(x.Shape, 0.1, 1)] : null);
        Add("Loss.KlDivergence(Tensor, Tensor, bool, Reduction)",
            d => d.Float(rank: 1) is var x && d.Coin() is var isLog
                ? [x, isLog ? d.Like(x.Shape) : d.Like(x.Shape, 0.1, 1), isLog, Reduced(d)] : null);
        Add("Loss.PoissonNll(Tensor, Tensor)", d => d.Float(-3, 3) is var x ? [x, d.Like(x.Shape, 1.1, 4)] : null);
        Add("Loss.PoissonNll(Tensor, Tensor, bool, bool, double, Reduction)",
            d => d.Coin() is var isLog && d.Float(isLog ? -3 : 0.2, 3) is var x
                ? [x, d.Like(x.Shape, 1.1, 4), isLog, d.Coin(), 1e-8, Reduced(d)] : null);
        Add("Loss.GaussianNll(Tensor, Tensor, Tensor, bool, double, Reduction)",
            d => d.Float() is var x ? [x, d.Like(x.Shape), d.Like(x.Shape, 0.2, 3), d.Coin(), 1e-6, Reduced(d)] : null);
        Add("Loss.CosineEmbedding(Tensor, Tensor, Tensor, double, Reduction)", d =>
        {
            var a = d.OfRank(2, 0.2, 6);
            return [a, d.Like(a.Shape, 0.2, 6), Signs(d, a.Shape[0]), -0.5, Reduced(d)];
        });
        Add("Loss.MarginRanking(Tensor, Tensor, Tensor, double, Reduction)",
            d => d.Float() is var a && d.Like(a.Shape) is var b && Signs(d, a) is var y
            && Beyond(d, 0.3 - y.Tensor * (a.Tensor.Detach() - b.Tensor.Detach())) ? [a, b, y, 0.3, Reduced(d)] : null);
        Add("Loss.Triplet(Tensor, Tensor, Tensor, double, double, double, Reduction, bool)", d =>
        {
            Value a = d.OfRank(2), p = d.Like(a.Shape), n = d.Like(a.Shape);
            if (a == p || a == n || p == n) return null;
            bool isSwapped = d.Coin();
            Tensor near = a.Tensor.Detach() - p.Tensor.Detach(), far = a.Tensor.Detach() - n.Tensor.Detach();
            Tensor across = p.Tensor.Detach() - n.Tensor.Detach(), farther = far.Norm(2, 1), other = across.Norm(2, 1);
            if (isSwapped && !(Beyond(d, across) && Beyond(d, farther - other))) return null;
            return Beyond(d, near) && Beyond(d, far) && Beyond(d, 1 + near.Norm(2, 1) - (isSwapped ? farther.Minimum(other) : farther))
                ? [a, p, n, 1.0, 2.0, 1e-6, Reduced(d), isSwapped] : null;
        });
        AddMarginLosses();
        AddEmbeddingLosses();
        Add("Loss.Dice(Tensor, Tensor)", d => d.Float(0.05, 0.95, rank: 3) is var p ? [p, d.Like(p.Shape, 0.05, 0.95)] : null);
        Add("Loss.Dice(Tensor, Tensor, double, Tensor, bool, bool, Reduction)", d => d.Float(0.05, 0.95, rank: 3) is var p
            ? [p, d.Like(p.Shape, 0.05, 0.95), 0.5, ClassWeight(d, p), d.Coin(), d.Coin(), Reduced(d)] : null);
        Add("Loss.FocalCrossEntropy(Tensor, Tensor)", d => Classes(d) is var (x, y) ? [x, y] : null);
        Add("Loss.FocalCrossEntropy(Tensor, Tensor, Tensor, double, Reduction, double, int)",
            d => Classes(d) is var (x, y) && x.Shape[1] > 1
            ? [x, y, ClassWeight(d, x), d.Of(0.0, 2.0), Reduced(d), d.Coin() ? 0.0 : 0.1, d.Coin() ? -100 : 0] : null);
        Add("Loss.Ctc(Tensor, Tensor, Tensor, Tensor, int, bool, Reduction)", d =>
        {
            var x = d.OfRank(3, where: s => s[2] > 1);
            if (x.Shape[2] < 2) return null;
            var labels = d.Indices([x.Shape[1], d.Int(0, 3)], x.Shape[2] - 1);
            return [d.Emit("Tensor.LogSoftmax(int)", x, -1), labels, null, null, x.Shape[2] - 1, true, Reduced(d)];
        });
    }

    private void AddMarginLosses()
    {
        Add("Loss.SoftMargin(Tensor, Tensor)", d => d.Float() is var x ? [x, Signs(d, x)] : null);
        Add("Loss.SoftMargin(Tensor, Tensor, Reduction)", d => d.Float() is var x ? [x, Signs(d, x), Reduced(d)] : null);
        Add("Loss.HingeEmbedding(Tensor, Tensor, double, Reduction)",
            d => d.Float() is var x && Beyond(d, 0.7 - x.Tensor.Detach()) ? [x, Signs(d, x), 0.7, Reduced(d)] : null);
        Add("Loss.Quantile(Tensor, Tensor, double, Reduction)", d => d.Float() is var x && d.Like(x.Shape) is var y
            && Beyond(d, y.Tensor.Detach() - x.Tensor.Detach()) ? [x, y, d.Of(0.1, 0.5, 0.8), Reduced(d)] : null);
        Add("Loss.Quantile(Tensor, Tensor, ReadOnlySpan<double>, Reduction)", d =>
        {
            var y = d.OfRank(1);
            var x = d.Like(new Shape(y.Shape[0], 2));
            return Beyond(d, y.Tensor.Detach().Unsqueeze(1) - x.Tensor.Detach()) ? [x, y, new[] { 0.1, 0.75 }, Reduced(d)] : null;
        });
        Add("Loss.MultiMargin(Tensor, Tensor)", d => Ahead(d) is var (x, y) ? [x, y] : null);
        Add("Loss.MultiMargin(Tensor, Tensor, double, double, Tensor, Reduction)",
            d => Ahead(d) is var (x, y) ? [x, y, d.Of(1.0, 2.0), 1.0, ClassWeight(d, x), Reduced(d)] : null);
        Add("Loss.MultiLabelMargin(Tensor, Tensor)", d => Several(d) is var (x, y) ? [x, y] : null);
        Add("Loss.MultiLabelMargin(Tensor, Tensor, Reduction)", d => Several(d) is var (x, y) ? [x, y, Reduced(d)] : null);
        Add("Loss.MultiLabelSoftMargin(Tensor, Tensor)", d => Several(d) is var (x, y) ? [x, y] : null);
        Add("Loss.MultiLabelSoftMargin(Tensor, Tensor, Tensor, Reduction)",
            d => Several(d) is var (x, y) ? [x, y, ClassWeight(d, x), Reduced(d)] : null);

        static (Value, Value)? Ahead(Choices d)
        {
            if (Classes(d) is not var (x, y)) return null;
            var scores = x.Tensor.Detach();
            return Beyond(d, 1 - scores.Gather(1, y.Tensor.Unsqueeze(1)) + scores) ? (x, y) : null;
        }

        static (Value, Value)? Several(Choices d)
        {
            var x = d.OfRank(2, where: s => s[1] is > 0 and < 33, shape: () => [d.Int(1, 4), d.Int(1, 4)]);
            var scores = x.Tensor.Detach();
            return Beyond(d, 1 - scores.Unsqueeze(2) + scores.Unsqueeze(1)) ? (x, d.Like(x.Shape, 0.05, 0.95, 0)) : null;
        }
    }

    // All pairs of a batch, or all triplets: small ones, whatever the size of the program.
    private void AddEmbeddingLosses()
    {
        Add("Loss.InfoNce(Tensor, Tensor)", d => Rows(d, 0.2) is var q ? [q, d.Like(q.Shape, 0.2, 6)] : null);
        Add("Loss.InfoNce(Tensor, Tensor, Tensor, double, bool, bool, Reduction)", d =>
        {
            var q = Rows(d, 0.2);
            var shape = d.Coin() ? new Shape(3, q.Shape[1]) : new Shape(q.Shape[0], 2, q.Shape[1]);
            var negative = d.Coin() ? null : d.Like(shape, 0.2, 6);
            return [q, d.Like(q.Shape, 0.2, 6), negative, 0.5, negative is null && d.Coin(), d.Coin(), Reduced(d)];
        });
        Add("Loss.BatchTriplet(Tensor, Tensor)", d => Labelled(d) is var (x, y) ? [x, y] : null);
        Add("Loss.BatchTriplet(Tensor, Tensor, TripletMining, double, Reduction)", d => Labelled(d) is var (x, y)
            ? [x, y, d.Of(TripletMining.Hard, TripletMining.SemiHard, TripletMining.All), 1.0, Reduced(d)] : null);

        static Value Rows(Choices d, double low)
            => d.OfRank(2, low, where: s => s[0] < 7 && s[1] < 9, shape: () => [d.Int(2, 6), d.Int(1, 4)]);

        static (Value, Value)? Labelled(Choices d)
        {
            var x = Rows(d, Choices.Low);
            var point = x.Tensor.Detach();
            int n = point.Shape[0];
            var distance = (point.Unsqueeze(1) - point.Unsqueeze(0)).Norm(2, 2);
            var pairs = distance[Tensor.Ones(new Shape(n, n), DType.Bool).Triu(1)];
            if (!d.IsAbove(pairs, 0.01) || !d.IsDistinct(pairs)) return null;
            return Beyond(d, distance.Unsqueeze(2) - distance.Unsqueeze(1) + 1) ? (x, d.Indices([n], 3)) : null;
        }
    }

    private void Pair(string name, double low, double high, Func<Tensor, Tensor>? distance = null, double? parameter = null)
    {
        string number = parameter is null ? "" : "double, ";
        Add($"Loss.{name}(Tensor, Tensor)", d => Two(d) is var (a, b) ? [a, b] : null);
        Add($"Loss.{name}(Tensor, Tensor, {number}Reduction)",
            d => Two(d) is not var (a, b) ? null : parameter is null ? [a, b, Reduced(d)] : [a, b, parameter, Reduced(d)]);

        (Value, Value)? Two(Choices d)
        {
            Value a = d.Float(low, high), b = d.Like(a.Shape, low, high);
            return distance is null || d.IsAbove(distance(a.Tensor.Detach() - b.Tensor.Detach()), 1e-4) ? (a, b) : null;
        }
    }

    private static object Reduced(Choices d) => d.Of(Nn.Reduction.Mean, Nn.Reduction.Sum, Nn.Reduction.None);

    private static Value? Weight(Choices d, Value x) => d.Coin() ? null : d.Like(x.Shape, 0.2, 3, 0);

    private static Value? ClassWeight(Choices d, Value x) => d.Coin() ? null : d.Leaf([x.Shape[1]], 0.2, 3, 0);

    private static (Value Logits, Value Labels)? Classes(Choices d)
        => d.OfRank(2) is var x && x.Shape[1] > 0 ? (x, d.Indices([x.Shape[0]], x.Shape[1])) : null;

    private static Value Signs(Choices d, Value x) => Signs(d, [.. x.Shape]);

    // Whole numbers are the same in every element type, which random signs would not be.
    private static Value Signs(Choices d, params int[] shape)
    {
        var bits = d.Emit("Tensor.To(DType)", d.Indices(shape, 2), new RunType());
        return d.Emit("Tensor.op_Subtraction(Tensor, Scalar)", d.Emit("Tensor.op_Multiply(Tensor, Scalar)", bits, 2.0), 1.0);
    }

    private static bool Beyond(Choices d, Tensor difference) => d.IsAbove(difference.Abs(), 1e-4);
}
