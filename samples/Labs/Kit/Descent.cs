namespace DeepNet.Labs.Kit;

/// <summary>The loop that most experiments have in them: loss, gradient, step.</summary>
internal static class Descent
{
    /// <summary>Takes steps down a loss.</summary>
    /// <param name="optimizer">Takes the steps.</param>
    /// <param name="steps">The numbers of the steps, such as <c>lab.Steps(300)</c>.</param>
    /// <param name="loss">Computes the loss for a step.</param>
    /// <param name="afterStep">Called after each step.</param>
    /// <returns>The loss before each step.</returns>
    public static List<double> Run(Optimizer optimizer, IEnumerable<int> steps, Func<int, Tensor> loss, Action<int>? afterStep = null)
    {
        var losses = new List<double>();
        foreach (int step in steps)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            var value = loss(step);
            value.Backward();
            losses.Add(value.Item<double>());
            optimizer.Step();
            afterStep?.Invoke(step);
        }
        return losses;
    }

    /// <summary>The same on all examples at once, over and over.</summary>
    public static List<double> Run(Optimizer optimizer, IEnumerable<int> steps, Func<Tensor> loss) => Run(optimizer, steps, _ => loss());

    /// <summary>A random batch: some rows of x and y.</summary>
    public static (Tensor X, Tensor Y) Batch(Tensor x, Tensor y, int size, Generator generator)
    {
        var rows = Tensor.RandInt(0, x.Shape[0], new Shape(size), generator: generator);
        return (x.IndexSelect(0, rows), y.IndexSelect(0, rows));
    }
}
