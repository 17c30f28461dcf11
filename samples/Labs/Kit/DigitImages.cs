namespace DeepNet.Labs.Kit;

/// <summary>Digits written by a shaky hand (<see cref="SyntheticData.Digits"/>), halved to 14×14 so that a lab takes seconds.</summary>
internal static class DigitImages
{
    public const int Side = 14, Pixels = Side * Side, Classes = 10;

    /// <summary>As images (count, 1, 14, 14) from 0 to 1, with their labels.</summary>
    public static (Tensor X, Tensor Y) Images(int count, ulong seed)
    {
        var (x, y) = SyntheticData.Digits(count, seed).All();
        return (x.AvgPool2d(2), y);
    }

    /// <summary>As rows of 196 numbers from 0 to 1, with their labels.</summary>
    public static (Tensor X, Tensor Y) Rows(int count, ulong seed)
    {
        var (x, y) = Images(count, seed);
        return (x.Flatten(1), y);
    }
}
