using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void MatMul(
        Tensor a, Tensor b, Tensor c, bool accumulate = false, bool isTransposed = false, Epilogue end = default)
    {
        if (c.Count == 0) return;
        switch (c.DType)
        {
            case var _ when a.DType.IsHalf(): MatMulHalves(a, b, c, accumulate, isTransposed, end); break;
            case DType.Float32: MatMul<float>(a, b, c, accumulate, isTransposed, end); break;
            case DType.Float64: MatMul<double>(a, b, c, accumulate, isTransposed, end); break;
            case DType.Int32: MatMul<int>(a, b, c, accumulate, isTransposed, end); break;
            case DType.Int64: MatMul<long>(a, b, c, accumulate, isTransposed, end); break;
            default: throw Unsupported("matmul", c.DType);
        }
    }

    private void MatMul<T>(Tensor a, Tensor b, Tensor c, bool accumulate, bool isTransposed, in Epilogue end) where T : unmanaged
    {
        var bias = end.Bias?.Contiguous();
        var problem = new Problem<T>
        {
            A = a.Pointer<T>(), B = b.Pointer<T>(), C = c.Pointer<T>(), Accumulate = accumulate,
            Bias = bias is null ? null : bias.Pointer<T>(), Map = BlockMap.Of(end, c),
        };
        if (a.Rank == 2 && b.Rank == 2 && c.Rank == 2)
        {
            // The commonest product has no axes to put in order.
            nint[] stepsA = a.StrideArray, stepsB = b.StrideArray;
            int row = isTransposed ? 1 : 0, column = 1 - row;
            (problem.ARow, problem.ACol, problem.BRow, problem.BCol) = (stepsA[0], stepsA[1], stepsB[row], stepsB[column]);
            (problem.M, problem.N, problem.K) = (a.Shape[0], b.Shape[column], a.Shape[1]);
            problem.CRow = problem.N;
            Gemm.Run(problem, Batch.One);
        }
        else
        {
            MatMulOfBatches(problem, new MatrixBatch(a, b, c, isTransposed), c);
        }
        GiveBack(bias, end.Bias);
        Tensor.KeepAlive(a, b, c);
        GC.KeepAlive(end.Activation);
    }

    private void MatMulOfBatches<T>(Problem<T> problem, in MatrixBatch batch, Tensor c) where T : unmanaged
    {
        bool accumulate = problem.Accumulate;
        if (batch.IsEmpty)
        {
            if (!accumulate) Fill(c, 0);
            return;
        }
        (problem.M, problem.N, problem.K) = (batch.M, batch.N, batch.K);
        (problem.ARow, problem.ACol, problem.BRow, problem.BCol) = (batch.ARow, batch.ACol, batch.BRow, batch.BCol);
        problem.CRow = batch.CRow;
        T* a = problem.A, b = problem.B, to = problem.C;
        nint inner = batch.Nest.Inner;
        nint stepA = batch.Nest.InnerStride(0), stepB = batch.Nest.InnerStride(1), stepC = batch.Nest.InnerStride(2);
        // Products that add up to the same result come one after the other, the rest as a batch.
        int together = stepC == 0 && inner > 1 ? 1 : (int)inner;
        nint rows = batch.Nest.TotalRows;
        for (nint row = 0; row < rows; row++)
        {
            bool adds = accumulate || batch.IsRepeated(row);
            problem.C = to + batch.Nest.RowOffset(2, row);
            for (nint i = 0; i < inner; i += together)
            {
                problem.A = a + batch.Nest.RowOffset(0, row) + i * stepA;
                problem.B = b + batch.Nest.RowOffset(1, row) + i * stepB;
                problem.Accumulate = adds || i > 0;
                Gemm.Run(problem, new Batch(together, stepA, stepB, stepC));
            }
        }
    }
}
