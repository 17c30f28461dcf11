namespace DeepNet.Optim;

/// <summary>
/// Defines how an optimizer changes one number: a formula over an abstract number, like the operators. Its fields are what is the same
/// for a whole tensor in one step (the learning rate, the bias corrections…). Every device runs it over all tensors in one pass.
/// </summary>
/// <typeparam name="TSelf">The rule itself.</typeparam>
public interface IUpdateRule<TSelf> where TSelf : unmanaged, IUpdateRule<TSelf>
{
    /// <summary>
    /// Gets the number of values that the rule remembers for each element: 0 to 3. The others are neither read nor written.
    /// </summary>
    static abstract int StateCount { get; }

    /// <summary>The rule's numbers, which <see cref="Apply"/> is given.</summary>
    Coefficients Prepare();

    /// <summary>One step.</summary>
    /// <param name="c">The coefficients that <see cref="Prepare"/> made.</param>
    /// <param name="p">The parameter, changed in place.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="s0">The first remembered number, changed in place.</param>
    /// <param name="s1">The second.</param>
    /// <param name="s2">The third.</param>
    /// <typeparam name="V">The number.</typeparam>
    static abstract void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>;
}
