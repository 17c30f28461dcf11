namespace DeepNet.Analysis;

/// <summary>Finds which parts of an input, or which features, the answers of a model rest on.</summary>
/// <remarks>
/// A model is a function of a batch, usually <c>model.Forward</c>, to scores (batch, classes), or to one number for each example. Give
/// scores before a softmax: behind one, a share can come from the other classes. Only gradients by inputs and layers are taken, so those of
/// the parameters stay as they are, and the model is asked in the mode it is in: call <see cref="Nn.Module.Eval"/> before.
/// </remarks>
/// <example><code>
/// model.Eval();
/// Explain.IntegratedGradients(model.Forward, images).Plot(example: 3).Save("why.svg");
/// Explain.GradCam(model.Forward, model.LastConvolution, images, target: 7).Plot().Save("where.svg");
/// </code></example>
public static partial class Explain
{
    /// <summary>The classes that are explained: the given ones, or those with the largest score.</summary>
    private static int[] Targets(string method, Tensor scores, Tensor? target)
    {
        int batch = scores.Shape[0];
        if (scores.Rank == 1)
        {
            if (target is not null)
                throw new ArgumentException(
                    $"[{method}] the model gives one number for each example, which has no classes: leave the target out.");
            return new int[batch];
        }
        using var quiet = Autograd.NoGrad();
        if (target is null) return [.. scores.ArgMax(1).ToArray<long>().Select(label => (int)label)];
        if (target.DType is not (DType.Int32 or DType.Int64) || !(target.Rank == 0 || (target.Rank == 1 && target.Shape[0] == batch)))
            throw new ArgumentException(
                $"[{method}] the target is {target.DType.Name()} {target.Shape}; it must be one class, or an integer for each of "
                + $"{batch} examples.");
        int[] labels = [.. target.Expand(batch).To(DType.Int64).ToArray<long>().Select(label => checked((int)label))];
        foreach (int label in labels)
            if (label < 0 || label >= scores.Shape[1])
                throw new ArgumentException($"[{method}] class {label} is not one of the {scores.Shape[1]} that the model has scores for.");
        return labels;
    }

    /// <summary>The score of one class for each example, (batch,).</summary>
    private static Tensor ScoresOf(Tensor scores, int[] targets)
        => scores.Rank == 1 ? scores
            : scores.Gather(1, Tensor.From<long>([.. targets.Select(label => (long)label)]).To(scores.Device).Unsqueeze(1)).Squeeze(1);

    private static Tensor Scores(string method, Func<Tensor, Tensor> model, Tensor x)
    {
        var scores = model(x) ?? throw new InvalidOperationException($"[{method}] the model returned null.");
        bool isNumber = scores.Rank == 2 && scores.Shape[1] == 1;
        if (scores.Rank is not (1 or 2) || scores.Shape[0] != x.Shape[0])
            throw new InvalidOperationException(
                $"[{method}] the model gave {scores.Shape} for {x.Shape[0]} examples; it must give (batch, classes) or (batch).");
        return isNumber ? scores.Squeeze(1) : scores;
    }

    private static double[] Numbers(Tensor scores) => scores.Detach().To(DType.Float64).ToArray<double>();

    private static void Check(string method, Func<Tensor, Tensor> model, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        if (!x.DType.IsDifferentiable())
            throw new ArgumentException(
                $"[{method}] inputs of {x.DType.Name()} have no gradient. Convert them, with To(DType.Float32).", nameof(x));
        if (x.Rank < 2 || x.Count == 0)
            throw new ArgumentException(
                $"[{method}] the inputs are {x.Shape}; they must be a batch of at least one example, (batch, …).", nameof(x));
    }

    /// <summary>The gradient of a sum of scores by a tensor that they were computed from.</summary>
    private static Tensor Gradient(string method, Tensor scores, Tensor by)
        => scores.RequiresGrad && Autograd.TryGrad([scores.Sum()], [by])[0] is { } gradient
            ? gradient.Detach()
            : throw new InvalidOperationException($"[{method}] the scores do not depend on what is explained. Does the model detach it?");
}
