namespace DeepNet.Optim;

public sealed partial class Lbfgs
{
    /// <summary>
    /// Looks along a direction for a step length that lowers the loss enough (Armijo) and leaves a slope that is flat enough (the
    /// strong Wolfe conditions; Nocedal and Wright, algorithms 3.5 and 3.6): first outwards until such points are bracketed, then
    /// inwards. Trial lengths come from cubics through values and slopes.
    /// </summary>
    private sealed class LineSearch(Lbfgs owner, Func<Tensor> closure, double startLoss, TensorList startGradient, double startSlope)
    {
        private const double Armijo = 1e-4, Curvature = 0.9;
        private const int MostTrials = 25;

        /// <summary>The loss along the direction, at one length.</summary>
        private readonly record struct Point(double Length, double Loss, double Slope, TensorList Gradient);

        private readonly TensorList from = TensorList.CopyOf(owner.Groups[0].Parameters.Select(p => p.Value));
        private int trials;

        /// <summary>Gets the number of calls of the closure.</summary>
        public int Calls { get; private set; }

        /// <summary>The length found, with loss and gradient there. The parameters are left where they were.</summary>
        public (double Length, double Loss, TensorList Gradient) Run(double length)
        {
            var previous = new Point(0, startLoss, startSlope, startGradient);
            var start = previous;
            var now = At(length);
            while (trials < MostTrials)
            {
                if (IsTooHigh(now) || (trials > 1 && now.Loss >= previous.Loss)) return Zoom(previous, now);
                if (IsFlat(now)) return (now.Length, now.Loss, now.Gradient);
                if (now.Slope >= 0) return Zoom(previous, now);

                double next = Cubic(previous, now, now.Length + 0.01 * (now.Length - previous.Length), now.Length * 10);
                previous = now;
                now = At(next);
                trials++;
            }
            var best = start.Loss <= now.Loss ? start : now;
            return (best.Length, best.Loss, best.Gradient);
        }

        /// <summary>Narrows an interval that holds a suitable length.</summary>
        private (double Length, double Loss, TensorList Gradient) Zoom(Point a, Point b)
        {
            var (low, high) = a.Loss <= b.Loss ? (a, b) : (b, a);
            double reach = owner.direction!.Largest();
            bool wasNearEdge = false;
            while (trials < MostTrials && Math.Abs(high.Length - low.Length) * reach >= owner.changeTolerance)
            {
                double least = Math.Min(low.Length, high.Length), most = Math.Max(low.Length, high.Length);
                double length = Inside(Cubic(low, high, least, most), least, most, ref wasNearEdge);
                var now = At(length);
                trials++;
                if (IsTooHigh(now) || now.Loss >= low.Loss)
                {
                    high = now;
                    if (high.Loss < low.Loss) (low, high) = (high, low);
                    continue;
                }
                bool isFlat = IsFlat(now);
                if (!isFlat && now.Slope * (high.Length - low.Length) >= 0) high = low;
                low = now;
                if (isFlat) break;
            }
            return (low.Length, low.Loss, low.Gradient);
        }

        /// <summary>A trial near an edge twice in a row gets nowhere: it is put a tenth of the interval inside.</summary>
        private static double Inside(double length, double least, double most, ref bool wasNearEdge)
        {
            double tenth = 0.1 * (most - least);
            if (Math.Min(most - length, length - least) >= tenth)
            {
                wasNearEdge = false;
                return length;
            }
            if (!wasNearEdge && length < most && length > least)
            {
                wasNearEdge = true;
                return length;
            }
            wasNearEdge = false;
            return Math.Abs(length - most) < Math.Abs(length - least) ? most - tenth : least + tenth;
        }

        private bool IsTooHigh(in Point point) => point.Loss > startLoss + Armijo * point.Length * startSlope;

        private bool IsFlat(in Point point) => Math.Abs(point.Slope) <= -Curvature * startSlope;

        private Point At(double length)
        {
            owner.Move(length);
            owner.Evaluate(closure, out double loss, out var gradient);
            Calls++;
            for (int i = 0; i < from.Tensors.Length; i++)
            {
                var value = owner.Groups[0].Parameters[i].Value;
                using var writing = value.Storage.Write();
                value.Kernels.Copy(from.Tensors[i], value); // back exactly: adding and subtracting would round
                value.MarkChanged();
            }
            return new Point(length, loss, gradient.Dot(owner.direction!), gradient);
        }

        /// <summary>
        /// Returns the minimum of the cubic through two points with their slopes, within limits; the middle of them if it has no minimum.
        /// </summary>
        private static double Cubic(in Point a, in Point b, double least, double most)
        {
            double d = a.Slope + b.Slope - 3 * (a.Loss - b.Loss) / (a.Length - b.Length), square = d * d - a.Slope * b.Slope;
            if (!(square >= 0)) return (least + most) / 2;
            double root = Math.Sqrt(square);
            double lowest = a.Length <= b.Length
                ? b.Length - (b.Length - a.Length) * ((b.Slope + root - d) / (b.Slope - a.Slope + 2 * root))
                : a.Length - (a.Length - b.Length) * ((a.Slope + root - d) / (a.Slope - b.Slope + 2 * root));
            return Math.Min(Math.Max(lowest, least), most);
        }
    }
}
