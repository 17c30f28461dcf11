namespace DeepNet.Onnx;

/// <summary>Boxes around what is seen in images.</summary>
internal static class Detection
{
    public static void AddTo(OperatorTable table)
    {
        table.One("NonMaxSuppression", NonMaxSuppression);
        table.One("RoiAlign", RoiAlign,
            (node, _) => node.Attributes.Exists(attribute => attribute is { Name: "mode", Text: "max" }) ? "of the mode 'max'" : null);
    }

    private readonly record struct Box(double Top, double Left, double Bottom, double Right)
    {
        private double Area => (Bottom - Top) * (Right - Left);

        // Files may give any two corners across from one another.
        public static Box Of(ReadOnlySpan<double> box, bool isCenter)
            => isCenter ? new(box[1] - box[3] / 2, box[0] - box[2] / 2, box[1] + box[3] / 2, box[0] + box[2] / 2)
            : new(Math.Min(box[0], box[2]), Math.Min(box[1], box[3]), Math.Max(box[0], box[2]), Math.Max(box[1], box[3]));

        public bool Overlaps(Box other, double most)
        {
            double height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
            double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
            double common = Math.Max(height, 0) * Math.Max(width, 0), all = Area + other.Area - common;
            return all > 0 && common > most * all;
        }
    }

    // The best box of each class, then the next one that does not cover those before it, and so on.
    private static Tensor NonMaxSuppression(Call call)
    {
        Tensor boxes = call[0], scores = call[1];
        if (boxes.Rank != 3 || boxes.Shape[2] != 4 || scores.Rank != 3 || scores.Shape[0] != boxes.Shape[0]
            || scores.Shape[2] != boxes.Shape[1])
            throw new ArgumentException(
                $"boxes {boxes.Shape} and scores {scores.Shape} are not (batch, count, 4) and (batch, classes, count).");
        long most = call.Optional(2) is null ? 0 : call.Longs(2)[0];
        double overlap = call.Optional(3)?.ToArray<double>()[0] ?? 0;
        double least = call.Optional(4)?.ToArray<double>()[0] ?? double.NegativeInfinity;
        int count = boxes.Shape[1], classes = scores.Shape[1];
        double[] corners = boxes.ToArray<double>(), all = scores.ToArray<double>();
        bool isCenter = call.Flag("center_point_box");
        var chosen = new List<long>();
        for (int group = 0; group < boxes.Shape[0] * classes; group++)
        {
            var kept = new List<Box>();
            double Score(int i) => all[group * count + i];
            foreach (int i in Enumerable.Range(0, count).Where(i => Score(i) > least).OrderByDescending(Score))
            {
                if (kept.Count >= most) break;
                var box = Box.Of(corners.AsSpan((group / classes * count + i) * 4, 4), isCenter);
                if (kept.Exists(other => box.Overlaps(other, overlap))) continue;
                kept.Add(box);
                chosen.AddRange([group / classes, group % classes, i]);
            }
        }
        return Tensor.From<long>([.. chosen], new Shape(chosen.Count / 3, 3));
    }

    // Means of interpolated points, which is a product with the weights of all rows and one with those of all columns.
    private static Tensor RoiAlign(Call call)
    {
        Tensor x = call[0], regions = call[1];
        int height = (int)call.Int("output_height", 1), width = (int)call.Int("output_width", 1);
        int points = (int)call.Int("sampling_ratio", 0);
        double scale = call.Float("spatial_scale", 1);
        double shift = call.Version >= 16 && call.Text("coordinate_transformation_mode", "half_pixel") == "half_pixel" ? 0.5 : 0;
        double[] corners = regions.ToArray<double>();
        long[] images = call.Longs(2);
        call.Made([images.Length, x.Shape[1], height, width]);
        if (images.Length == 0) return Tensor.Zeros(new Shape(0, x.Shape[1], height, width), x.DType, x.Device);
        if (corners.Length != 4 * images.Length)
            throw new ArgumentException($"regions {regions.Shape} are not 4 numbers for each of {images.Length} images.");
        return Tensor.Stack([.. images.Select((image, i) =>
        {
            double From(int at) => corners[4 * i + at] * scale - shift;
            var rows = Weights(From(1), From(3), height, x.Shape[2]);
            var columns = Weights(From(0), From(2), width, x.Shape[3]);
            return rows.MatMul(x.Select(0, Call.Wrap(image, x.Shape[0]))).MatMul(columns.T);
        })]);

        // (parts, length)
        Tensor Weights(double start, double end, int parts, int length)
        {
            double size = shift > 0 ? end - start : Math.Max(end - start, 1), step = size / parts;
            int count = points > 0 ? points : (int)Math.Clamp(Math.Ceiling(step), 1, 2.0 * length + 2);
            double[] weights = new double[(int)call.Made([parts, length]).Count];
            for (int part = 0; part < parts; part++)
                for (int point = 0; point < count; point++)
                {
                    double at = start + (part + (point + 0.5) / count) * step;
                    if (!(at >= -1 && at <= length)) continue;
                    at = Math.Clamp(at, 0, length - 1);
                    int below = (int)at, above = Math.Min(below + 1, length - 1);
                    weights[part * length + below] += (1 - (at - below)) / count;
                    weights[part * length + above] += (at - below) / count;
                }
            return Tensor.From<double>(weights, new Shape(parts, length)).To(x.DType).To(x.Device);
        }
    }
}
