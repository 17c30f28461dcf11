namespace DeepNet.Devices.Cpu;

/// <summary>Copies one side of a diagonal of each matrix and clears the other, a row at a time, whatever the elements are.</summary>
internal static unsafe class TriangleLoop
{
    private const nint Grain = 1 << 15;

    public static void Run(Tensor x, Tensor y, int diagonal, bool isUpper)
    {
        if (y.Count > 0)
        {
            var body = new Body
            {
                X = x.RawPointer, Y = y.RawPointer, Rows = y.Shape[^2], Columns = y.Shape[^1], Size = y.DType.Size(), Diagonal = diagonal,
                IsUpper = isUpper,
            };
            WorkerPool.For(y.Count / body.Columns, Math.Max(1, Grain / body.Columns), ref body);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private struct Body : IParallelBody
    {
        public byte* X, Y;
        public nint Rows, Columns, Size;
        public nint Diagonal;
        public bool IsUpper;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            nint width = Columns * Size;
            for (nint row = from; row < to; row++)
            {
                // Left of the cut is below the diagonal; the diagonal itself is kept on either side.
                nint cut = Math.Clamp(row % Rows + Diagonal + (IsUpper ? 0 : 1), 0, Columns) * Size;
                byte* x = X + row * width, y = Y + row * width;
                Copy(x, y, 0, cut, !IsUpper);
                Copy(x, y, cut, width, IsUpper);
            }
        }

        private static void Copy(byte* x, byte* y, nint from, nint to, bool isKept)
        {
            if (isKept) CopyRow.Run(x + from, y + from, to - from);
            else System.Runtime.InteropServices.NativeMemory.Clear(y + from, (nuint)(to - from));
        }
    }
}
