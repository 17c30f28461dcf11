using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override bool CheckIndex(Tensor index, in IndexCheck check, Tensor? counted)
    {
        bool hasIgnored = check.Ignored >= check.Lowest && check.Ignored < check.End;
        long* p = index.Pointer<long>();
        nint n = index.Count, at = 0;
        for (nint found; (found = RangeLoop.FindOutside(p + at, n - at, check.Lowest, check.End)) >= 0;)
        {
            at += found;
            if (p[at] != check.Ignored) throw check.Error(at, p[at]);
            hasIgnored = true;
            while (at < n && p[at] == check.Ignored) at++;
        }
        Tensor.KeepAlive(index);
        return hasIgnored;
    }

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, IndexedAxis axis, Tensor index, Tensor y)
    {
        var call = new GatherCall(x, axis, index, y);
        Simd.RunBits(x.DType, ref call);
    }

    private readonly struct GatherCall(Tensor x, IndexedAxis axis, Tensor index, Tensor y) : IBitsBody
    {
        public void Run<T>() where T : unmanaged => GatherLoop.Run<T>(x, axis, index, y);
    }

    /// <inheritdoc/>
    protected internal override void Scatter(Tensor target, IndexedAxis axis, Tensor index, Tensor source, bool accumulate)
    {
        if (accumulate && target.DType is DType.Bool)
            throw new ArgumentException($"Rows of {target.DType.Name()} are added in a wider type.", nameof(target));
        var call = new ScatterCall(target, axis, index, source);
        if (accumulate) Simd.RunAny("scatter", target.DType, ref call);
        else Simd.RunBits(target.DType, ref call);
    }

    private readonly struct ScatterCall(Tensor target, IndexedAxis axis, Tensor index, Tensor source) : IBitsBody, INumberBody
    {
        void IBitsBody.Run<T>() => ScatterLoop.Run<T, Store<T>>(target, axis, index, source);

        void INumberBody.Run<V, T>() => ScatterLoop.Run<T, Accumulate<T>>(target, axis, index, source);
    }

    /// <inheritdoc/>
    protected internal override void Positions(Tensor mask, Tensor positions, Tensor? coordinates)
    {
        MaskLoop.Positions(mask, positions);
        if (coordinates is { Count: > 0 }) MaskLoop.Unravel(positions, mask.Shape, coordinates);
    }
}
