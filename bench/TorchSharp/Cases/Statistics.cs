using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Counts, samples by rejection, and the loss of sequences without an alignment.</summary>
internal static class Statistics
{
    public static IEnumerable<Case> Cases =>
    [
        new("bin_count_1M", () =>
        {
            var x = Inputs.Integers(1000, 1 << 20);
            return () =>
            {
                using var scope = NewDisposeScope();
                var y = x.bincount(null, 0);
                if (Outcome.IsWanted) Outcome.Note(y.to(ScalarType.Float32));
            };
        }),
        .. from concentration in (double[])[0.5, 2.5]
           select new Case($"gamma_{concentration}_256k", () =>
           {
               var gamma = distributions.Gamma(full(1 << 18, (float)concentration), ones(1 << 18));
               return () =>
               {
                   using var scope = NewDisposeScope();
                   var y = gamma.sample();
                   if (!Outcome.IsWanted) return;
                   Outcome.Note(y.mean());
                   Outcome.Note(y.var());
                   Outcome.Note(y.log().mean());
               };
           }),
        new("ctc_t150_b16_c40_s30", () => Ctc(isLearning: false)),
        new("ctc_t150_b16_c40_s30_fwdbwd", () => Ctc(isLearning: true)),
    ];

    private static Action Ctc(bool isLearning)
    {
        var x = Inputs.Normal(150, 16, 40).log_softmax(2).detach();
        x.requires_grad_(isLearning);
        Tensor target = Inputs.Integers(39, 16, 30) + 1, steps = full(16, 150L, ScalarType.Int64), labels = full(16, 30L, ScalarType.Int64);
        return () =>
        {
            using var scope = NewDisposeScope();
            x.grad = null;
            var loss = Outcome.Note(nn.functional.ctc_loss(x, target, steps, labels));
            if (!isLearning) return;
            loss.backward();
            // LibTorch's gradient is right behind a softmax only: compared is what goes through it.
            if (Outcome.IsWanted) Outcome.Note(x.grad! - x.exp() * x.grad!.sum(2, keepdim: true));
        };
    }
}
