using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>The cost of an operator when there is nothing to compute.</summary>
internal static class Overhead
{
    private const int Calls = 1000;

    public static IEnumerable<Case> Cases =>
    [
        new("add8_nograd", () => Adds(withGrad: false)) { Repeat = Calls }, new("add8_grad", () => Adds(withGrad: true)) { Repeat = Calls },
        new("chain100_fwdbwd_8", [new("scope", () => Chain(true)), new("dispose", () => Chain(false))]),
    ];

    private static Action Adds(bool withGrad)
    {
        Tensor a = ones(8, requires_grad: withGrad), b = (a * 2).detach();
        return () =>
        {
            for (int i = 0; i < Calls; i++) (a + b).Dispose();
            if (Outcome.IsWanted) Outcome.Note(a + b);
        };
    }

    private static Action Chain(bool isScoped)
    {
        Tensor a = ones(8, requires_grad: true), b = (a * 0.5).detach();
        if (isScoped)
        {
            return () =>
            {
                using var scope = NewDisposeScope();
                a.grad = null;
                var y = a;
                for (int i = 0; i < 50; i++)
                {
                    y = y * b;
                    y = y + b;
                }
                y.sum().backward();
                Outcome.Note(a.grad!);
            };
        }
        return () =>
        {
            a.grad = null;
            var y = a;
            for (int i = 0; i < 50; i++)
            {
                var product = y * b;
                if (i > 0) y.Dispose();
                y = product + b;
                product.Dispose();
            }
            using var sum = y.sum();
            y.Dispose();
            sum.backward();
            Outcome.Note(a.grad!);
        };
    }
}
