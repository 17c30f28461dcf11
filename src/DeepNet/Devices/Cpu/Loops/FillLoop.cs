namespace DeepNet.Devices.Cpu;

/// <summary>Sets all elements of a tensor of any layout.</summary>
internal static unsafe class FillLoop
{
    private const nint Grain = 1 << 16;

    public static void Run<T>(Tensor tensor, T value) where T : unmanaged
    {
        var nest = new LoopNest(tensor.Shape, tensor.Strides);
        var body = new Body<T> { Nest = nest, To = tensor.Pointer<T>(), Value = value };
        if (nest.TotalRows == 1) WorkerPool.For(nest.Inner, Grain, ref body);
        else body.Rows();
        GC.KeepAlive(tensor);
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
