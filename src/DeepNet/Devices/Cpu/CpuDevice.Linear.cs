using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void MatMul(Tensor a, Tensor b, Tensor c, bool accumulate)
    {
        if (c.Count == 0) return;
        if (a.DType.IsHalf())
        {
            MatMulHalves(a, b, c, accumulate);
            return;
        }
        if (a.Rank == 2 && b.Rank == 2 && c.Rank == 2 && c.DType >= DType.Float32)
        {
            MatMulOfMatrices(a, b, c, accumulate);
            return;
        }
        var batch = new MatrixBatch(a, b, c);
        if (batch.IsEmpty)
        {
            if (!accumulate) Fill(c, 0);
            return;
        }
        nint inner = batch.Nest.Inner, stepC = batch.Nest.InnerStride(2);
        // Products that add up to the same result come one after the other, the rest as a batch.
        int together = stepC == 0 && inner > 1 ? 1 : (int)inner;
        nint rows = batch.Nest.TotalRows;
        for (nint row = 0; row < rows; row++)
        {
            bool adds = accumulate || batch.IsRepeated(row);
            nint atA = batch.Nest.RowOffset(0, row), atB = batch.Nest.RowOffset(1, row), atC = batch.Nest.RowOffset(2, row);
            for (nint i = 0; i < inner; i += together)
            {
                MatMul(a, atA + i * batch.Nest.InnerStride(0), b, atB + i * batch.Nest.InnerStride(1), c, atC, batch, together, adds || i > 0);
            }
        }
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
    }

    /// <summary>The commonest product has no axes to put in order.</summary>
    private static void MatMulOfMatrices(Tensor a, Tensor b, Tensor c, bool accumulate)
    {
        int m = a.Shape[0], n = b.Shape[1], k = a.Shape[1];
        nint[] stepsA = a.StrideArray, stepsB = b.StrideArray;
        if (c.DType == DType.Float32)
            Gemm.Run(a.Pointer<float>(), stepsA[0], stepsA[1], b.Pointer<float>(), stepsB[0], stepsB[1], c.Pointer<float>(), n, m, n, k, accumulate);
        else
            Gemm.Run(a.Pointer<double>(), stepsA[0], stepsA[1], b.Pointer<double>(), stepsB[0], stepsB[1], c.Pointer<double>(), n, m, n, k, accumulate);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
    }

    internal override void Affine(Tensor x, Tensor w, bool isTransposed, Tensor? bias, bool rectify, Tensor y)
    {
        if (y.Count == 0) return;
        if (x.DType.IsHalf())
            AffineHalves(x, w, isTransposed, bias, rectify, y);
        else if (!x.IsContiguous || bias is { IsContiguous: false })
            base.Affine(x, w, isTransposed, bias, rectify, y);
        else if (y.DType == DType.Float32)
            Affine<float>(x, w, isTransposed, bias, rectify, y);
        else
            Affine<double>(x, w, isTransposed, bias, rectify, y);
    }

    private static void Affine<T>(Tensor x, Tensor w, bool isTransposed, Tensor? bias, bool rectify, Tensor y) where T : unmanaged
    {
        int from = isTransposed ? 1 : 0, to = 1 - from;
        int inputs = w.Shape[from], outputs = w.Shape[to], rows = checked((int)(y.Count / outputs));
        nint[] strides = w.StrideArray;
        Gemm.Affine(
            x.Pointer<T>(), inputs, 1, w.Pointer<T>(), strides[from], strides[to], bias is null ? null : bias.Pointer<T>(), rectify, y.Pointer<T>(), outputs, rows, outputs, inputs);
        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(bias);
        GC.KeepAlive(y);
    }

    private static void MatMul(Tensor a, nint atA, Tensor b, nint atB, Tensor c, nint atC, in MatrixBatch batch, int count, bool accumulate)
    {
        nint stepA = batch.Nest.InnerStride(0), stepB = batch.Nest.InnerStride(1), stepC = batch.Nest.InnerStride(2);
        switch (c.DType)
        {
            case DType.Float32:
                Gemm.Batched(
                    a.Pointer<float>() + atA, stepA, batch.ARow, batch.ACol, b.Pointer<float>() + atB, stepB, batch.BRow, batch.BCol,
                    c.Pointer<float>() + atC, stepC, batch.CRow, count, batch.M, batch.N, batch.K, accumulate);
                break;
            case DType.Float64:
                Gemm.Batched(
                    a.Pointer<double>() + atA, stepA, batch.ARow, batch.ACol, b.Pointer<double>() + atB, stepB, batch.BRow, batch.BCol,
                    c.Pointer<double>() + atC, stepC, batch.CRow, count, batch.M, batch.N, batch.K, accumulate);
                break;
            case DType.Int32:
                IntegerProduct.Run(a.Pointer<int>() + atA, b.Pointer<int>() + atB, c.Pointer<int>() + atC, batch, count, accumulate);
                break;
            case DType.Int64:
                IntegerProduct.Run(a.Pointer<long>() + atA, b.Pointer<long>() + atB, c.Pointer<long>() + atC, batch, count, accumulate);
                break;
            default:
                throw Unsupported("matmul", c.DType);
        }
    }
}
