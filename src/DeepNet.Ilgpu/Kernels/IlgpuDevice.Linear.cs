using DeepNet.Devices.Cpu;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void MatMul(Tensor a, Tensor b, Tensor c, bool accumulate)
    {
        if (c.Count == 0) return;
        var batch = new MatrixBatch(a, b, c);
        if (batch.IsEmpty || batch.K == 0)
        {
            if (!accumulate) Fill(c, 0);
            return;
        }
        nint inner = batch.Nest.Inner, stepC = batch.Nest.InnerStride(2);
        // Products that add up to the same result come one after the other, the rest as a batch.
        int together = stepC == 0 && inner > 1 ? 1 : checked((int)inner);
        nint rows = batch.Nest.TotalRows;
        for (nint row = 0; row < rows; row++)
        {
            bool adds = accumulate || batch.IsRepeated(row);
            nint atA = batch.Nest.RowOffset(0, row), atB = batch.Nest.RowOffset(1, row), atC = batch.Nest.RowOffset(2, row);
            for (nint i = 0; i < inner; i += together)
            {
                var product = new Product(batch, together, adds || i > 0)
                {
                    AtA = a.Offset + atA + i * batch.Nest.InnerStride(0), AtB = b.Offset + atB + i * batch.Nest.InnerStride(1), AtC = c.Offset + atC,
                };
                Multiply(a, b, c, product);
                if (together == 1) continue;
                break;
            }
        }
        GC.KeepAlive((a, b, c));
    }

    private void Multiply(Tensor a, Tensor b, Tensor c, in Product product)
    {
        switch (c.DType)
        {
            case DType.Float32:
                if (!TryVendor(a, b, c, product)) Tiled<GpuFloat, float>(a, b, c, product);
                break;
            case DType.Float64:
                if (!TryVendor(a, b, c, product)) Tiled<GpuDouble, double>(a, b, c, product);
                break;
            case DType.Int32: Tiled<GpuInt32, int>(a, b, c, product); break;
            case DType.Int64: Tiled<GpuInt64, long>(a, b, c, product); break;
            default: throw Unsupported("matmul", c.DType);
        }
    }

    private bool TryVendor(Tensor a, Tensor b, Tensor c, in Product product)
    {
        if (Kind != DeviceKind.Cuda || !IlgpuDevices.UsesMatrixLibrary || CuBlas.For(this) is not { } blas || !CuBlas.Takes(product)) return false;
        long size = c.DType.Size();
        nint Address(Tensor x, nint at) => ((MemoryBuffer)x.Storage.Block.Handle!).NativePtr + (nint)(at * size);
        lock (Gate)
        {
            Bind();
            blas.Multiply(c.DType, product, Address(a, product.AtA), Address(b, product.AtB), Address(c, product.AtC));
        }
        return true;
    }

    /// <summary>A batch of products with even steps; what the tiled kernel and the vendor's library take.</summary>
    internal readonly struct Product(in MatrixBatch batch, int count, bool accumulate)
    {
        public nint AtA { get; init; }
        public nint AtB { get; init; }
        public nint AtC { get; init; }
        public readonly nint StepA = batch.Nest.InnerStride(0), StepB = batch.Nest.InnerStride(1), StepC = batch.Nest.InnerStride(2);
        public readonly nint ARow = batch.ARow, ACol = batch.ACol, BRow = batch.BRow, BCol = batch.BCol, CRow = batch.CRow;
        public readonly int M = batch.M, N = batch.N, K = batch.K, Count = count;
        public readonly bool Accumulate = accumulate;
    }
}
