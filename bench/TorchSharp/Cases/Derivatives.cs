using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Derivatives of derivatives. TorchSharp has no functional.hessian: a backward pass for each row, as PyTorch's does.</summary>
internal static class Derivatives
{
    public static IEnumerable<Case> Cases => [new("hessian_4-32-3", Hessian)];

    private static Action Hessian()
    {
        Tensor x = Inputs.Normal(16, 4), y = Inputs.Integers(3, 16, 1).view(16), flat = (Inputs.Normal(259) * 0.3).detach();
        flat.requires_grad_(true);
        var units = eye(259).unbind();
        return () =>
        {
            using var scope = NewDisposeScope();
            Tensor w1 = flat[..128].view(4, 32), b1 = flat[128..160], w2 = flat[160..256].view(32, 3), b2 = flat[256..];
            var loss = nn.functional.cross_entropy((x.matmul(w1) + b1).tanh().matmul(w2) + b2, y);
            var gradient = autograd.grad([loss], [flat], retain_graph: true, create_graph: true)[0];
            var rows = new Tensor[259];
            for (int i = 0; i < rows.Length; i++) rows[i] = autograd.grad([gradient], [flat], [units[i]], retain_graph: true)[0];
            Outcome.Note(stack(rows));
        };
    }
}
