using DeepNet.Devices.Cpu;

namespace DeepNet;

// Formulas one after the other on pieces that stay in the first cache. The loops are those of single kernels, and have the same bits.
public sealed unsafe partial class CpuDevice : IPieceSource
{
    /// <summary>Elements of a piece: some operands of it fit into the first cache, and calls cost little beside it.</summary>
    private const int Piece = 1 << 11;

    private const int MostOperands = 6;

    PieceCode? IPieceSource.MapPieces<TOp>(TOp op, DType dtype) => Choose<TOp, MapPiece<TOp>>(op, dtype);

    PieceCode? IPieceSource.MapBackwardPieces<TOp>(TOp op, DType dtype) => Choose<TOp, MapBackwardPiece<TOp>>(op, dtype);

    PieceCode? IPieceSource.ZipPieces<TOp>(TOp op, DType dtype) => Choose<TOp, ZipPiece<TOp>>(op, dtype);

    PieceCode? IPieceSource.ZipBackwardPieces<TOp>(TOp op, DType dtype) => Choose<TOp, ZipBackwardPiece<TOp>>(op, dtype);

    void IPieceSource.RunPieces(PieceProgram program)
    {
        var body = new PieceBody
        {
            Steps = (PieceStep*)Unsafe.AsPointer(ref program.Steps[0]), StepCount = program.Steps.Length,
            Operands = (PieceOperand*)Unsafe.AsPointer(ref program.Operands[0]), Slots = program.Slots, Size = program.Size,
        };
        WorkerPool.For(program.Count, Grain, ref body);
        program.KeepAlive();
        GC.KeepAlive(program);
    }

    private static PieceCode? Choose<TOp, TPiece>(TOp op, DType dtype) where TOp : unmanaged where TPiece : struct, IPiece
    {
        if (dtype is not (DType.Float32 or DType.Float64)) return null;
        var pinned = GC.AllocateUninitializedArray<TOp>(1, pinned: true);
        pinned[0] = op;
        var choice = new PieceChoice<TPiece>();
        Simd.Run(dtype, ref choice);
        return new PieceCode(choice.Run, pinned, Unsafe.AsPointer(ref pinned[0]));
    }

    /// <summary>A kind of kernel over a piece.</summary>
    private interface IPiece
    {
        static abstract void Run<V, T>(void* op, byte** at, bool* isScalar, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged;
    }

    private struct PieceChoice<TPiece> : ISimdBody where TPiece : struct, IPiece
    {
        public delegate*<void*, byte**, bool*, nint, void> Run;

        void ISimdBody.Run<V, T>() => Run = &TPiece.Run<V, T>;
    }

    private readonly struct MapPiece<TOp> : IPiece where TOp : unmanaged, IUnaryOp<TOp>
    {
        public static void Run<V, T>(void* op, byte** at, bool* isScalar, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
            => MapLoop.Forward<TOp, V, T, Cached>(*(TOp*)op, (T*)at[0], (T*)at[1], n);
    }

    private readonly struct MapBackwardPiece<TOp> : IPiece where TOp : unmanaged, IUnaryOp<TOp>
    {
        public static void Run<V, T>(void* op, byte** at, bool* isScalar, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
            => MapLoop.Backward<TOp, V, T>(*(TOp*)op, (T*)at[0], (T*)at[1], (T*)at[2], (T*)at[3], n);
    }

    private readonly struct ZipPiece<TOp> : IPiece where TOp : unmanaged, IBinaryOp<TOp>
    {
        public static void Run<V, T>(void* op, byte** at, bool* isScalar, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
            => ZipLoop.Forward<TOp, V, T>(*(TOp*)op, (T*)at[0], 0, isScalar[0], (T*)at[1], 0, isScalar[1], (T*)at[2], 0, 1, n);
    }

    private readonly struct ZipBackwardPiece<TOp> : IPiece where TOp : unmanaged, IBinaryOp<TOp>
    {
        public static void Run<V, T>(void* op, byte** at, bool* isScalar, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
            => ZipLoop.Backward<TOp, V, T>(
                *(TOp*)op, (T*)at[0], (T*)at[1], (T*)at[2], (T*)at[3], (T*)at[4], (T*)at[5], n);
    }

    private struct PieceBody : IParallelBody
    {
        public PieceStep* Steps;
        public PieceOperand* Operands;
        public int StepCount, Slots, Size;

        public readonly void Run(nint from, nint to)
        {
            nint bytes = Piece * Size;
            byte* slots = Slots == 0 ? null : (byte*)Scratch.Get(Slots * bytes);
            byte** at = stackalloc byte*[MostOperands];
            bool* isScalar = stackalloc bool[MostOperands];
            for (nint i = from; i < to; i += Piece)
            {
                nint n = Math.Min(Piece, to - i);
                for (int s = 0; s < StepCount; s++)
                {
                    ref var step = ref Steps[s];
                    for (int k = 0; k < step.Count; k++)
                    {
                        ref var operand = ref Operands[step.First + k];
                        isScalar[k] = operand.IsScalar;
                        at[k] = operand.Slot >= 0 ? slots + operand.Slot * bytes
                            : operand.IsScalar || operand.Address == null ? operand.Address : operand.Address + i * Size;
                    }
                    step.Run(step.Op, at, isScalar, n);
                }
            }
        }
    }
}
