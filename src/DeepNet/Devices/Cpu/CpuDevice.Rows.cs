using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Rows<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map, in RowOperands on)
    {
        var call = new RowCall<TFirst, TSecond, TMap>(first, second, map, in on);
        Simd.Run(on.X.DType, ref call);
        on.KeepAlive();
    }

    private readonly ref struct RowCall<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map, ref readonly RowOperands on)
        : ISimdBody
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
    {
        private readonly ref readonly RowOperands on = ref on;

        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (typeof(T) == typeof(float)) Run<V, T, F32>();
            else Run<V, T, F64>();
        }

        private void Run<V, T, N>()
            where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> where N : unmanaged, INumber<N>
        {
            var body = new RowBody<TFirst, TSecond, TMap, V, T, N>(first, second, map, on);
            // Rows with exponentials are dear, so fewer elements than elsewhere are worth a thread.
            WorkerPool.For(on.Rows, Math.Max(1, Grain / 4 / Math.Max(1, on.Length)), ref body);
        }
    }
}
