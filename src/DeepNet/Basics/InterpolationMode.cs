namespace DeepNet;

/// <summary>Specifies how values between the elements of an image are computed.</summary>
public enum InterpolationMode
{
    /// <summary>
    /// The nearest element. <see cref="Tensor.Interpolate(ReadOnlySpan{int}, InterpolationMode, bool, bool)"/> takes the one at the place's
    /// lower corner, as PyTorch does.
    /// </summary>
    Nearest,
    /// <summary>The element whose center is nearest, as image libraries do.</summary>
    NearestExact,
    /// <summary>Straight lines between neighbours; bilinear for images.</summary>
    Linear,
    /// <summary>Cubic polynomials through four neighbours; bicubic for images.</summary>
    Cubic,
}
