namespace DeepNet.Devices.Cpu;

/// <summary>
/// The weights in the space of points: 36 matrices of channels by outputs, each in panels of two vectors of outputs, so that the
/// product reads them in one go.
/// </summary>
/// <param name="weight">The weight tensor's elements; the 9 taps lie side by side.</param>
/// <param name="outputStride">From one output to the next.</param>
/// <param name="channelStride">From one channel to the next.</param>
/// <param name="isMirrored">Reads the taps from behind.</param>
internal readonly unsafe struct WinogradWeight(float* weight, nint outputStride, nint channelStride, bool isMirrored)
{
    private readonly float* weight = weight;
    private readonly nint outputStride = outputStride, channelStride = channelStride;
    private readonly bool isMirrored = isMirrored;

    /// <summary>Gets the size of the matrices.</summary>
    public static nint Size(in WinogradPlan plan, int lanes)
        => (nint)Winograd.Points * plan.Channels * WinogradPlan.Whole(plan.Outputs, 2 * lanes);

    /// <summary>Writes all matrices, one after the other.</summary>
    public void Transform<V>(in WinogradPlan plan, float* to) where V : unmanaged, ISimd<V, float>
    {
        var body = new Body<V> { From = this, To = to, Channels = plan.Channels, Outputs = plan.Outputs };
        WorkerPool.For((nint)plan.Channels * ((plan.Outputs - 1) / V.Lanes + 1), 1 + (1 << 9) / V.Lanes, ref body);
    }

    private struct Body<V> : IParallelBody where V : unmanaged, ISimd<V, float>
    {
        public WinogradWeight From;
        public float* To;
        public int Channels, Outputs;

        public readonly void Run(nint from, nint to)
        {
            int width = 2 * V.Lanes;
            nint matrix = (nint)Channels * WinogradPlan.Whole(Outputs, width);
            // Channel by channel, which are neighbours in the weight.
            for (nint i = from; i < to; i++)
            {
                int output = (int)(i / Channels) * V.Lanes, channel = (int)(i % Channels);
                Transform(channel, output, To + output / width * Channels * (nint)width + channel * width + output % width, matrix);
            }
        }

        /// <summary>A vector of outputs of one channel.</summary>
        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Transform(int channel, int output, float* to, nint matrix)
        {
            const int Reach = Winograd.Reach;
            int lanes = V.Lanes, count = Math.Min(lanes, Outputs - output);
            V* taps = stackalloc V[9], half = stackalloc V[3 * Reach];
            float* lane = (float*)taps;
            if (count < lanes)
                for (int tap = 0; tap < 9; tap++) taps[tap] = V.Constant(0);
            for (int i = 0; i < count; i++)
            {
                float* w = From.weight + (output + i) * From.outputStride + channel * From.channelStride;
                for (int tap = 0; tap < 9; tap++) lane[(From.isMirrored ? 8 - tap : tap) * lanes + i] = w[tap];
            }
            for (int i = 0; i < 3; i++)
                Winograd.ToPoints(taps[i], taps[3 + i], taps[6 + i], out half[i], out half[3 + i], out half[6 + i], out half[9 + i],
                    out half[12 + i], out half[15 + i]);
            for (int i = 0; i < Reach; i++, to += Reach * matrix)
            {
                Winograd.ToPoints(half[3 * i], half[3 * i + 1], half[3 * i + 2], out V p0, out V p1, out V p2, out V p3, out V p4,
                    out V p5);
                p0.Store(to);
                p1.Store(to + matrix);
                p2.Store(to + 2 * matrix);
                p3.Store(to + 3 * matrix);
                p4.Store(to + 4 * matrix);
                p5.Store(to + 5 * matrix);
            }
        }
    }
}
