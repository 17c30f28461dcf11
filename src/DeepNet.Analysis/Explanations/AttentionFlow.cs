using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Analysis;

/// <summary>
/// How much of each input step reaches each output step of a transformer, as <see cref="Explain.Rollout(Nn.Module, Tensor, bool)"/> finds
/// it.
/// </summary>
public sealed class AttentionFlow
{
    internal AttentionFlow(Tensor values) => Values = values;

    /// <summary>Gets the shares, (batch, output steps, input steps); each row adds up to 1.</summary>
    public Tensor Values { get; }

    /// <summary>Draws the shares of one example as a matrix.</summary>
    /// <param name="example">The number of the example.</param>
    /// <param name="steps">The names of the steps, such as words; their numbers if not given.</param>
    public Plot Plot(int example = 0, IReadOnlyList<string>? steps = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(example);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(example, Values.Shape[0]);
        steps ??= [.. Enumerable.Range(0, Values.Shape[1]).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new Plot("Attention roll-out") { XLabel = "input step", YLabel = "output step", ZMin = 0 }
            .HeatMap(Values[example].To(DType.Float64).ToMatrix<double>(), steps, steps);
    }
}
