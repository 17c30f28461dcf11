namespace DeepNet.Ilgpu;

/// <summary>
/// What cublasGemmEx, or cublasGemmStridedBatchedEx, is told of a product. The library counts columns first, so it is told cᵀ = bᵀ·aᵀ: b is
/// its first factor, and a row of ours is a column of its own. Apart from the call, so that it can be tested where there is no library.
/// </summary>
/// <param name="OpFirst">1 if b is to be turned around, else 0.</param>
/// <param name="OpSecond">The same of a.</param>
/// <param name="Rows">Its rows of the result: our columns.</param>
/// <param name="Columns">Its columns of the result: our rows.</param>
/// <param name="Depth">The terms of each sum.</param>
/// <param name="LineFirst">From one of b's columns, as it counts, to the next.</param>
/// <param name="StepFirst">From one b of the batch to the next.</param>
/// <param name="LineSecond">The same of a.</param>
/// <param name="StepSecond">The same of a.</param>
/// <param name="LineResult">The same of c.</param>
/// <param name="StepResult">The same of c.</param>
/// <param name="Count">Products in the batch.</param>
/// <param name="Type">The cudaDataType of a and b.</param>
/// <param name="ResultType">That of c.</param>
/// <param name="Compute">The cublasComputeType_t.</param>
internal readonly record struct CuBlasCall(
    int OpFirst, int OpSecond, int Rows, int Columns, int Depth, int LineFirst, long StepFirst, int LineSecond, long StepSecond,
    int LineResult, long StepResult, int Count,
    int Type, int ResultType, int Compute)
{
    /// <summary>CUBLAS_GEMM_DEFAULT.</summary>
    public const int AnyAlgorithm = -1;

    // cublasComputeType_t of cublas_api.h. Half types are summed in float32: CUBLAS_COMPUTE_32F with factors that are float32 too.
    private const int Compute32 = 68, Compute64 = 70, Compute32FastBf16 = 75, Compute32FastTf32 = 77;

    /// <summary>True for the layouts that the library knows: one axis of each operand dense, the other longer than it.</summary>
    public static bool Takes(in IlgpuDevice.Product p)
        => Takes(p.ARow, p.ACol, p.M, p.K) && Takes(p.BRow, p.BCol, p.K, p.N) && (p.CRow >= p.N || p.M == 1) && p.CRow <= int.MaxValue
        && p.StepA >= 0 && p.StepB >= 0;

    private static bool Takes(nint row, nint column, int rows, int columns)
        => (column == 1 && row >= columns && row <= int.MaxValue) || (row == 1 && column >= rows && column <= int.MaxValue);

    public static CuBlasCall Of(DType operands, DType result, in IlgpuDevice.Product p, MatMulPrecision precision)
    {
        (int opA, int lineA) = Line(p.ARow, p.ACol, p.K);
        (int opB, int lineB) = Line(p.BRow, p.BCol, p.N);
        int compute = operands == DType.Float64 ? Compute64 : operands.IsHalf() ? Compute32 : precision switch
        {
            MatMulPrecision.TensorFloat32 => Compute32FastTf32,
            MatMulPrecision.BFloat16 => Compute32FastBf16,
            _ => Compute32,
        };
        return new(opB, opA, p.N, p.M, p.K, lineB, p.StepB, lineA, p.StepA, (int)Math.Max(p.CRow, p.N), p.StepC, p.Count, TypeOf(operands),
            TypeOf(result), compute);
    }

    // A matrix of dense rows is, column by column, what the library wants; one of dense columns has to be turned around.
    private static (int Op, int Line) Line(nint row, nint column, int columns)
        => column == 1 && row >= columns ? (0, (int)row) : (1, (int)column);

    /// <summary>cudaDataType of library_types.h: CUDA_R_32F, _64F, _16F and _16BF.</summary>
    private static int TypeOf(DType dtype) => dtype switch
    {
        DType.Float32 => 0,
        DType.Float64 => 1,
        DType.Float16 => 2,
        DType.BFloat16 => 14,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Not a type of cuBLAS."),
    };
}
