namespace DeepNet.Devices;

/// <summary>
/// The last step of a product or a convolution before its result is written: adds a bias, then a residual, then applies a formula.
/// </summary>
/// <param name="Bias">A number for each column of a product or channel of a convolution, in the type of the sums; or null.</param>
/// <param name="Activation">The formula; or null.</param>
/// <param name="Residual">A tensor of the result's shape, of any layout; or null. For convolutions, and not in half types.</param>
public readonly record struct Epilogue(Tensor? Bias, Formula? Activation, Tensor? Residual = null);
