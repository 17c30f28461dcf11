namespace DeepNet.Data.Images.Jpeg;

/// <summary>
/// A scan of a progressive image: some of the coefficients of each block, from <paramref name="first"/> to <paramref name="last"/>, their
/// upper bits or one more of the lower ones.
/// </summary>
internal struct JpegScan(int first, int last, int high, int low)
{
    private const int Longest = 13;

    /// <summary>The blocks still to come in which nothing new is.</summary>
    public int Run;

    public readonly bool IsValid(int planes)
        => last < JpegPlane.Block && first <= last && (first == 0) == (last == 0) && (first == 0 || planes == 1) && low <= Longest
            && (high == 0 || high == low + 1);

    public void Read(JpegPlane plane, Span<short> block, ref JpegBits bits, ReadOnlySpan<byte> order)
    {
        if (first == 0) Dc(plane, block, ref bits);
        else if (high == 0) First(plane, block, ref bits, order);
        else Refine(plane, block, ref bits, order);
    }

    private readonly void Dc(JpegPlane plane, Span<short> block, ref JpegBits bits)
    {
        if (high > 0)
        {
            if (bits.Take(1) != 0) block[0] |= (short)(1 << low);
            return;
        }
        int size = bits.Symbol(plane.Dc ?? throw Missing());
        if (size > 15) throw new InvalidDataException("a step is too large");
        plane.Previous += bits.Signed(size);
        block[0] = (short)(plane.Previous << low);
    }

    private void First(JpegPlane plane, Span<short> block, ref JpegBits bits, ReadOnlySpan<byte> order)
    {
        if (Run > 0)
        {
            Run--;
            return;
        }
        var code = plane.Ac ?? throw Missing();
        for (int k = first; k <= last; k++)
        {
            int symbol = bits.Symbol(code), run = symbol >> 4, size = symbol & 15;
            if (size == 0)
            {
                if (run < 15)
                {
                    Run = (1 << run) - 1 + bits.Take(run);
                    return;
                }
                k += 15;
                continue;
            }
            k += run;
            if (k > last) throw new InvalidDataException("a block has too many coefficients");
            block[order[k]] = (short)(bits.Signed(size) << low);
        }
    }

    // Coefficients that are there get their next bit; between them new ones come, counted over those that are not.
    private void Refine(JpegPlane plane, Span<short> block, ref JpegBits bits, ReadOnlySpan<byte> order)
    {
        var code = plane.Ac ?? throw Missing();
        short bit = (short)(1 << low);
        int k = first;
        if (Run == 0)
            for (; k <= last; k++)
            {
                int symbol = bits.Symbol(code), run = symbol >> 4, size = symbol & 15;
                short value = 0;
                if (size == 0)
                {
                    if (run < 15)
                    {
                        Run = (1 << run) + bits.Take(run);
                        break;
                    }
                }
                else value = bits.Take(1) != 0 ? bit : (short)-bit;
                for (; k <= last; k++)
                {
                    ref short there = ref block[order[k]];
                    if (there != 0) More(ref there, bit, ref bits);
                    else if (run-- == 0)
                    {
                        there = value;
                        break;
                    }
                }
            }
        if (Run == 0) return;
        for (; k <= last; k++)
            if (block[order[k]] != 0) More(ref block[order[k]], bit, ref bits);
        Run--;
    }

    private static void More(ref short value, short bit, ref JpegBits bits)
    {
        if (bits.Take(1) != 0 && (value & bit) == 0) value += value > 0 ? bit : (short)-bit;
    }

    private static InvalidDataException Missing() => new("a code is missing");
}
