using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>Chooses elements by a condition.</summary>
internal static unsafe class SelectLoop
{
    private const nint Grain = 1 << 15;

    /// <summary>Rows in which each operand is dense or one repeated value; what is neither is made dense first.</summary>
    public static void Run<T>(Tensor condition, Tensor a, Tensor b, Tensor y) where T : unmanaged
    {
        var nest = new LoopNest(y.Shape, condition.Strides, a.Strides, b.Strides);
        Tensor c = nest.InnerStride(0) == 1 ? condition : condition.CopyDense(), rowsA = nest.InnerStride(1) is 0 or 1 ? a : a.CopyDense(),
            rowsB = nest.InnerStride(2) is 0 or 1 ? b : b.CopyDense();
        if (!ReferenceEquals(c, condition) || !ReferenceEquals(rowsA, a) || !ReferenceEquals(rowsB, b))
            nest = new LoopNest(y.Shape, c.Strides, rowsA.Strides, rowsB.Strides);
        var body = new Body<T> { Nest = nest, C = c.Pointer<byte>(), A = rowsA.Pointer<T>(), B = rowsB.Pointer<T>(), Y = y.Pointer<T>() };
        if (nest.TotalRows == 1) WorkerPool.For(nest.Inner, Grain, ref body);
        else WorkerPool.For(nest.TotalRows, Math.Max(1, Grain / nest.Inner), ref body);
        Tensor.KeepAlive(c, rowsA, rowsB);
        Device.GiveBack(c, condition);
        Device.GiveBack(rowsA, a);
        Device.GiveBack(rowsB, b);
    }

    private struct Body<T> : IParallelBody where T : unmanaged
    {
        public LoopNest Nest;
        public byte* C;
        public T* A, B, Y;

        public readonly void Run(nint from, nint to)
        {
            nint n = Nest.Inner, aStep = Nest.InnerStride(1), bStep = Nest.InnerStride(2);
            if (Nest.TotalRows == 1)
            {
                Row(C + from, A + from * aStep, aStep, B + from * bStep, bStep, Y + from, to - from);
                return;
            }
            // Whole blocks of rows at a time; the first and the last may be parts of one.
            for (nint row = from; row < to;)
            {
                byte* c = C + Nest.RowOffset(0, row);
                T* a = A + Nest.RowOffset(1, row), b = B + Nest.RowOffset(2, row);
                nint end = Math.Min(to, row + Nest.Rows - row % Nest.Rows);
                for (; row < end; row++, c += Nest.RowStride(0), a += Nest.RowStride(1), b += Nest.RowStride(2))
                    Row(c, a, aStep, b, bStep, Y + row * n, n);
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private static void Row(byte* c, T* a, nint aStep, T* b, nint bStep, T* y, nint n)
        {
            nint i = 0;
            if (Vector256.IsHardwareAccelerated)
            {
                Vector256<T> oneA = Vector256.Create(*a), oneB = Vector256.Create(*b);
                for (; i <= n - Vector256<T>.Count; i += Vector256<T>.Count)
                    Vector256.ConditionalSelect(
                        Falses(c + i), bStep == 0 ? oneB : Vector256.Load(b + i), aStep == 0 ? oneA : Vector256.Load(a + i)).Store(y + i);
            }
            for (; i < n; i++) y[i] = c[i] != 0 ? a[i * aStep] : b[i * bStep];
        }

        /// <summary>A mask of the elements whose condition is false: bytes widened to the size of elements.</summary>
        [MethodImpl(AggressiveInlining)]
        private static Vector256<T> Falses(byte* c)
        {
            if (sizeof(T) == 1) return Vector256.Equals(Vector256.Load(c), Vector256<byte>.Zero).As<byte, T>();
            if (sizeof(T) == 2)
            {
                var two = Vector256.WidenLower(Vector128.Load(c).ToVector256Unsafe());
                return Vector256.Equals(two, Vector256<ushort>.Zero).As<ushort, T>();
            }
            if (sizeof(T) == 4)
            {
                var eight = Vector256.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(c)).AsByte();
                var wide = Vector256.WidenLower(Vector256.WidenLower(eight));
                return Vector256.Equals(wide, Vector256<uint>.Zero).As<uint, T>();
            }
            var four = Vector256.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(c)).AsByte();
            var widest = Vector256.WidenLower(Vector256.WidenLower(Vector256.WidenLower(four)));
            return Vector256.Equals(widest, Vector256<ulong>.Zero).As<ulong, T>();
        }
    }
}
