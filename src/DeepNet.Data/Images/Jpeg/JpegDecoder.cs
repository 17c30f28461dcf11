using System.Buffers.Binary;

namespace DeepNet.Data.Images.Jpeg;

/// <summary>
/// Decodes JPEG images, sequential and progressive ones with Huffman codes, as all cameras and programs write them. Works on checked spans:
/// what a file claims can neither write outside of an image nor go on after the last byte.
/// </summary>
internal sealed class JpegDecoder
{
    // What is written in many scans would cost time for each of them.
    private const int MostScans = 200, MostPlanes = 4, MostSampling = 4;
    private const byte Marker = 0xFF;

    private static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private readonly byte[] file;
    private readonly ushort[]?[] factors = new ushort[]?[4];         // in the order of the file
    private readonly JpegCode?[] dcCodes = new JpegCode?[4], acCodes = new JpegCode?[4];
    private readonly float[] block = new float[JpegPlane.Block];
    private JpegPlane[] planes = [];
    private int width, height, mostAcross, mostDown, restartInterval, adobe = -1;
    private bool isProgressive;

    private JpegDecoder(byte[] file) => this.file = file;

    /// <summary>Decodes a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="channels">3, or 4 with opacity.</param>
    public static Image Decode(byte[] file, int channels)
    {
        var decoder = new JpegDecoder(file);
        decoder.Read();
        return JpegColors.Convert(decoder.planes, decoder.width, decoder.height, decoder.adobe, channels);
    }

    private void Read()
    {
        int at = 2, scans = 0;
        while (true)
        {
            // Behind a scan, anything up to a marker is passed over.
            while (at + 1 < file.Length && !(file[at] == Marker && file[at + 1] is not (0 or Marker))) at++;
            byte marker = at + 1 < file.Length ? file[at + 1] : (byte)0xD9;
            if (marker == 0xD9) break;
            at += 2;
            if (marker is 0x01 or >= 0xD0 and <= 0xD8) continue;
            int length = at + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at)) : 0;
            if (length < 2 || at + length > file.Length) throw new InvalidDataException("a segment is cut off");
            var segment = file.AsSpan(at + 2, length - 2);
            at += length;
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    Frame(segment, marker == 0xC2);
                    break;
                case 0xC4:
                    Codes(segment);
                    break;
                case >= 0xC3 and <= 0xCF and not 0xC8:
                    throw new InvalidDataException("it is arithmetic, lossless or hierarchical, which few programs write");
                case 0xDB:
                    Factors(segment);
                    break;
                case 0xDD when segment.Length >= 2:
                    restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8):
                    adobe = segment[11];
                    break;
                case 0xDA:
                    if (++scans > MostScans) throw new InvalidDataException($"there are more than {MostScans} scans");
                    at = Scan(segment, at);
                    break;
            }
        }
        if (scans == 0) throw new InvalidDataException("there is no scan");
        if (isProgressive) Finish();
    }

    private void Frame(ReadOnlySpan<byte> segment, bool progressive)
    {
        if (planes.Length > 0) throw new InvalidDataException("there are two frames");
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5]) throw new InvalidDataException("the frame is cut off");
        if (segment[0] != 8) throw new InvalidDataException($"samples have {segment[0]} bits, and 8 are read");
        (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
        int count = segment[5];
        if (count is not (1 or 3 or MostPlanes) || width == 0 || height == 0)
            throw new InvalidDataException($"there are {count} planes of {height}×{width}");
        for (int i = 0; i < count; i++)
        {
            int across = segment[7 + 3 * i] >> 4, down = segment[7 + 3 * i] & 15;
            if (across is 0 or > MostSampling || down is 0 or > MostSampling)
                throw new InvalidDataException($"plane {i} has {across}×{down} blocks");
            (mostAcross, mostDown) = (Math.Max(mostAcross, across), Math.Max(mostDown, down));
        }
        var found = new JpegPlane[count];
        for (int i = 0; i < count; i++)
        {
            var of = segment.Slice(6 + 3 * i, 3);
            if (of[2] > 3) throw new InvalidDataException($"there is no table {of[2]}");
            found[i] = new JpegPlane(of[0], of[1] >> 4, of[1] & 15, of[2], mostAcross, mostDown, width, height);
            if (progressive) found[i].Coefficients = new short[found[i].Pixels.Length];
        }
        (planes, isProgressive) = (found, progressive);
    }

    private void Factors(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            int size = segment[0] >> 4, table = segment[0] & 15;
            if (size > 1 || table > 3 || segment.Length < 1 + JpegPlane.Block * (size + 1))
                throw new InvalidDataException("a table of factors is damaged");
            segment = segment[1..];
            var found = new ushort[JpegPlane.Block];
            for (int i = 0; i < found.Length; i++)
                found[i] = size == 0 ? segment[i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(2 * i)..]);
            factors[table] = found;
            segment = segment[(JpegPlane.Block * (size + 1))..];
        }
    }

    private void Codes(ReadOnlySpan<byte> segment)
    {
        const int Lengths = 16;
        while (segment.Length > 0)
        {
            if (segment.Length <= Lengths || segment[0] >> 4 > 1 || (segment[0] & 15) > 3)
                throw new InvalidDataException("a code is damaged");
            int symbols = 0;
            foreach (byte count in segment.Slice(1, Lengths)) symbols += count;
            if (segment.Length < 1 + Lengths + symbols) throw new InvalidDataException("a code is cut off");
            (segment[0] >> 4 == 0 ? dcCodes : acCodes)[segment[0] & 15] = new JpegCode(segment.Slice(1, Lengths),
                segment.Slice(1 + Lengths, symbols));
            segment = segment[(1 + Lengths + symbols)..];
        }
    }

    private int Scan(ReadOnlySpan<byte> segment, int at)
    {
        if (planes.Length == 0) throw new InvalidDataException("a scan stands before the frame");
        int count = segment.Length > 0 ? segment[0] : 0;
        if (count is 0 or > MostPlanes || segment.Length < 4 + 2 * count) throw new InvalidDataException("the header of a scan is damaged");
        var scanned = new JpegPlane[count];
        for (int i = 0; i < count; i++)
        {
            byte id = segment[1 + 2 * i], codes = segment[2 + 2 * i];
            scanned[i] = Array.Find(planes, plane => plane.Id == id) ?? throw new InvalidDataException($"there is no plane {id}");
            if (Array.IndexOf(scanned, scanned[i]) < i) throw new InvalidDataException($"plane {id} is in a scan twice");
            if (codes >> 4 > 3 || (codes & 15) > 3) throw new InvalidDataException("a scan has no code");
            (scanned[i].Dc, scanned[i].Ac, scanned[i].Previous) = (dcCodes[codes >> 4], acCodes[codes & 15], 0);
        }
        var bands = segment[(1 + 2 * count)..];
        var bits = new JpegBits(file, at);
        var scan = new JpegScan(bands[0], bands[1], bands[2] >> 4, bands[2] & 15);
        if (isProgressive && !scan.IsValid(count)) throw new InvalidDataException("a scan has no bands");
        // A scan of one plane has its blocks in order; one of several has units of blocks of each.
        bool isAlone = count == 1;
        int columns = isAlone ? scanned[0].BlockColumns : (width + 8 * mostAcross - 1) / (8 * mostAcross);
        int rows = isAlone ? scanned[0].BlockRows : (height + 8 * mostDown - 1) / (8 * mostDown);
        for (int row = 0, unit = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++, unit++)
            {
                if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0)
                {
                    bits.Restart();
                    scan.Run = 0;
                    foreach (var plane in scanned) plane.Previous = 0;
                }
                if (isAlone) Block(scanned[0], row, column, ref bits, ref scan);
                else
                    foreach (var plane in scanned)
                        for (int y = 0; y < plane.Down; y++)
                            for (int x = 0; x < plane.Across; x++)
                                Block(plane, row * plane.Down + y, column * plane.Across + x, ref bits, ref scan);
            }
            if (bits.IsCut) throw new InvalidDataException("the file is cut off in a scan");
        }
        return bits.At;
    }

    private void Block(JpegPlane plane, int row, int column, ref JpegBits bits, ref JpegScan scan)
    {
        if (isProgressive)
        {
            scan.Read(plane, plane.CoefficientsOf(row, column), ref bits, Zigzag);
            return;
        }
        var (dc, ac) = (plane.Dc, plane.Ac);
        if (dc is null || ac is null || factors[plane.Table] is not { } table)
            throw new InvalidDataException("a code or a table is missing");
        var values = block.AsSpan();
        values.Clear();
        var order = Zigzag;
        int size = bits.Symbol(dc);
        if (size > 15) throw new InvalidDataException("a step is too large");
        plane.Previous += bits.Signed(size);
        values[0] = plane.Previous * table[0];
        int rows = 1, columns = 1;
        for (int k = 1; k < JpegPlane.Block; k++)
        {
            int symbol = bits.Symbol(ac), run = symbol >> 4;
            size = symbol & 15;
            if (size == 0)
            {
                if (run < 15) break;
                k += 15;
                continue;
            }
            k += run;
            if (k >= JpegPlane.Block) throw new InvalidDataException("a block has too many coefficients");
            int place = order[k];
            values[place] = bits.Signed(size) * table[k];
            rows |= 1 << (place >> 3);
            columns |= 1 << (place & 7);
        }
        JpegTransform.Inverse(values, rows, columns, plane.Pixels.AsSpan(JpegPlane.Side * (row * plane.Stride + column)), plane.Stride);
    }

    // Coefficients of a progressive image are whole only when all scans were read.
    private void Finish()
    {
        var values = block.AsSpan();
        foreach (var plane in planes)
        {
            if (factors[plane.Table] is not { } table) throw new InvalidDataException("a table is missing");
            for (int row = 0; row < plane.BlockRows; row++)
                for (int column = 0; column < plane.BlockColumns; column++)
                {
                    var coefficients = plane.CoefficientsOf(row, column);
                    int rows = 0, columns = 0;
                    for (int k = 0; k < JpegPlane.Block; k++)
                    {
                        int place = Zigzag[k];
                        values[place] = coefficients[place] * table[k];
                        if (coefficients[place] == 0) continue;
                        rows |= 1 << (place >> 3);
                        columns |= 1 << (place & 7);
                    }
                    JpegTransform.Inverse(values, rows, columns, plane.Pixels.AsSpan(JpegPlane.Side * (row * plane.Stride + column)),
                        plane.Stride);
                }
        }
    }
}
