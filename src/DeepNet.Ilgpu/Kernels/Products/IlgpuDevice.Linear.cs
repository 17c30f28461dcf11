using DeepNet.Devices.Cpu;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    protected internal override void MatMul(
        Tensor a, Tensor b, Tensor c, bool accumulate = false, bool isTransposed = false, Epilogue end = default)
    {
        if (c.Count == 0) return;
        if (end != default)
        {
            // Products of half types keep their sums beside them until all is done: one rounding.
            var sum = c.DType.IsHalf() ? Tensor.Allocate(c.Shape, DType.Float32, this) : c;
            MatMul(a, b, sum, accumulate, isTransposed);
            End(sum, end, c);
            return;
        }
        var batch = new MatrixBatch(a, b, c, isTransposed);
        if (c.DType.IsHalf() && (accumulate || (long)batch.Nest.TotalRows * batch.Nest.Inner * batch.M * batch.N != c.Count))
        {
            // What is summed in several passes is rounded after the last.
            using var wide = new Widening();
            MatMul(a, b, wide.Write(c, accumulate), accumulate, isTransposed);
            return;
        }
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
                    AtA = a.Offset + atA + i * batch.Nest.InnerStride(0), AtB = b.Offset + atB + i * batch.Nest.InnerStride(1),
                    AtC = c.Offset + atC,
                };
                Multiply(a, b, c, product);
                if (together == 1) continue;
                break;
            }
        }
        Tensor.KeepAlive(a, b, c);
    }

    private void Multiply(Tensor a, Tensor b, Tensor c, in Product product)
    {
        if (a.DType.IsFloating() && TryVendor(a, b, c, product)) return;
        bool isRounded = c.DType.IsHalf();
        switch (a.DType)
        {
            case DType.Float32: Tiled<GpuFloat, float, float, float>(a, b, c, product); break;
            case DType.Float64: Tiled<GpuDouble, double, double, double>(a, b, c, product); break;
            case DType.BFloat16 when isRounded: Tiled<GpuFloat, BrainBits, float, BrainBits>(a, b, c, product); break;
            case DType.BFloat16: Tiled<GpuFloat, BrainBits, float, float>(a, b, c, product); break;
            case DType.Float16 when isRounded: Tiled<GpuFloat, HalfBits, float, HalfBits>(a, b, c, product); break;
            case DType.Float16: Tiled<GpuFloat, HalfBits, float, float>(a, b, c, product); break;
            case DType.Int32: Tiled<GpuInt32, int, int, int>(a, b, c, product); break;
            case DType.Int64: Tiled<GpuInt64, long, long, long>(a, b, c, product); break;
            default: throw Unsupported("matmul", a.DType);
        }
    }

    private bool TryVendor(Tensor a, Tensor b, Tensor c, in Product product)
    {
        if (Kind != DeviceKind.Cuda || !IlgpuDevices.UsesMatrixLibrary || CuBlas.For(this) is not { } blas || !CuBlasCall.Takes(product))
            return false;
        if (a.DType.IsHalf() && !HasHalfProducts) return false;
        nint Address(Tensor x, nint at) => ((MemoryBuffer)x.Storage.Block.Memory.Handle!).NativePtr + at * x.DType.Size();
        lock (Gate)
        {
            Bind();
            blas.Multiply(a.DType, c.DType, product, Address(a, product.AtA), Address(b, product.AtB), Address(c, product.AtC));
        }
        return true;
    }

    /// <summary>One pass over the sums for bias and activation.</summary>
    private void End(Tensor sum, in Epilogue end, Tensor y)
    {
        var bias = end.Bias?.Detach().Contiguous();
        Identity none = default;
        var visitor = new EndVisitor(this, sum, bias, y);
        if (end.Activation is null) visitor.Visit(in none);
        else end.Activation.Accept(ref visitor);
        GiveBack(bias, end.Bias);
        if (!ReferenceEquals(sum.Storage, y.Storage)) Done(sum);
        Tensor.KeepAlive(end.Bias, y);
    }

    private readonly struct EndVisitor(IlgpuDevice device, Tensor sum, Tensor? bias, Tensor y) : IFormulaVisitor
    {
        public void Visit<TOp>(ref readonly TOp op) where TOp : unmanaged, IUnaryOp<TOp>
        {
            switch (y.DType)
            {
                case DType.Float32: Run<TOp, GpuFloat, float, float>(op); break;
                case DType.BFloat16: Run<TOp, GpuFloat, float, BrainBits>(op); break;
                case DType.Float16: Run<TOp, GpuFloat, float, HalfBits>(op); break;
                default: Run<TOp, GpuDouble, double, double>(op); break;
            }
        }

        private void Run<TOp, V, TWide, T>(TOp op)
            where TOp : unmanaged, IUnaryOp<TOp>
            where V : unmanaged, IGpuNumber<V, TWide>, IGpuNumber<V, T> where TWide : unmanaged where T : unmanaged
            => device.RunWide(new ProductEndJob<TOp, V, TWide, T>
            {
                Op = op, Sum = device.View<TWide>(sum), Bias = device.View<TWide>(bias ?? sum), Y = device.View<T>(y),
                Width = y.Shape[^1], WidthInFours = y.Shape[^1] >> 2, HasBias = bias is null ? 0 : 1,
            }, y.Count, (y.Shape[^1] & 3) == 0 && IsAligned(sum) && IsAligned(bias) && IsAligned(y));
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
