using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// Keeps gradients in bounds, between the backward pass and the step. An optimizer's own <see cref="Optimizer.ClipNorm"/> and
/// <see cref="Optimizer.ClipValue"/> do the same within the step, without another pass over memory.
/// </summary>
public static class Clip
{
    // As PyTorch: keeps the quotient finite where the norm is 0.
    private const double Epsilon = 1e-6;

    /// <summary>
    /// Scales all gradients together so that their joint norm is at most <paramref name="max"/>, and returns the norm they had.
    /// </summary>
    /// <param name="parameters">The parameters; those without a gradient do not count.</param>
    /// <param name="max">The largest norm to leave.</param>
    /// <param name="kind">Which norm: 1, 2 or ∞.</param>
    /// <param name="throwIfNotFinite">Whether a norm that is infinite or NaN is an error. If not, it is returned and the gradients are left alone.</param>
    public static double Norm(IEnumerable<Parameter> parameters, double max, double kind = 2, bool throwIfNotFinite = true)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Check.Positive(nameof(max), max);
        var all = parameters as IReadOnlyCollection<Parameter> ?? [.. parameters];
        var pass = new NormPass();
        foreach (var parameter in all) pass.Add(parameter);
        double norm = pass.Norm(kind);
        if (!double.IsFinite(norm))
            return throwIfNotFinite ? throw pass.NotFinite(norm) : norm;
        double share = Share(norm, max);
        if (share < 1) Apply(all, new ScaleRule(share));
        return norm;
    }

    /// <summary>Limits each element of each gradient to ±<paramref name="max"/>.</summary>
    public static void Value(IEnumerable<Parameter> parameters, double max)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Apply(parameters, new LimitRule(Check.Positive(nameof(max), max)));
    }

    internal static double Share(double norm, double max) => Math.Min(1, max / (norm + Epsilon));

    private static void Apply<TRule>(IEnumerable<Parameter> parameters, TRule rule) where TRule : unmanaged, IUpdateRule<TRule>
    {
        var batch = new UpdateBatch<TRule>();
        foreach (var parameter in parameters)
        {
            if (parameter.OwnValues() is { } gradient) batch.Add(rule, gradient, gradient);
        }
        batch.Run();
    }
}
