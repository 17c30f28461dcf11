using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeepNet.Data.Images.Jpeg;

/// <summary>
/// The inverse cosine transform of a block, as two products of matrices: what lies behind the last row and column of anything is left out,
/// which is most. Nothing is fused, so that results are the same on every machine.
/// </summary>
internal static class JpegTransform
{
    private const int Side = JpegPlane.Side;

    // Row k: the values of the k-th cosine at eight places.
    private static readonly float[] Cosines = Make();

    /// <summary>Writes the pixels of a block.</summary>
    /// <param name="block">The coefficients with their factors, row by row.</param>
    /// <param name="rows">Bit k says that row k has any.</param>
    /// <param name="columns">Bit k says that column k has any.</param>
    /// <param name="to">Begins with the block's upper left pixel.</param>
    /// <param name="stride">From row to row.</param>
    public static void Inverse(ReadOnlySpan<float> block, int rows, int columns, Span<byte> to, int stride)
    {
        if ((rows | columns) <= 1)
        {
            byte even = (byte)Math.Clamp(block[0] / 8 + 128.5f, 0, 255);
            for (int y = 0; y < Side; y++) to.Slice(y * stride, Side).Fill(even);
            return;
        }
        ref float cosines = ref MemoryMarshal.GetArrayDataReference(Cosines);
        ref float values = ref MemoryMarshal.GetReference(block);
        Span<float> line = stackalloc float[Side];
        int lastRow = 32 - BitOperations.LeadingZeroCount((uint)rows), lastColumn = 32 - BitOperations.LeadingZeroCount((uint)columns);
        for (int y = 0; y < Side; y++)
        {
            var down = Vector256<float>.Zero;
            for (int k = 0; k < lastRow; k++)
                down += Vector256.LoadUnsafe(ref values, (nuint)(k * Side)) * Unsafe.Add(ref cosines, k * Side + y);
            down.CopyTo(line);
            var across = Vector256.Create(128.5f);
            for (int k = 0; k < lastColumn; k++) across += Vector256.LoadUnsafe(ref cosines, (nuint)(k * Side)) * line[k];
            var whole = Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(across, Vector256<float>.Zero), Vector256.Create(255f)));
            var words = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
            Vector128.Narrow(words, words).AsByte().GetLower().CopyTo(to[(y * stride)..]);
        }
    }

    private static float[] Make()
    {
        var table = new float[JpegPlane.Block];
        for (int k = 0; k < Side; k++)
            for (int x = 0; x < Side; x++)
                table[k * Side + x] = (float)((k == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos((2 * x + 1) * k * Math.PI / 16));
        return table;
    }
}
