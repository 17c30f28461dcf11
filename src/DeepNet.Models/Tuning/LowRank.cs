using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Weights as products of two thin matrices, by singular value decomposition: of W = U·S·Vᵀ the largest singular values are kept.
/// </summary>
/// <remarks>
/// A linear layer then computes as two thinner ones would, and so do the packed projections of an attention. A convolution or an embedding
/// computes its weight anew each time, which saves numbers but no work. A weight stays as it is where two matrices would have no fewer
/// numbers. Both are trained: of <c>fc.weight</c> they are <c>fc.weight.original</c> and <c>fc.weight.right</c>. Call it before the
/// optimizer is made.
/// </remarks>
/// <example><code>
/// Console.WriteLine(LowRank.ToEnergy(model, 0.95, targets: "*.mlp"));     // rank, error and numbers of each weight
/// </code></example>
public static class LowRank
{
    /// <summary>Keeps a number of singular values of each weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rank">The number.</param>
    /// <param name="targets">A pattern of the weights, as <see cref="Module.NamedParameters(string)"/> takes it.</param>
    public static LowRankReport ToRank(Module model, int rank, string targets = "*")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        return Compress(model, targets, _ => rank);
    }

    /// <summary>Keeps as few singular values of each weight as have a share of the sum of all their squares.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">The share, from 0 to 1; the relative error of W is √(1 − share) at most.</param>
    /// <param name="targets">A pattern of the weights, as <see cref="Module.NamedParameters(string)"/> takes it.</param>
    public static LowRankReport ToEnergy(Module model, double share, string targets = "*")
    {
        if (!(share is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share,
                "[low_rank] the share of energy must be above 0 and no more than 1.");
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
        var found = model.NamedParameters(targets).Where(p => p.Parameter.Shape.Rank >= 2).ToList();
        if (found.Count == 0)
            throw new ArgumentException($"[low_rank] '{targets}' fits no parameter of two axes or more.", nameof(targets));
        return new([.. found.Select(p => Compress(p.Path, p.Parameter, choose))]);
    }

    private static LowRankLayer Compress(string path, Parameter parameter, Func<double[], int> choose)
    {
        using var scope = Memory.Scope();
        using var off = Autograd.NoGrad();
        var weight = parameter.Value;
        var (u, s, vt) = Linalg.Svd(weight.Detach().Flatten(1).To(DType.Float64));
        double[] singular = s.ToArray<double>();
        int rows = u.Shape[0], columns = vt.Shape[1], rank = Math.Min(choose(singular), singular.Length);
        long all = (long)rows * columns, thin = (long)rank * (rows + columns);
        if (thin >= all) return new(path, rows, columns, singular.Length, 0, all, all);
        var root = s.Narrow(0, 0, rank).Sqrt();
        var (left, right) = (u.Narrow(1, 0, rank) * root, vt.Narrow(0, 0, rank) * root.Unsqueeze(1));
        parameter.Parametrize(new LowRankWeight(weight.Shape, left.To(weight.DType), right.To(weight.DType)));
        double energy = Energy(singular, singular.Length), lost = Math.Max(0, energy - Energy(singular, rank));
        return new(path, rows, columns, rank, energy == 0 ? 0 : Math.Sqrt(lost / energy), all, thin);
    }

    private static double Energy(double[] singular, int count) => singular.Take(count).Sum(value => value * value);
}
