namespace DeepNet;

/// <summary>Specifies the values that <see cref="Tensor.Pad"/> puts around a tensor.</summary>
public enum PadMode
{
    /// <summary>A number: <c>0 0 | a b c | 0 0</c>.</summary>
    Constant,
    /// <summary>The tensor mirrored at its outermost element, which is not repeated: <c>c b | a b c | b a</c>.</summary>
    Reflect,
    /// <summary>The outermost element: <c>a a | a b c | c c</c>.</summary>
    Replicate,
    /// <summary>The other end: <c>b c | a b c | a b</c>.</summary>
    Circular,
}
