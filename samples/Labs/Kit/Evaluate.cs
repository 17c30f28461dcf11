namespace DeepNet.Labs.Kit;

/// <summary>What a network says of examples while nothing is learned.</summary>
internal static class Evaluate
{
    /// <summary>Its output in evaluation, unrecorded; the network goes on as it was.</summary>
    public static Tensor Output(Module model, Tensor x)
    {
        using var quiet = Autograd.NoGrad();
        bool wasTraining = model.IsTraining;
        model.Eval();
        var y = model.Forward(x);
        model.Train(wasTraining);
        return y;
    }

    /// <summary>A loss over all examples, such as <c>Loss.CrossEntropy</c>.</summary>
    public static double Loss(Module model, Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> loss)
    {
        using var scope = Memory.Scope();
        return loss(Output(model, x), y).Item<double>();
    }

    /// <summary>The share of examples whose largest output is not at their class.</summary>
    public static double Error(Module model, Tensor x, Tensor labels) => 1 - Networks.Accuracy(model, x, labels);
}
