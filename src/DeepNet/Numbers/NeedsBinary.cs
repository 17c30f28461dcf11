using DeepNet.Ops;

namespace DeepNet;

/// <summary>Which of a, b and y each of the two gradients of a binary operator reads.</summary>
/// <typeparam name="TOp">The operator.</typeparam>
internal static class NeedsBinary<TOp> where TOp : unmanaged, IBinaryOp<TOp>
{
    /// <summary>What the gradient of the first argument reads.</summary>
    public static readonly Uses ForA = TOp.Backward(default, Uses.A, Uses.B, Uses.Y, Uses.G).A;

    /// <summary>What the gradient of the second argument reads.</summary>
    public static readonly Uses ForB = TOp.Backward(default, Uses.A, Uses.B, Uses.Y, Uses.G).B;

    /// <summary>What is read to compute the wanted gradients.</summary>
    public static Uses For(bool a, bool b) => new((a ? ForA.Inputs : 0) | (b ? ForB.Inputs : 0));
}
