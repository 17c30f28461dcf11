using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>
/// LibTorch's fused optimizers: one native call for all parameters, where TorchSharp's make five to ten for each. TorchSharp does not wrap
/// them; they are reached through TorchScript.
/// </summary>
internal sealed class FusedOptimizer
{
    private const string Script = """
        def sgd(p: List[Tensor], g: List[Tensor], m: List[Tensor], lr: float, first: bool):
            torch._fused_sgd_(p, g, m, weight_decay=0.0, momentum=0.9, lr=lr, dampening=0.0, nesterov=False,
                              maximize=False, is_first_step=first)

        def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], n: List[Tensor], lr: float):
            torch._foreach_add_(n, 1)
            torch._fused_adam_(p, g, m, v, [], n, lr=lr, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8,
                               amsgrad=False, maximize=False)

        def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], n: List[Tensor], lr: float):
            torch._foreach_add_(n, 1)
            torch._fused_adamw_(p, g, m, v, [], n, lr=lr, beta1=0.9, beta2=0.999, weight_decay=0.01, eps=1e-8,
                                amsgrad=False, maximize=False)

        """;

    private static readonly Lazy<jit.CompilationUnit> functions = new(() => jit.compile(Script));

    private readonly string kind;
    private readonly double rate;
    private readonly Parameter[] parameters;
    private readonly Tensor[] values, first, second, counts;
    private bool isFirst = true;

    /// <param name="kind">sgd (with momentum 0.9), adam or adamw.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="rate">The learning rate.</param>
    public FusedOptimizer(string kind, IEnumerable<Parameter> parameters, double rate)
    {
        (this.kind, this.rate) = (kind, rate);
        this.parameters = [.. parameters];
        values = [.. this.parameters];
        first = [.. values.Select(p => zeros_like(p))];
        second = kind == "sgd" ? [] : [.. values.Select(p => zeros_like(p))];
        counts = kind == "sgd" ? [] : [.. values.Select(_ => zeros(1))];
    }

    public void ZeroGrad()
    {
        foreach (var parameter in parameters) parameter.grad = null;
    }

    public void Step()
    {
        using var off = no_grad();
        var gradients = new Tensor[parameters.Length];
        for (int i = 0; i < gradients.Length; i++) gradients[i] = parameters[i].grad!;
        if (kind == "sgd") functions.Value.invoke("sgd", values, gradients, first, rate, isFirst);
        else functions.Value.invoke(kind, values, gradients, first, second, counts, rate);
        isFirst = false;
    }
}
