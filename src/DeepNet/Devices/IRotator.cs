namespace DeepNet.Devices;

/// <summary>A device with a kernel for rotary positions; on others they are composed.</summary>
internal interface IRotator
{
    /// <summary>
    /// Turns pairs of features, (a, b), to (a·cos − b·sin, b·cos + a·sin), or backwards. x is (batch, steps, heads, features) of any layout
    /// with unit stride along features, y dense; the tables are (steps, features / 2), dense. A pair is two neighbours, or one feature
    /// from each half.
    /// </summary>
    void Rotate(Tensor x, Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards, Tensor y);
}
