using DeepNet.Distributions;
using DeepNet.Nn;

namespace DeepNet.Bench.Cases;

/// <summary>Counts, samples by rejection, and the loss of sequences without an alignment.</summary>
internal static class Statistics
{
    // Samples of two sides differ; what is compared are their mean, variance and mean logarithm, of 262,144 numbers.
    private const double SamplingError = 0.03;

    public static IEnumerable<Case> Cases =>
    [
        Of("bin_count_1M", () =>
        {
            var x = Inputs.Integers(1000, new Shape(1 << 20));
            return () =>
            {
                var y = x.BinCount();
                if (Outcome.IsWanted) Outcome.Note(y.To(DType.Float32));
            };
        }),
        .. from concentration in (double[])[0.5, 2.5]
        select Of($"gamma_{concentration}_256k", () =>
        {
            var gamma = new Gamma(Tensor.Full(new Shape(1 << 18), concentration), Tensor.Ones(1 << 18));
            return () =>
            {
                var y = gamma.Sample();
                if (!Outcome.IsWanted) return;
                Outcome.Note(y.Mean());
                Outcome.Note(y.Var());
                Outcome.Note(y.Log().Mean());
            };
        }) with { Tolerance = SamplingError },
        Of("ctc_t150_b16_c40_s30", () => Ctc(isLearning: false)),
        Of("ctc_t150_b16_c40_s30_fwdbwd", () => Ctc(isLearning: true)),
    ];

    private static Action Ctc(bool isLearning)
    {
        var x = Inputs.Normal(new Shape(150, 16, 40)).LogSoftmax(2);
        if (isLearning) x = x.WithGrad();
        var target = Inputs.Integers(39, new Shape(16, 30)) + 1;
        return () =>
        {
            x.ZeroGrad();
            var loss = Outcome.Note(Loss.Ctc(x, target));
            if (!isLearning) return;
            loss.Backward();
            // PyTorch's gradient is right behind a softmax only: compared is what goes through it.
            if (Outcome.IsWanted) Outcome.Note(x.Grad! - x.Exp() * x.Grad!.Sum(2, keepDim: true));
        };
    }

    private static Case Of(string name, Func<Action> setup) => new(name, () =>
    {
        var action = setup();
        return () =>
        {
            using var step = Memory.Scope();
            action();
        };
    })
    {
        Mark = (0.67, 0.67),
    };
}
