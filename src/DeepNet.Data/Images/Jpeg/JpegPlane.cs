namespace DeepNet.Data.Images.Jpeg;

/// <summary>One component of a JPEG image: brightness or a colour, in blocks of 8×8, often with fewer pixels than the image.</summary>
internal sealed class JpegPlane
{
    public const int Side = 8, Block = Side * Side;

    public JpegPlane(byte id, int across, int down, byte table, int mostAcross, int mostDown, int width, int height)
    {
        (Id, Across, Down, Table) = (id, across, down, table);
        static int Divided(long a, long b) => checked((int)((a + b - 1) / b));
        (Width, Height) = (Divided((long)width * across, mostAcross), Divided((long)height * down, mostDown));
        (BlockColumns, BlockRows) = (Divided(Width, Side), Divided(Height, Side));
        // A unit of a scan of all planes may stick out.
        Stride = checked(Divided(width, Side * mostAcross) * across * Side);
        Rows = checked(Divided(height, Side * mostDown) * down * Side);
        Pixels = new byte[checked(Stride * Rows)];
    }

    public byte Id { get; }

    /// <summary>Gets the number of blocks of the plane in a unit of a scan.</summary>
    public int Across { get; }

    public int Down { get; }

    /// <summary>Gets the number of the table of factors.</summary>
    public byte Table { get; }

    public int Width { get; }

    public int Height { get; }

    public int BlockColumns { get; }

    public int BlockRows { get; }

    /// <summary>Gets the bytes from one row to the next, whole units of a scan.</summary>
    public int Stride { get; }

    public int Rows { get; }

    public byte[] Pixels { get; }

    /// <summary>Gets or sets the coefficients of all blocks of a progressive image.</summary>
    public short[]? Coefficients { get; set; }

    // What the scan at hand uses.
    public JpegCode? Dc { get; set; }

    public JpegCode? Ac { get; set; }

    public int Previous { get; set; }

    public Span<short> CoefficientsOf(int row, int column) => Coefficients.AsSpan((row * (Stride / Side) + column) * Block, Block);
}
