namespace DeepNet.Devices.Cpu;

/// <summary>Sets all elements of a tensor of any layout.</summary>
internal static unsafe class FillLoop
{
    private const nint Grain = 1 << 16;

    public static void Run<T>(Tensor tensor, T value) where T : unmanaged
    {
        T* p = tensor.Pointer<T>();
        if (tensor.Count == 1)
        {
            *p = value;
        }
        else if (tensor.IsContiguous)
        {
            var body = new Dense<T> { To = p, Value = value };
            WorkerPool.For(tensor.Count, Grain, ref body);
        }
        else
        {
            Strided(tensor, p, value);
        }
        Tensor.KeepAlive(tensor);
    }

    private static void Strided<T>(Tensor tensor, T* p, T value) where T : unmanaged
    {
        var nest = new LoopNest(tensor.Shape, tensor.Strides);
        var body = new Body<T> { Nest = nest, To = p, Value = value };
        if (nest.TotalRows == 1) WorkerPool.For(nest.Inner, Grain, ref body);
        else body.Rows();
    }

    private struct Dense<T> : IParallelBody where T : unmanaged
    {
        public T* To;
        public T Value;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i += int.MaxValue)
            {
                var part = new Span<T>(To + i, (int)Math.Min(int.MaxValue, to - i));
                if (IsZero(Value)) part.Clear();
                else part.Fill(Value);
            }
        }

        /// <summary>All bits, for there is a zero below zero.</summary>
        private static bool IsZero(T value) => sizeof(T) switch
        {
            1 => *(byte*)&value == 0,
            2 => *(ushort*)&value == 0,
            4 => *(uint*)&value == 0,
            _ => *(ulong*)&value == 0,
        };
    }

    private struct Body<T> : IParallelBody where T : unmanaged
    {
        public LoopNest Nest;
        public T* To;
        public T Value;

        public readonly void Run(nint from, nint to) => Row(To, from, to);

        public readonly void Rows()
        {
            for (nint row = 0; row < Nest.TotalRows; row++) Row(To + Nest.RowOffset(0, row), 0, Nest.Inner);
        }

        private readonly void Row(T* p, nint from, nint to)
        {
            nint step = Nest.InnerStride(0);
            if (step == 1)
            {
                for (nint i = from; i < to; i += int.MaxValue)
                    new Span<T>(p + i, (int)Math.Min(int.MaxValue, to - i)).Fill(Value);
                return;
            }
            for (nint i = from; i < to; i++) p[i * step] = Value;
        }
    }
}
