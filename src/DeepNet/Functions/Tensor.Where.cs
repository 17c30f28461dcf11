namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>
    /// Elements of <paramref name="a"/> where the bool tensor <paramref name="condition"/> is true, of <paramref name="b"/> elsewhere, with
    /// broadcasting.
    /// </summary>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Ops.Where.Of(condition, a, b);
    }
}
