namespace DeepNet.Data;

/// <summary>Specifies the channels of a decoded image, whatever the file has.</summary>
public enum ImageColor
{
    /// <summary>Red, green and blue. Grey becomes three equal channels; transparency is left out.</summary>
    Rgb,

    /// <summary>One channel of brightness.</summary>
    Grey,

    /// <summary>Red, green, blue and opacity, 255 where the file has none.</summary>
    Rgba,
}
