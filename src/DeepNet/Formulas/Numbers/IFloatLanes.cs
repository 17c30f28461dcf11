namespace DeepNet;

/// <summary>
/// What the functions in <see cref="Elementary"/> need beyond arithmetic: the bits of a float, and limits that let NaN through.
/// Every width of float vector has it, so exp, log, sin … are written once.
/// </summary>
internal interface IFloatLanes<V> : INumber<V> where V : struct, IFloatLanes<V>
{
    /// <summary>The larger of the limit and x; NaN if x is. One instruction, unlike <see cref="INumber{V}.Max"/>.</summary>
    static abstract V AtLeast(double limit, V x);

    /// <summary>The smaller of the limit and x; NaN if x is.</summary>
    static abstract V AtMost(double limit, V x);

    /// <summary>|magnitude| with the sign of <paramref name="sign"/>.</summary>
    static abstract V CopySign(V magnitude, V sign);

    /// <summary>−x where the integral number n is odd, else x; |n| &lt; 2²².</summary>
    static abstract V FlipSignIfOdd(V x, V n);

    /// <summary>2ⁿ for an integral number n from −126 to 127.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>
    /// The integral number n nearest to x·factor, and 2ⁿ, for n from −127, where the power is 0, to 128, where it is infinite. Vectors
    /// get both from one multiply-add.
    /// </summary>
    static virtual (V Integral, V Power) NearestPower(V x, double factor)
    {
        V n = V.Round(x * V.Constant(factor));
        return (n, V.PowerOfTwo(n));
    }

    /// <summary>x·2ⁿ for an integral number n from −252 to 254; overflows to infinity and underflows through the denormals.</summary>
    static abstract V Scale(V x, V n);

    /// <summary>x = Mantissa·2^Exponent with the mantissa in [√½, √2), for positive normal x.</summary>
    static abstract (V Mantissa, V Exponent) Split(V x);

    /// <summary>True if low ≤ x ≤ high in every lane; a NaN is not within.</summary>
    static abstract bool AllWithin(V x, double low, double high);

    /// <summary>aᵇ for positive normal a and finite b, through double precision.</summary>
    static abstract V PowPositive(V a, V b);

    /// <summary>Applies a scalar function lane by lane: the slow way out for rare arguments.</summary>
    static abstract V PerLane<TFunction>(V x) where TFunction : struct, IFloatFunction;

    /// <summary>Applies a scalar function of two arguments lane by lane.</summary>
    static abstract V PerLane<TFunction>(V a, V b) where TFunction : struct, IFloatFunction2;
}

/// <summary>A scalar function for <see cref="IFloatLanes{V}.PerLane{TFunction}(V)"/>.</summary>
internal interface IFloatFunction
{
    static abstract float Of(float x);
}

/// <summary>A scalar function of two arguments for <see cref="IFloatLanes{V}.PerLane{TFunction}(V, V)"/>.</summary>
internal interface IFloatFunction2
{
    static abstract float Of(float a, float b);
}
