namespace DeepNet.Bench.Cases;

/// <summary>784-128-10 with plain gradient descent, written with tensors alone.</summary>
internal sealed class Mlp
{
    private readonly Tensor x, labels;
    private readonly Tensor[] parameters;

    public Mlp(int batch)
    {
        x = Tensor.Rand(new Shape(batch, 784));
        labels = Tensor.RandInt(0, 10, new Shape(batch, 1));
        parameters =
        [
            (Tensor.Randn(new Shape(784, 128)) * 0.03).WithGrad(), Tensor.Zeros(128).WithGrad(),
            (Tensor.Randn(new Shape(128, 10)) * 0.08).WithGrad(), Tensor.Zeros(10).WithGrad(),
        ];
    }

    public float Loss { get; private set; }

    public void Step()
    {
        foreach (var p in parameters) p.ZeroGrad();
        var hidden = (x.MatMul(parameters[0]) + parameters[1]).Relu();
        var logits = hidden.MatMul(parameters[2]) + parameters[3];
        var loss = -logits.LogSoftmax(1).Gather(1, labels).Mean();
        loss.Backward();
        using (Autograd.NoGrad())
            foreach (var p in parameters)
            {
                using var gradient = p.Grad!;           // ours once it is read, so its memory is ours to give back
                p.AddInPlace(gradient * -0.05);
            }
        Loss = loss.Item();
    }

    public void ScopedStep()
    {
        using var step = Memory.Scope();
        Step();
    }
}
