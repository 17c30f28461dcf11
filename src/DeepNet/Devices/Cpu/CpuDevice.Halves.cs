namespace DeepNet;

// Products of half types on the processor: small ones are widened as a whole, as convolutions and attention are, and large ones go through
// in blocks. Formulas go through in chunks that stay in the first cache.
public sealed unsafe partial class CpuDevice
{
    /// <summary>Elements of both matrices up to which a product is widened as a whole.</summary>
    private const nint WholeProduct = 1 << 22;

    // A multiple of the depth that products are cut into anyway, so that blocks change no bit.
    private const int BlockDepth = 2048, BlockSide = 1024;

    private void MatMulHalves(Tensor a, Tensor b, Tensor c, bool accumulate, bool isTransposed, in Epilogue end)
    {
        if (a.Count + b.Count <= WholeProduct || a.Rank > 2 || b.Rank > 2 || c.Rank != 2)
        {
            using var wide = new Widening();
            MatMul(wide.Read(a), wide.Read(b), wide.Write(c, accumulate), accumulate, isTransposed, end);
            return;
        }
        (a, b) = (a.Detach(), isTransposed ? b.Detach().T : b.Detach());
        int m = a.Shape[0], k = a.Shape[1], n = b.Shape[1];
        for (int i = 0; i < m; i += BlockSide)
        {
            for (int j = 0; j < n; j += BlockSide)
            {
                int rows = Math.Min(BlockSide, m - i), columns = Math.Min(BlockSide, n - j);
                var part = c.Detach().Narrow(0, i, rows).Narrow(1, j, columns);
                var sum = Tensor.Allocate(new Shape(rows, columns), DType.Float32, this);
                if (accumulate) Copy(part, sum);
                for (int p = 0; p < k; p += BlockDepth)
                {
                    int depth = Math.Min(BlockDepth, k - p);
                    using var wide = new Widening();
                    var bias = p > 0 ? null : end.Bias?.Detach().Narrow(0, j, columns);
                    MatMul(
                        wide.Read(a.Narrow(0, i, rows).Narrow(1, p, depth)), wide.Read(b.Narrow(0, p, depth).Narrow(1, j, columns)), sum,
                        accumulate || p > 0, end: new(bias, p + depth < k ? null : end.Activation));
                }
                Copy(sum, part);
                sum.Storage.Release();
            }
        }
    }
}
