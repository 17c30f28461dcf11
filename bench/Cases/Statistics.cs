using DeepNet.Distributions;
using DeepNet.Nn;

namespace DeepNet.Bench.Cases;

/// <summary>Counts, samples by rejection, and the loss of sequences without an alignment.</summary>
internal static class Statistics
{
    public static IEnumerable<Case> Cases =>
    [
        Of("bin_count_1M", () =>
        {
            var x = Tensor.RandInt(0, 1000, 1 << 20);
            return () => x.BinCount();
        }),
        .. from concentration in (double[])[0.5, 2.5]
        select Of($"gamma_{concentration}_256k", () =>
        {
            var gamma = new Gamma(Tensor.Full(new Shape(1 << 18), concentration), Tensor.Ones(1 << 18));
            return () => gamma.Sample();
        }),
        Of("ctc_t150_b16_c40_s30", () => Ctc(isLearning: false)),
        Of("ctc_t150_b16_c40_s30_fwdbwd", () => Ctc(isLearning: true)),
    ];

    private static Action Ctc(bool isLearning)
    {
        var x = Tensor.Randn(150, 16, 40).LogSoftmax(2);
        if (isLearning) x = x.WithGrad();
        var target = Tensor.RandInt(1, 40, 16, 30);
        return () =>
        {
            x.ZeroGrad();
            var loss = Loss.Ctc(x, target);
            if (isLearning) loss.Backward();
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
