namespace DeepNet.Models;

/// <summary>
/// Rules as penalties: how much outputs break what is known about them, averaged. Truths are numbers from 0 to 1, such as probabilities,
/// in Łukasiewicz's logic. A penalty is 0 where the rule holds, and is added to a loss with a weight.
/// </summary>
/// <example><code>
/// var loss = Loss.BceWithLogits(logits, y) + 0.5 * Rule.Implies(isDog, isAnimal) + 0.5 * Rule.Excludes(isDog, isCat);
/// </code></example>
public static class Rule
{
    /// <summary>If a holds, so does b: max(0, a − b).</summary>
    public static Tensor Implies(Tensor a, Tensor b) => Difference(a, b).Relu().Mean();

    /// <summary>Not both hold: max(0, a + b − 1).</summary>
    public static Tensor Excludes(Tensor a, Tensor b) => Difference(a, 1 - Given(b)).Relu().Mean();

    /// <summary>One of them holds at least: max(0, 1 − Σ over the last axis).</summary>
    public static Tensor AnyOf(Tensor truths) => (1 - Given(truths).Sum(-1)).Relu().Mean();

    /// <summary>Numbers are no less than others, such as a forecast of the maximum than that of the mean: max(0, limit − value)².</summary>
    public static Tensor AtLeast(Tensor value, Tensor limit) => Difference(limit, value).Relu().Square().Mean();

    private static Tensor Difference(Tensor a, Tensor b)
        => Given(a).Shape.Equals(Given(b).Shape) ? a - b
            : throw new ArgumentException($"[rule] {a.Shape} and {b.Shape}: the shapes must be equal.");

    private static Tensor Given(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor;
    }
}
