using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Sines and cosines of features with known periods and their harmonics, so that midnight is near one o'clock and next year is like this
/// one: (..., features) becomes (..., 2 · features · harmonics).
/// </summary>
/// <example><code>
/// var model = new Sequential(new PeriodicFeatures([24, 7], harmonics: 3), new Linear(12, 1));     // hour and day of the week
/// </code></example>
public sealed class PeriodicFeatures : Layer
{
    [StateName("frequency")]
    private readonly StateBuffer frequency;     // (features, harmonics), in radians for each unit

    /// <summary>Makes the layer.</summary>
    /// <param name="periods">The period of each feature, in its own unit.</param>
    /// <param name="harmonics">The number of oscillations in a period that the fastest of them has.</param>
    public PeriodicFeatures(IReadOnlyList<double> periods, int harmonics = 1)
    {
        ArgumentNullException.ThrowIfNull(periods);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(harmonics);
        if (periods.Count == 0 || periods.Any(p => !(p > 0) || !double.IsFinite(p)))
            throw new ArgumentException("[periodic_features] there must be a period for each feature, and all must be positive.",
                nameof(periods));
        var radians = new float[periods.Count, harmonics];
        for (int i = 0; i < periods.Count; i++)
            for (int h = 0; h < harmonics; h++) radians[i, h] = (float)(2 * Math.PI * (h + 1) / periods[i]);
        frequency = new StateBuffer(Tensor.From(radians));
    }

    /// <summary>Gets the number of outputs for each example.</summary>
    public int Count => 2 * (int)frequency.Value.Count;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        int features = frequency.Value.Shape[0];
        if (x.Rank == 0 || x.Shape[^1] != features)
            throw new ArgumentException($"[periodic_features] expects (..., {features}), one for each period, got {x.Shape}.");
        var angle = (x.Unsqueeze(-1) * frequency).Flatten(x.Rank - 1);
        return Tensor.Cat([angle.Sin(), angle.Cos()], -1);
    }

    /// <inheritdoc/>
    public override string Description => $"PeriodicFeatures({frequency.Value.Shape[0]} features, harmonics: {frequency.Value.Shape[1]})";
}
