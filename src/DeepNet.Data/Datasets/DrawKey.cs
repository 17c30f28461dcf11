namespace DeepNet.Data;

/// <summary>
/// A place in a tree of random numbers. Keys are made of keys, never of what was drawn before: so an example is augmented alike
/// whichever thread does it, in whatever order, in a run or in its continuation.
/// </summary>
/// <param name="Value">The 64 bits that tell it from other keys.</param>
public readonly record struct DrawKey(ulong Value)
{
    // The upper half of Philox's counter keeps these keys apart from what generators of the same seed draw.
    private const ulong Purpose = 0x4461746100000000;

    /// <summary>The root of a seed.</summary>
    public static DrawKey FromSeed(ulong seed) => new DrawKey(seed).At(0);

    /// <summary>The key of a part: an epoch, an example, a step of a chain.</summary>
    public DrawKey At(ulong part)
    {
        var (x0, x1, _, _) = Philox.Block(Value, Purpose, part);
        return new((ulong)x1 << 32 | x0);
    }

    /// <summary>A generator at the start of this key's numbers.</summary>
    public Generator Generator() => new(Value);
}
