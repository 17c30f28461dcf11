namespace DeepNet.RandomPrograms;

/// <summary>
/// Symmetric matrices in one statement. In two, a block without gradients could hold the transpose alone constant, and the derivative
/// of a factorisation, which holds for symmetric matrices, would be compared with that along a direction that is none.
/// </summary>
internal static class Symmetric
{
    /// <summary>Adds each matrix to its transpose.</summary>
    public static Tensor Of(Tensor x) => x + x.Transpose(-2, -1);
}
