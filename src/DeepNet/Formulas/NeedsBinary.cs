namespace DeepNet;

/// <summary>Which of a, b and y each of the two gradients of a binary operator reads.</summary>
internal static class NeedsBinary<TOp> where TOp : unmanaged, IBinaryOp<TOp>
{
    /// <summary>The arguments that the gradient of the first one reads.</summary>
    public static readonly Uses ForA = TOp.Backward(default, Uses.A, Uses.B, Uses.Y, Uses.G).A;

    /// <summary>The arguments that the gradient of the second one reads.</summary>
    public static readonly Uses ForB = TOp.Backward(default, Uses.A, Uses.B, Uses.Y, Uses.G).B;

    /// <summary>Gets the arguments that the wanted gradients read.</summary>
    public static Uses For(bool a, bool b) => new((a ? ForA.Inputs : 0) | (b ? ForB.Inputs : 0));
}
