using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Linear layers as two thinner ones by singular value decomposition: W = U·S·Vᵀ, of which the largest singular values are kept.
/// </summary>
/// <remarks>
/// A layer is left as it is where two would have no fewer parameters. The field or collection that holds a layer must take a
/// <see cref="Sequential"/>, as one declared <see cref="Module"/> or <see cref="Layer"/> does. Call it before the optimizer is made.
/// </remarks>
/// <example><code>
/// var report = LowRank.ToEnergy(model, 0.95, targets: "classifier");
/// Console.WriteLine(report);          // rank, error and parameters of each layer
/// </code></example>
public static class LowRank
{
    /// <summary>Keeps a number of singular values.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rank">The number; layers of no greater rank stay.</param>
    /// <param name="targets">A pattern of layers, as <see cref="Module.NamedParameters(string)"/> takes it.</param>
    public static LowRankReport ToRank(Module model, int rank, string targets = "*")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        return Compress(model, targets, _ => rank);
    }

    /// <summary>Keeps as few singular values as have a share of the sum of all their squares.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">The share, from 0 to 1; the relative error of W is √(1 − share) at most.</param>
    /// <param name="targets">A pattern of layers, as <see cref="Module.NamedParameters(string)"/> takes it.</param>
    public static LowRankReport ToEnergy(Module model, double share, string targets = "*")
    {
        if (!(share is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "[low_rank] the share of energy must be above 0 and no more than 1.");
        return Compress(model, targets, singular =>
        {
            double wanted = share * Energy(singular, singular.Length), sum = 0;
            int rank = 0;
            while (rank < singular.Length && (rank == 0 || sum < wanted)) sum += singular[rank] * singular[rank++];
            return rank;
        });
    }

    private static LowRankReport Compress(Module model, string targets, Func<double[], int> choose)
    {
        ArgumentNullException.ThrowIfNull(model);
        var fitting = model.NamedParameters(targets).Select(p => p.Parameter).ToHashSet();
        var layers = new List<LowRankLayer>();
        foreach (var (path, module) in model.Modules().ToList())
        {
            if (path.Length == 0 || module is not Linear linear || !fitting.Contains(linear.Weight)) continue;
            using var scope = Memory.Scope();
            using var off = Autograd.NoGrad();
            var (u, s, vt) = Linalg.Svd(linear.Weight.Value.To(DType.Float64));
            double[] singular = s.ToArray<double>();
            int rank = Math.Min(choose(singular), singular.Length), n = linear.InFeatures, m = linear.OutFeatures;
            double all = Energy(singular, singular.Length);
            if ((long)rank * (n + m) >= (long)n * m)
            {
                layers.Add(new(path, m, n, Math.Min(m, n), 0, (long)n * m, (long)n * m));
                continue;
            }
            model.Replace(path, Split(linear, u, s, vt, rank));
            double left = Math.Max(0, all - Energy(singular, rank));
            layers.Add(new(path, m, n, rank, all == 0 ? 0 : Math.Sqrt(left / all), (long)n * m, (long)rank * (n + m)));
        }
        return layers.Count > 0 ? new(layers)
            : throw new ArgumentException($"[low_rank] there is no Linear of weights of its own inside that '{targets}' fits.", nameof(targets));
    }

    private static double Energy(double[] singular, int count) => singular.Take(count).Sum(value => value * value);

    private static Sequential Split(Linear linear, Tensor u, Tensor s, Tensor vt, int rank)
    {
        var weight = linear.Weight.Value;
        var root = s.Narrow(0, 0, rank).Sqrt();
        var first = new Linear(linear.InFeatures, rank, bias: false);
        var second = new Linear(rank, linear.OutFeatures, linear.Bias is not null, activation: linear.Activation);
        var split = new Sequential(first, second);
        split.To(weight.Device);
        if (weight.DType != DType.Float32) split.To(weight.DType);
        first.Weight.Value.Detach().CopyFrom(vt.Narrow(0, 0, rank) * root.Unsqueeze(1));
        second.Weight.Value.Detach().CopyFrom(u.Narrow(1, 0, rank) * root);
        if (linear.Bias is { } bias) second.Bias!.Value.Detach().CopyFrom(bias.Value.Detach());
        if (!linear.Weight.RequiresGrad) split.Freeze();
        return split;
    }
}
