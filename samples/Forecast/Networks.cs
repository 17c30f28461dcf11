using DeepNet.Nn;

namespace DeepNet.Samples.Forecast;

/// <summary>The networks: each takes (N, context) and gives (N, outputs).</summary>
internal static class Networks
{
    public static Module Linear(int context, int outputs, Generator chance) => new Linear(context, outputs, generator: chance);

    public static Module Lstm(int context, int outputs, Generator chance) => new LastOfLstm(outputs, chance);

    public static Module Convolutional(int context, int outputs, Generator chance) => new DilatedNet(context, outputs, chance);

    /// <summary>Reads the past step by step; the state at the end is what it knows.</summary>
    private sealed class LastOfLstm(int outputs, Generator chance) : Module
    {
        private const int Hidden = 48;

        private readonly Lstm lstm = new(1, Hidden, batchFirst: true, generator: chance);
        private readonly Linear head = new(Hidden, outputs, generator: chance);

        public override Tensor Forward(Tensor x) => head.Forward(lstm.Forward(x.Unsqueeze(2))[.., ^1]);
    }

    /// <summary>
    /// Convolutions over the past that look back only, each twice as far as the one before, until all of it is seen (van den Oord et al.
    /// 2016).
    /// </summary>
    private sealed class DilatedNet : Module
    {
        private const int Channels = 24, Kernel = 3;

        private readonly Conv1d first;
        private readonly List<Conv1d> convolutions = [];
        private readonly Linear head;

        public DilatedNet(int context, int outputs, Generator chance)
        {
            first = new Conv1d(1, Channels, 1, generator: chance);
            for (int seen = 1, dilation = 1; seen < context; seen += (Kernel - 1) * dilation, dilation *= 2)
                convolutions.Add(new Conv1d(Channels, Channels, Kernel, dilation: dilation, generator: chance, activation: new Relu()));
            head = new Linear(2 * Channels, outputs, generator: chance);
        }

        public override Tensor Forward(Tensor x)
        {
            x = first.Forward(x.Unsqueeze(1));
            int dilation = 1;
            foreach (var convolution in convolutions)
            {
                x = x + convolution.Forward(x.Pad([((Kernel - 1) * dilation, 0)]));
                dilation *= 2;
            }
            // The last step has seen the whole past; the mean over steps says what is usual.
            return head.Forward(Tensor.Cat([x.Select(2, x.Shape[2] - 1), x.Mean(2)], 1));
        }
    }
}
