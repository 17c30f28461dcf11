namespace DeepNet.Data.Transforms;

/// <summary>
/// Something done to a decoded image before it becomes part of a batch, as <see cref="ImageFiles.Transforms"/> asks: what gives images one
/// size, and what works on bytes.
/// </summary>
/// <remarks>Loaders call it from several threads at once, so it keeps no state between calls: all chance comes from the key.</remarks>
public interface IImageTransform
{
    /// <summary>The image, changed; the one given stays as it is. It may be returned itself.</summary>
    /// <param name="image">The image.</param>
    /// <param name="key">From which the random numbers come.</param>
    Image Apply(Image image, DrawKey key);
}
