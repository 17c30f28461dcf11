namespace DeepNet.Data.Images;

/// <summary>The kinds of image files that are read.</summary>
internal enum ImageKind
{
    Png,
    Jpeg,
    Bmp,
}
