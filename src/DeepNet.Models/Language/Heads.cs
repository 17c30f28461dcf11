namespace DeepNet.Models;

/// <summary>Shares features among the heads of an attention.</summary>
internal static class Heads
{
    /// <summary>Throws unless something can be shared evenly.</summary>
    public static void Check(string op, int shared, string what, int heads)
    {
        if (shared < 1 || heads < 1 || shared % heads != 0)
            throw new ArgumentException($"[{op}] {shared} {what} cannot be shared evenly by {heads} heads.");
    }

    /// <summary>(batch, steps, features) → (batch, heads, steps, features / heads).</summary>
    public static Tensor Split(Tensor x, int heads) => x.Reshape(x.Shape[0], x.Shape[1], heads, -1).Transpose(1, 2);

    /// <summary>(batch, heads, steps, width) → (batch, steps, heads · width).</summary>
    public static Tensor Join(Tensor x) => x.Transpose(1, 2).Reshape(x.Shape[0], x.Shape[2], -1);
}
