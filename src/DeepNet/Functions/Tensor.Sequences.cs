using DeepNet.Devices.Cpu;

namespace DeepNet;

// Tensors whose elements follow from their places. They are computed in int64 or float64 and converted once.
public sealed partial class Tensor
{
    /// <summary>0, 1, … below <paramref name="end"/>: int64 for an integer, float32 for a fraction.</summary>
    public static Tensor Arange(Scalar end) => Arange(0, end, 1);

    /// <summary>start, start + 1, … below <paramref name="end"/>: int64 if both are integers, else float32.</summary>
    public static Tensor Arange(Scalar start, Scalar end) => Arange(start, end, 1);

    /// <summary>
    /// start, start + step, … as far as they lie before <paramref name="end"/>, which is not included. Element i is start + i·step, so
    /// errors do not add up. For a number of evenly spaced fractions, <see cref="Linspace"/> says more clearly how many there are.
    /// </summary>
    /// <param name="start">The first element.</param>
    /// <param name="end">Where to stop.</param>
    /// <param name="step">The distance, which may be negative.</param>
    /// <param name="dtype">The element type; by default int64 if all three are integers, else float32.</param>
    /// <param name="device">The device; by default the CPU.</param>
    public static Tensor Arange(Scalar start, Scalar end, Scalar step, DType? dtype = null, Device? device = null)
    {
        if (step.ToDouble() == 0 || double.IsNaN(step.ToDouble()))
            throw new ArgumentException($"[arange] from {start} to {end}: the step is {step}.");
        bool isWhole = start.Kind != ScalarKind.Floating && end.Kind != ScalarKind.Floating && step.Kind != ScalarKind.Floating;
        var type = dtype ?? (isWhole ? DType.Int64 : DType.Float32);
        Tensor result;
        if (isWhole)
        {
            long first = start.ToInt64(), by = step.ToInt64();
            Int128 distance = (Int128)end.ToInt64() - first, count = (distance + by - Math.Sign(by)) / by;
            result = Empty(new Shape(Length(start, end, step, (double)count)), type);
            SequenceLoop.Run(result, first, by);
        }
        else
        {
            double first = start.ToDouble(), by = step.ToDouble();
            result = Empty(new Shape(Length(start, end, step, Math.Ceiling((end.ToDouble() - first) / by))), type);
            SequenceLoop.Run(result, first, by);
        }
        if (Listener.IsOn) result.Storage.AnnounceConstant([]);      // a function of the arguments, written without a kernel
        return result.To(device ?? Device.Cpu);
    }

    private static int Length(Scalar start, Scalar end, Scalar step, double count)
    {
        if (count <= int.MaxValue) return (int)Math.Max(0, count);
        throw new ArgumentException($"[arange] from {start} to {end} by {step} has no length that a tensor can have.");
    }

    /// <summary>A number of evenly spaced values from <paramref name="start"/> to <paramref name="end"/>, both included exactly.</summary>
    public static Tensor Linspace(double start, double end, int count, DType dtype = DType.Float32, Device? device = null)
        => Place(From<double>(Spaced("linspace", start, end, count)), dtype, device);

    /// <summary>
    /// The powers of <paramref name="basis"/> with evenly spaced exponents from <paramref name="start"/> to <paramref name="end"/>.
    /// </summary>
    public static Tensor Logspace(
        double start, double end, int count, double basis = 10, DType dtype = DType.Float32, Device? device = null)
    {
        double[] elements = Spaced("logspace", start, end, count);
        foreach (ref double element in elements.AsSpan()) element = Math.Pow(basis, element);
        return Place(From<double>(elements), dtype, device);
    }

    private static double[] Spaced(string op, double start, double end, int count)
    {
        if (count < 0) throw new ArgumentOutOfRangeException(nameof(count), $"[{op}] {count} values cannot be made.");
        var elements = new double[count];
        double step = (end - start) / Math.Max(1, count - 1);
        // Counted from both ends, so that both are met exactly and the middle is symmetric.
        for (int i = 0; i < count; i++) elements[i] = i < (count + 1) / 2 ? start + i * step : end - (count - 1 - i) * step;
        return elements;
    }

    /// <summary>The identity matrix, or a matrix with ones on the main diagonal.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns; as many as rows if left out.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">The device; by default the CPU.</param>
    public static Tensor Eye(int rows, int? columns = null, DType dtype = DType.Float32, Device? device = null)
    {
        var matrix = Zeros(new Shape(rows, columns ?? rows), dtype, device);
        var diagonal = matrix.View(new Shape(Math.Min(matrix.Shape[0], matrix.Shape[1])), [matrix.Shape[1] + 1], 0);
        matrix.Kernels.Fill(diagonal, 1);
        return matrix;
    }

    /// <summary>
    /// Coordinates of a grid: from vectors of lengths n₀, n₁, … as many tensors of shape (n₀, n₁, …), the i-th varying along axis i only.
    /// They are views of stride 0, not copies. This is the order that PyTorch calls "ij".
    /// </summary>
    public static Tensor[] Meshgrid(params ReadOnlySpan<Tensor> axes)
    {
        var lengths = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
            lengths[i] = axes[i].Rank == 1 ? axes[i].Shape[0]
                : throw new ArgumentException($"[meshgrid] argument {i} has shape {axes[i].Shape}: the axes of a grid are vectors.");
        var shape = new Shape(lengths);
        var grid = new Tensor[axes.Length];
        var single = new int[axes.Length];
        Array.Fill(single, 1);
        for (int i = 0; i < axes.Length; i++)
        {
            single[i] = lengths[i];
            grid[i] = axes[i].Reshape(single).Expand(shape);
            single[i] = 1;
        }
        return grid;
    }

    private static Tensor Place(Tensor tensor, DType dtype, Device? device) => tensor.To(dtype).To(device ?? Device.Cpu);
}
