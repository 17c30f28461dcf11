namespace DeepNet;

/// <summary>Specifies the zeros that a convolution adds at each side: a number, a pair, or as many as keep the size.</summary>
public readonly struct Padding
{
    private readonly Pair zeros;

    private Padding(Pair zeros, bool isSame)
    {
        this.zeros = zeros;
        IsSame = isSame;
    }

    /// <summary>
    /// As many zeros as make the result as large as the input. With an even number, one more at the end; for stride 1 only.
    /// </summary>
    public static Padding Same { get; } = new(0, true);

    /// <summary>True for <see cref="Same"/>.</summary>
    public bool IsSame { get; }

    /// <summary>The zeros at each side; 0 for <see cref="Same"/>.</summary>
    public Pair Zeros => zeros;

    /// <summary>The same number of zeros at all sides.</summary>
    public static implicit operator Padding(int zeros) => new(zeros, false);

    /// <summary>Zeros above and below, and zeros left and right.</summary>
    public static implicit operator Padding(Pair zeros) => new(zeros, false);

    /// <summary>Zeros above and below, and zeros left and right.</summary>
    public static implicit operator Padding((int Height, int Width) zeros) => new(zeros, false);

    /// <summary>The number, the pair, or <c>same</c>.</summary>
    public override string ToString() => IsSame ? "same" : zeros.ToString();
}
