namespace DeepNet.Devices.Cpu;

/// <summary>Convolutions whose one tap only mixes channels: the images are matrices as they lie, and so is the weight.</summary>
internal static unsafe class Pointwise
{
    public static void Result<T>(in ConvolutionGeometry geometry, T* image, T* weight, T* bias, T* result) where T : unmanaged
    {
        var body = new Body<T>
        {
            Batch = geometry.Batch, Groups = geometry.Groups, Inputs = geometry.InPerGroup, Outputs = geometry.OutPerGroup,
            Plane = (int)geometry.ImagePlane,
            WeightRow = geometry.InPerGroup, WeightColumn = 1, X = image, Weight = weight, Bias = bias, Y = result,
        };
        body.RunAll();
    }

    public static void Image<T>(in ConvolutionGeometry geometry, T* result, T* weight, T* image) where T : unmanaged
    {
        var body = new Body<T>
        {
            Batch = geometry.Batch, Groups = geometry.Groups, Inputs = geometry.OutPerGroup, Outputs = geometry.InPerGroup,
            Plane = (int)geometry.ImagePlane,
            WeightRow = 1, WeightColumn = geometry.InPerGroup, X = result, Weight = weight, Y = image,
        };
        body.RunAll();
    }

    private struct Body<T> : IParallelBody where T : unmanaged
    {
        public int Batch, Groups, Inputs, Outputs, Plane;
        public nint WeightRow, WeightColumn;
        public T* X, Weight, Bias, Y;

        public void RunAll()
        {
            nint tasks = (nint)Batch * Groups;
            // Few images share the threads one after the other: the product itself is parallel.
            if (tasks < 2 * WorkerPool.Threads) Run(0, tasks);
            else WorkerPool.For(tasks, (nint)((1 << 17) / Math.Max(1, (long)Plane * Inputs * Outputs) + 1), ref this);
        }

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                nint group = i % Groups;
                T* y = Y + i * Outputs * Plane;
                for (int output = 0; output < Outputs && Bias != null; output++)
                    new Span<T>(y + (nint)output * Plane, Plane).Fill(Bias[group * Outputs + output]);
                AnyGemm.Run(Weight + group * Outputs * Inputs, WeightRow, WeightColumn, X + i * Inputs * Plane, Plane, 1, y, Plane,
                    Outputs, Plane, Inputs, Bias != null);
            }
        }
    }
}
