namespace DeepNet.Devices;

/// <summary>A device with a kernel for resampling; on others it is composed of gathers and products.</summary>
internal interface IResampler
{
    /// <summary>Fills the tensor that the role names. Taps of weight 0 are left out: infinities in their places do not spread.</summary>
    /// <param name="role">The tensor that is computed.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="x">The source, dense, float32 or float64.</param>
    /// <param name="index">The places, dense int32, from 0 to below the length.</param>
    /// <param name="weight">The factors, dense.</param>
    /// <param name="y">The result, dense.</param>
    void Resample(ResampleRole role, Resampling sizes, Tensor x, Tensor index, Tensor weight, Tensor y);
}
