namespace DeepNet.Devices.Cpu;

/// <summary>Normalisation where each group consists of dense pieces: the planes of a channel. A thread takes whole groups.</summary>
internal static unsafe class NormGroups
{
    public struct Forward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y, Weight, Bias, Mean, Variance;
        public NormLayout At;
        public double Epsilon;

        public readonly void Run(nint from, nint to)
        {
            for (nint group = from; group < to; group++) Group(group);
        }

        private readonly void Group(nint group)
        {
            nint n = At.Inner, step = (nint)At.Groups * n, first = group * n;
            double sum = 0, squares = 0;
            if (At.IsCentered)
                for (int i = 0; i < At.Outer; i++) sum += double.CreateTruncating(NormLoop.Sum<V, T>(X + first + i * step, n));
            T mean = T.CreateTruncating(sum / At.Size);
            for (int i = 0; i < At.Outer; i++) squares += double.CreateTruncating(NormLoop.Squares<V, T>(X + first + i * step, mean, n));
            double variance = squares / At.Size;
            (Mean[group], Variance[group]) = (mean, T.CreateTruncating(variance));

            T scale = T.CreateTruncating(NormFormula.Scale(variance, Epsilon));
            if (Weight != null) scale *= Weight[group];
            for (int i = 0; i < At.Outer; i++)
                NormLoop.Scale<V, T>(X + first + i * step, mean, scale, Bias == null ? T.Zero : Bias[group], Y + first + i * step, n);
        }
    }

    public struct Backward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, G, Weight, Mean, Variance, Dx, Dweight, Dbias;
        public NormLayout At;
        public double Epsilon;

        public readonly void Run(nint from, nint to)
        {
            for (nint group = from; group < to; group++) Group(group);
        }

        private readonly void Group(nint group)
        {
            nint n = At.Inner, step = (nint)At.Groups * n, first = group * n;
            T mean = Mean[group];
            double scale = NormFormula.Scale(double.CreateTruncating(Variance[group]), Epsilon), plain = 0, along = 0;
            for (int i = 0; i < At.Outer; i++)
                NormLoop.Sums<V, T>(X + first + i * step, G + first + i * step, mean, n, ref plain, ref along);
            if (Dweight != null) Dweight[group] = T.CreateTruncating(along * scale);
            if (Dbias != null) Dbias[group] = T.CreateTruncating(plain);
            if (Dx == null) return;

            double factor = Weight != null ? scale * double.CreateTruncating(Weight[group]) : scale;
            var common = NormFormula.Common(plain, along, factor, scale, At.Size);
            T shift = At.IsCentered ? T.CreateTruncating(common.Shift) : T.Zero, turn = T.CreateTruncating(common.Turn);
            for (int i = 0; i < At.Outer; i++)
            {
                nint at = first + i * step;
                NormLoop.Slope<V, T>(X + at, G + at, mean, T.CreateTruncating(factor), shift, turn, Dx + at, n);
            }
        }
    }
}
