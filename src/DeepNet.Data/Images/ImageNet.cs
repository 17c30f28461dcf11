namespace DeepNet.Data;

/// <summary>The scale of pixels that models trained on ImageNet expect: for <c>Normalize(ImageNet.Mean, ImageNet.Std)</c>.</summary>
public static class ImageNet
{
    /// <summary>Gets the means of red, green and blue, where black is 0 and white is 1.</summary>
    public static ReadOnlySpan<double> Mean => [0.485, 0.456, 0.406];

    /// <summary>Gets the standard deviations of red, green and blue.</summary>
    public static ReadOnlySpan<double> Std => [0.229, 0.224, 0.225];
}
