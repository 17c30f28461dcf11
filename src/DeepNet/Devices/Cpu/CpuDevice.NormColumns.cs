using DeepNet.Devices.Cpu;

namespace DeepNet;

// Normalisation of columns: of features, or of the channels of pixels.
public sealed unsafe partial class CpuDevice
{
    private readonly partial struct NormalizeCall
    {
        private void Columns<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            nint rows = at.Outer, columns = at.Groups;
            var workspace = ColumnWorkspace(x, rows, columns);
            T* partial = workspace.Pointer<T>();
            Gather<V, T>(new() { X = x.Pointer<T>(), Partial = partial, Rows = rows, Columns = columns, IsCentered = at.IsCentered });
            T* means = mean.Pointer<T>(), variances = variance.Pointer<T>(), weights = Address<T>(weight), biases = Address<T>(bias);
            NormColumns.Combine(partial, rows, columns, at.IsCentered, means, variances);
            for (nint i = 0; i < columns; i++)
            {
                double scale = NormFormula.Scale(double.CreateTruncating(variances[i]), epsilon);
                if (weights != null) scale *= double.CreateTruncating(weights[i]);
                (partial[columns + i], partial[2 * columns + i], partial[3 * columns + i]) =
                    (T.CreateTruncating(scale), biases == null ? T.Zero : biases[i], means[i]);
            }
            Scale<V, T>(new() { X = x.Pointer<T>(), Y = y.Pointer<T>(), Coefficients = partial, Rows = rows, Columns = columns });
            workspace.Storage.Release();
        }
    }

    private readonly partial struct NormalizeBackwardCall
    {
        private void Columns<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            nint rows = at.Outer, columns = at.Groups;
            var workspace = ColumnWorkspace(x, rows, columns);
            T* partial = workspace.Pointer<T>(), means = mean.Pointer<T>(), variances = variance.Pointer<T>(), weights = Address<T>(weight);
            Gather<V, T>(new() { X = x.Pointer<T>(), G = g.Pointer<T>(), Mean = means, Partial = partial, Rows = rows, Columns = columns });
            NormColumns.AddUp(partial, NormColumns.Blocks(rows, columns), columns);
            T* ofWeight = Address<T>(dweight), ofBias = Address<T>(dbias);
            for (nint i = 0; i < columns; i++)
            {
                double plain = double.CreateTruncating(partial[i]), along = double.CreateTruncating(partial[columns + i]);
                double scale = NormFormula.Scale(double.CreateTruncating(variances[i]), epsilon), factor = weights == null ? scale
                    : scale * double.CreateTruncating(weights[i]);
                if (ofWeight != null) ofWeight[i] = T.CreateTruncating(along * scale);
                if (ofBias != null) ofBias[i] = T.CreateTruncating(plain);
                partial[i] = T.CreateTruncating(factor);
                var (shift, turn) = NormFormula.Common(plain, along, factor, scale, rows);
                partial[columns + i] = T.CreateTruncating(-turn);
                partial[2 * columns + i] = at.IsCentered ? T.CreateTruncating(shift) : T.Zero;
                partial[3 * columns + i] = means[i];
            }
            if (dx is not null)
                Scale<V, T>(new()
                {
                    X = x.Pointer<T>(), G = g.Pointer<T>(), Y = dx.Pointer<T>(), Coefficients = partial, Rows = rows, Columns = columns,
                });
            workspace.Storage.Release();
        }
    }

    /// <summary>For two numbers a column of each block, and then for four a column.</summary>
    private static Tensor ColumnWorkspace(Tensor model, nint rows, nint columns)
        => Tensor.Allocate(new Shape(checked((int)(2 * columns * Math.Max(2, NormColumns.Blocks(rows, columns))))), model.DType,
        model.Device);

    private static void Gather<V, T>(NormColumns.Gather<V, T> body)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => WorkerPool.For(NormColumns.Blocks(body.Rows, body.Columns), BlockGrain(body.Rows, body.Columns), ref body);

    private static void Scale<V, T>(NormColumns.Scale<V, T> body) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => WorkerPool.For(NormColumns.Blocks(body.Rows, body.Columns), BlockGrain(body.Rows, body.Columns), ref body);

    private static nint BlockGrain(nint rows, nint columns)
        => Math.Max(1, Grain / Math.Max(1, NormColumns.RowsPerBlock(rows, columns) * columns));
}
