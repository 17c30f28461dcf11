namespace DeepNet.Devices.Cpu;

/// <summary>Convolutions whose one tap only mixes channels: the images are matrices as they lie, and so is the weight.</summary>
internal static unsafe class Pointwise
{
    /// <summary>Computes the result of the image or, with the weight transposed, the image's gradient of the result's.</summary>
    public static void Run<T>(in ConvolutionGeometry geometry, bool isResult, T* source, T* weight, T* bias, T* target) where T : unmanaged
    {
        int inputs = geometry.InPerGroup, outputs = geometry.OutPerGroup;
        var body = new Body<T>
        {
            Groups = geometry.Groups, Inputs = isResult ? inputs : outputs, Outputs = isResult ? outputs : inputs,
            Plane = (int)geometry.ImagePlane, WeightRow = isResult ? inputs : 1, WeightColumn = isResult ? 1 : inputs,
            X = source, Weight = weight, Bias = bias, Y = target,
        };
        nint tasks = (nint)geometry.Batch * geometry.Groups;
        // Few images share the threads one after the other: the product itself is parallel.
        if (tasks < 2 * WorkerPool.Threads) body.Run(0, tasks);
        else WorkerPool.For(tasks, (nint)((1 << 17) / Math.Max(1, geometry.ImagePlane * inputs * outputs) + 1), ref body);
    }

    private struct Body<T> : IParallelBody where T : unmanaged
    {
        public int Groups, Inputs, Outputs, Plane;
        public nint WeightRow, WeightColumn;
        public T* X, Weight, Bias, Y;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                nint group = i % Groups;
                T* y = Y + i * Outputs * Plane;
                for (int output = 0; output < Outputs && Bias != null; output++)
                    new Span<T>(y + (nint)output * Plane, Plane).Fill(Bias[group * Outputs + output]);
                Gemm.Run(Weight + group * Outputs * Inputs, WeightRow, WeightColumn, X + i * Inputs * Plane, Plane, 1, y, Plane,
                    Outputs, Plane, Inputs, Bias != null);
            }
        }
    }
}
