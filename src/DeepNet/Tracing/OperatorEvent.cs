namespace DeepNet.Tracing;

/// <summary>
/// An operator that a program applied. Values are tensor objects: what was computed from a tensor has that very object as input.
/// </summary>
/// <param name="Name">The operator's name, as in error messages.</param>
/// <param name="Operator">
/// What was applied: a formula (a boxed struct, with its parameters), an <see cref="DeepNet.Operator"/>, the map of
/// a view, the axes of a permutation, the shape or element type of a conversion; null where the name says all.
/// </param>
/// <param name="Inputs">The tensors that it was applied to.</param>
/// <param name="Output">The result. Of a change in place it is the first input itself, whose value is another one from here on.</param>
/// <param name="ModulePath">The module that was running; null outside of modules.</param>
/// <param name="Depth">
/// The number of operators around it. What the program itself said has depth 0; what an operator or a derivative is made of lies deeper.
/// </param>
internal sealed record OperatorEvent(string Name, object? Operator, Tensor[] Inputs, Tensor Output, string? ModulePath, int Depth)
{
    /// <summary>Gets the formula that was applied element by element; null if it was none.</summary>
    public FormulaSource? Formula { get; init; }

    /// <summary>True if the operator changed its first input instead of making a tensor.</summary>
    public bool IsInPlace => Inputs.Length > 0 && ReferenceEquals(Inputs[0], Output);
}
