namespace DeepNet.Data.Transforms;

/// <summary>Statistics of a data set's inputs: for each feature of a table, for each channel of images.</summary>
internal static class Features
{
    private const int ChunkSize = 1024;

    /// <summary>Mean, standard deviation, smallest and largest value, in the shape that broadcasts to one example.</summary>
    public static (Tensor Mean, Tensor Std, Tensor Min, Tensor Max) Measure(string op, IDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0) throw new ArgumentException($"[{op}] nothing can be fitted to a data set of no examples.");
        double[] origin = [], sum = [], squares = [], min = [], max = [];
        Shape shape = Shape.Scalar;
        long count = 0;
        for (int at = 0; at < dataset.Count; at += ChunkSize)
        {
            using var scope = Memory.Scope();
            var x = dataset.GetBatch([.. Enumerable.Range(at, Math.Min(ChunkSize, dataset.Count - at))]).X;
            int features = x.Rank == 1 ? 1 : x.Shape[1];
            int[] rest = [.. Enumerable.Repeat(1, Math.Max(0, x.Rank - 2))];
            shape = x.Rank == 1 ? Shape.Scalar : new Shape([features, .. rest]);
            // (examples, features, elements of one feature)
            double[] values = x.To(DType.Float64).ToArray<double>();
            int run = features == 0 ? 0 : (int)(x.Count / (x.Shape[0] * features));
            if (count == 0)
            {
                (origin, sum, squares) = (new double[features], new double[features], new double[features]);
                (min, max) = (new double[features], new double[features]);
                for (int f = 0; f < features; f++)
                    (origin[f], min[f], max[f]) = (values[f * run], double.PositiveInfinity, double.NegativeInfinity);
            }
            for (int i = 0; i < values.Length; i++)
            {
                int f = i / run % features;
                double v = values[i], d = v - origin[f];               // about a value of its own, so that squares do not cancel
                if (!double.IsFinite(v))
                    throw new ArgumentException(
                        $"[{op}] feature {f} of example {at + i / (run * features)} is {v}. Fill in or drop what is missing first.");
                sum[f] += d;
                squares[f] += d * d;
                min[f] = Math.Min(min[f], v);
                max[f] = Math.Max(max[f], v);
            }
            count += (long)x.Shape[0] * run;
        }
        var mean = new double[sum.Length];
        var std = new double[sum.Length];
        for (int f = 0; f < sum.Length; f++)
        {
            mean[f] = origin[f] + sum[f] / count;
            std[f] = Math.Sqrt(Math.Max(0, squares[f] / count - sum[f] / count * (sum[f] / count)));
        }
        return (Make(mean, shape), Make(std, shape), Make(min, shape), Make(max, shape));
    }

    private static Tensor Make(double[] values, Shape shape) => Memory.Keep(Tensor.From<double>(values, shape).To(DType.Float32));
}
