namespace DeepNet.Distributed.Nccl;

/// <summary>
/// a += b on a stream of the caller's, for sums in an order of our own beside the device's stream. IEEE addition: the bits of the
/// processor.
/// </summary>
internal sealed class AddKernel : IDisposable
{
    private const int Threads = 256;
    private readonly nint module, single, twice;

    /// <summary>Loads it for the device that is current.</summary>
    public AddKernel()
    {
        module = CudaDriver.Load(Header + Source("add32", "f32", 2) + Source("add64", "f64", 3));
        (single, twice) = (CudaDriver.Kernel(module, "add32"), CudaDriver.Kernel(module, "add64"));
    }

    public void Run(nint a, nint b, long count, DType type, nint stream)
    {
        if (count == 0) return;
        uint groups = checked((uint)((count + Threads - 1) / Threads));
        CudaDriver.Launch(type == DType.Float64 ? twice : single, groups, Threads, stream, new Arguments(a, b, count));
    }

    /// <summary>Adds parts that lie side by side into the first, in the binary tree of <see cref="Transports.Combine"/>.</summary>
    public void Tree(nint parts, int n, long count, DType type, nint stream)
    {
        long bytes = count * type.Size();
        for (int step = 1; step < n; step *= 2)
            for (int i = 0; i + step < n; i += 2 * step)
                Run((nint)(parts + i * bytes), (nint)(parts + (i + step) * bytes), count, type, stream);
    }

    public void Dispose() => CudaDriver.Unload(module);

    private const string Header = """
        .version 6.0
        .target sm_50
        .address_size 64

        """;

    private static string Source(string name, string type, int shift) => $$"""

        .visible .entry {{name}}(.param .u64 a, .param .u64 b, .param .u64 count)
        {
            .reg .pred %p;
            .reg .b32 %group, %size, %thread;
            .reg .b64 %at, %more, %x, %y;
            .reg .{{type}} %v, %w;
            mov.u32 %group, %ctaid.x;
            mov.u32 %size, %ntid.x;
            mov.u32 %thread, %tid.x;
            mul.wide.u32 %at, %group, %size;
            cvt.u64.u32 %more, %thread;
            add.u64 %at, %at, %more;
            ld.param.u64 %more, [count];
            setp.ge.u64 %p, %at, %more;
            @%p bra done;
            ld.param.u64 %x, [a];
            ld.param.u64 %y, [b];
            shl.b64 %at, %at, {{shift}};
            add.u64 %x, %x, %at;
            add.u64 %y, %y, %at;
            ld.global.{{type}} %v, [%x];
            ld.global.{{type}} %w, [%y];
            add.rn.{{type}} %v, %v, %w;
            st.global.{{type}} [%x], %v;
        done:
            ret;
        }

        """;

    private readonly record struct Arguments(nint A, nint B, long Count);
}
