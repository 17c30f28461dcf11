namespace DeepNet.Bench.Cases;

/// <summary>The cost of an operator when there is nothing to compute.</summary>
internal static class Overhead
{
    private const int Calls = 1000;

    public static IEnumerable<Case> Cases =>
    [
        new("add8_nograd", () => Adds(withGrad: false)) { Limit = 100e-9, Repeat = Calls, IsSerial = true },
        new("add8_grad", () => Adds(withGrad: true)) { Limit = 200e-9, Repeat = Calls, IsSerial = true },
        new("chain100_fwdbwd_8", Chain) { Limit = 20e-6, IsSerial = true },
    ];

    private static Action Adds(bool withGrad)
    {
        Tensor a = Tensor.Ones(8), b = a * 2, sink = a;
        a.RequiresGrad = withGrad;
        return () =>
        {
            for (int i = 0; i < Calls; i++) sink = a + b;
            Outcome.Note(sink);
        };
    }

    private static Action Chain()
    {
        Tensor a = Tensor.Ones(8), b = a * 0.5;
        a.RequiresGrad = true;
        return () =>
        {
            using var step = Memory.Scope();
            a.ZeroGrad();
            var y = a;
            for (int i = 0; i < 50; i++)
            {
                y = y * b;
                y = y + b;
            }
            y.Sum().Backward();
            Outcome.Note(a.Grad!);
        };
    }
}
