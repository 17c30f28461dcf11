namespace DeepNet.Bench.Cases;

/// <summary>Derivatives of derivatives.</summary>
internal static class Derivatives
{
    public static IEnumerable<Case> Cases => [new("hessian_4-32-3", Hessian) { Mark = (25, 25), IsSerial = true }];

    private static Action Hessian()
    {
        Tensor x = Inputs.Normal(new Shape(16, 4)), y = Inputs.Integers(3, new Shape(16, 1)), flat = Inputs.Normal(new Shape(259)) * 0.3;
        Tensor Loss(Tensor p)
        {
            Tensor w1 = p[..128].Reshape(4, 32), b1 = p[128..160], w2 = p[160..256].Reshape(32, 3), b2 = p[256..];
            return -((x.MatMul(w1) + b1).Tanh().MatMul(w2) + b2).LogSoftmax(1).Gather(1, y).Mean();
        }
        return () =>
        {
            using var step = Memory.Scope();
            Outcome.Note(Autograd.Hessian(Loss, flat));
        };
    }
}
