using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    // Rows are added up into weight gradients in at most this many blocks, whatever the number of threads.
    private const int NormBlocks = 32;

    /// <inheritdoc/>
    protected internal override void Normalize(
        Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, Tensor y, Tensor mean, Tensor variance)
    {
        if (!x.IsContiguous) at = at with { Outer = at.Outer * at.Inner, Inner = 1 };
        var call = new NormalizeCall(x, at, weight, bias, epsilon, y, mean, variance);
        Simd.Run(x.DType, ref call);
    }

    private readonly partial struct NormalizeCall(
        Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, Tensor y, Tensor mean, Tensor variance) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (at.IsPerElement)
            {
                var body = new NormRows.Forward<V, T>
                {
                    X = x.Pointer<T>(), Y = y.Pointer<T>(), Weight = Address<T>(weight), Bias = Address<T>(bias),
                    Mean = mean.Pointer<T>(), Variance = variance.Pointer<T>(), Length = at.Inner, IsCentered = at.IsCentered,
                    Epsilon = epsilon, Streams = at.Inner % 16 == 0 && Streamed.Pays<V, T>(x.Count, 2, y.Pointer<T>()),
                };
                WorkerPool.For(at.Groups, Math.Max(1, Grain / Math.Max(1, (nint)at.Inner)), ref body);
            }
            else if (at.Inner == 1)
            {
                Columns<V, T>();
            }
            else
            {
                var body = new NormGroups.Forward<V, T>
                {
                    X = x.Pointer<T>(), Y = y.Pointer<T>(), Weight = Address<T>(weight), Bias = Address<T>(bias),
                    Mean = mean.Pointer<T>(), Variance = variance.Pointer<T>(), At = at, Epsilon = epsilon,
                };
                WorkerPool.For(at.Groups, Math.Max(1, Grain / Math.Max(1, (nint)at.Size)), ref body);
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void NormalizeBackward(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, double epsilon, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight,
        Tensor? dbias)
    {
        if (!x.IsContiguous) at = at with { Outer = at.Outer * at.Inner, Inner = 1 };
        var call = new NormalizeBackwardCall(x, g, at, weight, epsilon, mean, variance, dx, dweight, dbias);
        Simd.Run(x.DType, ref call);
    }

    private readonly partial struct NormalizeBackwardCall(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, double epsilon, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight,
        Tensor? dbias) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (at.IsPerElement)
            {
                Rows<V, T>();
            }
            else if (at.Inner == 1)
            {
                Columns<V, T>();
            }
            else
            {
                var body = new NormGroups.Backward<V, T>
                {
                    X = x.Pointer<T>(), G = g.Pointer<T>(), Weight = Address<T>(weight), Mean = mean.Pointer<T>(),
                    Variance = variance.Pointer<T>(), Dx = Address<T>(dx), Dweight = Address<T>(dweight), Dbias = Address<T>(dbias),
                    At = at, Epsilon = epsilon,
                };
                WorkerPool.For(at.Groups, Math.Max(1, Grain / Math.Max(1, (nint)at.Size)), ref body);
            }
        }

        /// <summary>
        /// Gradients of a weight and a bias that all rows share: summed by blocks of rows, then over the blocks; and those of the rows.
        /// </summary>
        private void Rows<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int blocks = Math.Clamp(at.Groups / 8, 1, NormBlocks), rows = (at.Groups + blocks - 1) / blocks;
            var sums = Tensor.Allocate(new Shape(2, blocks, at.Inner), x.DType, x.Device);
            // A gradient written over what it came from is in the cache already.
            bool streams = dx is not null && !ReferenceEquals(dx, g) && at.Inner % 16 == 0
                && Streamed.Pays<V, T>(x.Count, 3, dx.Pointer<T>());
            var body = new NormRows.Backward<V, T>
            {
                X = x.Pointer<T>(), G = g.Pointer<T>(), Weight = Address<T>(weight), Mean = mean.Pointer<T>(),
                Variance = variance.Pointer<T>(), Dx = Address<T>(dx), Dweights = sums.Pointer<T>(),
                Dbiases = sums.Pointer<T>() + (nint)blocks * at.Inner, Rows = at.Groups, RowsPerBlock = rows, Length = at.Inner,
                IsCentered = at.IsCentered, Epsilon = epsilon, Streams = streams,
            };
            WorkerPool.For(blocks, Math.Max(1, Grain / Math.Max(1, (nint)rows * at.Inner)), ref body);
            if (dweight is not null) x.Device.Reduce(new Identity(), new AddUp(), sums.Select(0, 0), dweight.Reshape(1, at.Inner));
            if (dbias is not null) x.Device.Reduce(new Identity(), new AddUp(), sums.Select(0, 1), dbias.Reshape(1, at.Inner));
            sums.Storage.Release();
        }
    }

    private static T* Address<T>(Tensor? tensor) where T : unmanaged => tensor is null ? null : tensor.Pointer<T>();
}
