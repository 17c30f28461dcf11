namespace DeepNet;

/// <summary>
/// Which of its inputs a unary operator's Backward reads: what autograd has to keep alive, found by running it on <see cref="Uses"/>.
/// </summary>
internal static class Needs<TOp> where TOp : unmanaged, IUnaryOp<TOp>
{
    private static readonly Uses Read = TOp.Backward(default, Uses.A, Uses.Y, Uses.G);

    /// <summary>True if Backward reads the argument.</summary>
    public static readonly bool X = Read.Reads(Uses.A);

    /// <summary>True if Backward reads the result.</summary>
    public static readonly bool Y = Read.Reads(Uses.Y);
}
