namespace DeepNet.Labs.Kit;

/// <summary>Networks and numbers that many labs need.</summary>
internal static class Networks
{
    /// <summary>Linear layers of these widths, with an activation between: <c>Mlp([2, 32, 2], () => new Relu())</c>.</summary>
    public static Sequential Mlp(ReadOnlySpan<int> widths, Func<Module> activation, Generator? generator = null)
    {
        var layers = new List<Module>();
        for (int i = 1; i < widths.Length; i++)
        {
            if (i > 1) layers.Add(activation());
            layers.Add(new Linear(widths[i - 1], widths[i], generator: generator));
        }
        return new Sequential(layers);
    }

    /// <summary>The share of examples whose largest output is at their class.</summary>
    public static double Accuracy(Module model, Tensor x, Tensor labels)
    {
        using var scope = Memory.Scope();
        using var quiet = Autograd.NoGrad();
        bool wasTraining = model.IsTraining;
        model.Eval();
        double accuracy = model.Forward(x).ArgMax(1).Equal(labels).To(DType.Float32).Mean().Item();
        model.Train(wasTraining);
        return accuracy;
    }
}
