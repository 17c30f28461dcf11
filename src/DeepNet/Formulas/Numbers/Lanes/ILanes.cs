namespace DeepNet;

/// <summary>
/// The instructions of one width of hardware vectors, for one element type: all that a further width has to say. The type that implements
/// it is only a name; values stay plain vectors, which keeps the two dozen of a matrix product's tile in registers.
/// <see cref="Wide{L, R, T}"/> makes the number of formulas from them.
/// </summary>
/// <typeparam name="TVector">The hardware vector.</typeparam>
/// <typeparam name="T">Its element: float or double.</typeparam>
internal unsafe interface ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Gets the number of elements in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Gets the rows of a matrix product's tile: two vectors a row fill the registers of this width, and not more.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Create(double value);

    static abstract TVector Broadcast(T value);

    static abstract TVector Load(T* p);

    static abstract void Store(TVector v, T* p);

    /// <inheritdoc cref="ISimd{V, T}.LoadPart"/>
    static abstract TVector LoadPart(T* p, int n);

    /// <inheritdoc cref="ISimd{V, T}.StorePart"/>
    static abstract void StorePart(TVector v, T* p, int n);

    /// <inheritdoc cref="ISimd{V, T}.StoreBool"/>
    static abstract void StoreBool(TVector v, byte* p);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>Computes a·b + c, fused where the hardware can, never in software.</summary>
    static abstract TVector MulAdd(TVector a, TVector b, TVector c);

    static abstract TVector Sqrt(TVector v);

    static abstract TVector Abs(TVector v);

    static abstract TVector Floor(TVector v);

    static abstract TVector Ceiling(TVector v);

    /// <summary>Rounds to the nearest integer, halves to the even one.</summary>
    static abstract TVector Round(TVector v);

    /// <summary>Gets the larger of two numbers; NaN if either is.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Gets the smaller of two numbers; NaN if either is.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>Gets the larger of two numbers in one instruction: NaN if b is.</summary>
    static abstract TVector MaxNative(TVector a, TVector b);

    /// <summary>Gets the smaller of two numbers in one instruction: NaN if b is.</summary>
    static abstract TVector MinNative(TVector a, TVector b);

    /// <summary>Takes a where p &gt; q, and b elsewhere.</summary>
    static abstract TVector IfGreater(TVector p, TVector q, TVector a, TVector b);

    /// <summary>Takes a where p = q, and b elsewhere.</summary>
    static abstract TVector IfEqual(TVector p, TVector q, TVector a, TVector b);

    /// <inheritdoc cref="IFloatLanes{V}.AllWithin"/>
    static abstract bool AllWithin(TVector v, double low, double high);

    /// <summary>Adds up the lanes, halves first.</summary>
    static abstract T Sum(TVector v);

    /// <summary>Adds up the lanes, neighbours first.</summary>
    static abstract T SumPairwise(TVector v);

    /// <inheritdoc cref="ISimd{V, T}.MaxLane"/>
    static abstract T MaxLane(TVector v);

    /// <inheritdoc cref="ISimd{V, T}.MinLane"/>
    static abstract T MinLane(TVector v);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Takes the bits of a where those of the mask are set, and of b elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    // Floats only: their bits as integers with a sign, and what is computed from them.

    static abstract TVector SubtractBits(TVector a, TVector b);

    static abstract TVector ShiftLeft(TVector v, int count);

    static abstract TVector ShiftRight(TVector v, int count);

    /// <summary>Converts integers in the bits of the lanes to floats.</summary>
    static abstract TVector ConvertBits(TVector v);

    /// <inheritdoc cref="IFloatLanes{V}.Scale"/>
    static abstract TVector Scale(TVector x, TVector n);

    /// <inheritdoc cref="IFloatLanes{V}.PowPositive"/>
    static abstract TVector PowPositive(TVector a, TVector b);

    // Doubles only: the functions that .NET has; floats have those of Elementary.

    static abstract TVector Exp(TVector x);

    static abstract TVector Log(TVector x);

    static abstract TVector Sin(TVector x);

    static abstract TVector Cos(TVector x);

    static abstract TVector Pow(TVector a, TVector b);

    /// <summary>Computes a function that .NET has for single numbers only.</summary>
    static abstract TVector EachDouble<TFunction>(TVector x) where TFunction : struct, IDoubleFunction;
}
