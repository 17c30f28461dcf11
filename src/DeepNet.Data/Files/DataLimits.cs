namespace DeepNet.Data;

/// <summary>
/// The limits of what a file of data may hold. A file that exceeds one is refused with a <see cref="DataFormatException"/>; memory never
/// grows faster than bytes really come. A file that is not compressed needs no limit of its size: it is as large as it is.
/// </summary>
/// <example><code>
/// var table = CsvTable.Read("upload.csv.gz", new CsvOptions { Limits = new DataLimits { MaxUnpackedBytes = 10 &lt;&lt; 20, MaxColumns =
/// 100 } });
/// </code></example>
public sealed record DataLimits
{
    /// <summary>Gets the limits that apply where none are given.</summary>
    public static DataLimits Default { get; } = new();

    /// <summary>
    /// Gets the largest number of bytes that a compressed file, or one in an archive, may unpack to. The default is 1 GiB.
    /// </summary>
    public long MaxUnpackedBytes { get; init; } = 1L << 30;

    /// <summary>Gets the largest number of columns of a table. The default is 100,000.</summary>
    public int MaxColumns { get; init; } = 100_000;

    /// <summary>Gets the largest size of the file of an image, in bytes. The default is 64 MiB.</summary>
    public int MaxImageBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Gets the most pixels of an image, which are counted before it is decoded. The default is 64 Mi: a file of some kilobytes can say
    /// that it has more.
    /// </summary>
    public int MaxPixels { get; init; } = 64 << 20;

    /// <summary>Gets the largest number of bytes of a line of text that is read line by line. The default is 64 MiB.</summary>
    public int MaxLineBytes { get; init; } = 64 << 20;
}
